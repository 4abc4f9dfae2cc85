import { inBrowserStore } from "../node/browser-store.ts";
import { type LocalCopies, type LocalCopy, isGone, isOthers } from "./copies.ts";

/** The words are sealed; whose they are and whether the node has them is not. */
interface Sealed extends Pick<LocalCopy, "base" | "clean" | "writer"> {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

const KEY = "typed";
/** AES-GCM, NIST SP 800-38D §8.2.2: 96 random bits, of a key that seals far fewer than 2^32 texts. */
const IV_BYTES = 12;

/** Encrypted under a key of this browser that nothing can take out of it: a copied disk tells nothing of what was typed. */
export const browserCopies: LocalCopies = {
  async names() {
    return (await inBrowserStore("typed", "readonly", (store) => store.getAllKeys())).filter((name) => typeof name === "string");
  },
  async read(name) {
    return opened(name, await inBrowserStore<unknown>("typed", "readonly", (store) => store.get(name)));
  },
  async write(name, copy, known) {
    const { text, base, clean, writer } = copy;
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const sealed = await crypto.subtle.encrypt(sealing(name, iv), await copyKey(), utf8(text));
    // In one step: another page of this browser may be writing the same field.
    const there = await inBrowserStore<unknown>("typed", "readwrite", (store) => {
      const asked: IDBRequest<unknown> = store.get(name);
      asked.addEventListener("success", () => {
        if (isSealed(asked.result) && isOthers(asked.result, known)) return;
        if (isGone(copy)) store.delete(name);
        else store.put({ iv, sealed, base, clean, writer } satisfies Sealed, name);
      });
      return asked;
    });
    return isSealed(there) && isOthers(there, known) ? opened(name, there) : undefined;
  },
};

async function opened(name: string, found: unknown): Promise<LocalCopy | undefined> {
  if (!isSealed(found)) return undefined;
  const { iv, sealed, base, clean, writer } = found;
  try {
    const text = new TextDecoder().decode(await crypto.subtle.decrypt(sealing(name, iv), await copyKey(), sealed));
    return { text, base, clean, writer };
  } catch {
    // Sealed by a key that this browser has lost: nobody can read it any more.
    return undefined;
  }
}

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

const isSealed = (value: unknown): value is Sealed =>
  typeof value === "object" && value !== null && "iv" in value && value.iv instanceof Uint8Array && "sealed" in value && "writer" in value;
