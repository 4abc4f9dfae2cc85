import { inBrowserStore } from "./browser-store.ts";

/** A text as this browser keeps it. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

const KEY = "typed";
/** AES-GCM, NIST SP 800-38D §8.2.2: 96 random bits, of a key that seals far fewer than 2^32 texts. */
const IV_BYTES = 12;

/** Encrypts a text under a key of this browser that nothing can take out of it: a copied disk tells nothing of it. `name`: where it stands, so
 *  that one sealed text does not pass for another. */
export async function seal(name: string, text: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  return { iv, sealed: await crypto.subtle.encrypt(sealing(name, iv), await copyKey(), utf8(text)) };
}

/** Undefined where it was sealed by a key that this browser has lost, or for another name: nobody can read it any more. */
export async function unseal(name: string, { iv, sealed }: Sealed): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(sealing(name, iv), await copyKey(), sealed));
  } catch {
    return undefined;
  }
}

export const isSealed = (value: unknown): value is Sealed =>
  typeof value === "object" && value !== null && "iv" in value && value.iv instanceof Uint8Array && "sealed" in value;

const sealing = (name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams => ({ name: "AES-GCM", iv, additionalData: utf8(name) });

async function copyKey(): Promise<CryptoKey> {
  const found = await inBrowserStore<unknown>("copy-keys", "readonly", (store) => store.get(KEY));
  if (found instanceof CryptoKey) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Another page may have made one in between: the first stays.
  await inBrowserStore("copy-keys", "readwrite", (store) => store.add(made, KEY)).catch(() => undefined);
  const kept = await inBrowserStore<unknown>("copy-keys", "readonly", (store) => store.get(KEY));
  if (!(kept instanceof CryptoKey)) throw new Error("this browser keeps no key");
  return kept;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
