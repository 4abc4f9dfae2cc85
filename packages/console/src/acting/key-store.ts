/** A watch key as this browser keeps it: the private half never leaves it, not even to this page. */
export interface KeptKey {
  readonly privateKey: CryptoKey;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

const DATABASE = "openline";
const STORE = "watch-keys";

/** The key of a post on a line in this browser; made here when there is none. `name` says which. */
export async function keptKey(name: string): Promise<KeptKey> {
  const database = await opened();
  try {
    const found = await asked(database.transaction(STORE).objectStore(STORE).get(name));
    if (isKept(found)) return found;
    const made = await makeKey();
    await asked(database.transaction(STORE, "readwrite").objectStore(STORE).put(made, name));
    return made;
  } finally {
    database.close();
  }
}

async function makeKey(): Promise<KeptKey> {
  const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
  return asked(request);
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("this browser keeps nothing")));
  });
}

const isKept = (value: unknown): value is KeptKey =>
  typeof value === "object" && value !== null && "privateKey" in value && value.privateKey instanceof CryptoKey;
