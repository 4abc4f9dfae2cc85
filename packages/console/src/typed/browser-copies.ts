import { inBrowserStore } from "../node/browser-store.ts";
import type { LocalCopies, LocalCopy } from "./copies.ts";

interface Sealed {
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
    const found = await inBrowserStore<unknown>("typed", "readonly", (store) => store.get(name));
    if (!isSealed(found)) return undefined;
    try {
      const opened = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: found.iv, additionalData: utf8(name) },
        await copyKey(),
        found.sealed,
      );
      return parseCopy(JSON.parse(new TextDecoder().decode(opened)));
    } catch {
      // Sealed by a key that this browser has lost: nobody can read it any more.
      return undefined;
    }
  },
  async write(name, copy) {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const plain = utf8(JSON.stringify(copy));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(name) }, await copyKey(), plain);
    await inBrowserStore("typed", "readwrite", (store) => store.put({ iv, sealed }, name));
  },
  async remove(name) {
    await inBrowserStore("typed", "readwrite", (store) => store.delete(name));
  },
};

async function copyKey(): Promise<CryptoKey> {
  const found = await inBrowserStore<unknown>("copy-keys", "readonly", (store) => store.get(KEY));
  if (found instanceof CryptoKey) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Another tab may have made one in between: the first stays.
  await inBrowserStore("copy-keys", "readwrite", (store) => store.add(made, KEY)).catch(() => undefined);
  const kept = await inBrowserStore<unknown>("copy-keys", "readonly", (store) => store.get(KEY));
  if (!(kept instanceof CryptoKey)) throw new Error("this browser keeps no key");
  return kept;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const isSealed = (value: unknown): value is Sealed =>
  typeof value === "object" && value !== null && "iv" in value && value.iv instanceof Uint8Array && "sealed" in value;

/** This console wrote it: what opens under its key is what was sealed. */
const parseCopy = (value: unknown): LocalCopy => value as LocalCopy;
