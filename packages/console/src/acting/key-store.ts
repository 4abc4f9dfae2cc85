import { inBrowserStore } from "../node/browser-store.ts";

/** A watch key as this browser keeps it: the private half never leaves it, not even to this page. */
export interface KeptKey {
  readonly privateKey: CryptoKey;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** The key of a post on a line in this browser; made here when there is none. `name` says which. */
export async function keptKey(name: string): Promise<KeptKey> {
  const found = await inBrowserStore<unknown>("watch-keys", "readonly", (store) => store.get(name));
  if (isKept(found)) return found;
  const made = await makeKey();
  await inBrowserStore("watch-keys", "readwrite", (store) => store.put(made, name));
  return made;
}

async function makeKey(): Promise<KeptKey> {
  const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

const isKept = (value: unknown): value is KeptKey =>
  typeof value === "object" && value !== null && "privateKey" in value && value.privateKey instanceof CryptoKey;
