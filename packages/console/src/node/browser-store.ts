const DATABASE = "openline";
const VERSION = 3;

/** What this browser keeps of a console, by kind. */
export type BrowserStore = "watch-keys" | "copy-keys" | "typed" | "unanswered";
const STORES: readonly BrowserStore[] = ["watch-keys", "copy-keys", "typed", "unanswered"];

/** One step on what this browser keeps; what was written is on its disk when it resolves. Rejects where it keeps nothing, or no more. */
export async function inBrowserStore<T>(
  name: BrowserStore,
  mode: "readonly" | "readwrite",
  step: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened();
  try {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const done = asked(step(transaction.objectStore(name)));
    return (await Promise.all([done, completed(transaction)]))[0];
  } finally {
    database.close();
  }
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("this browser keeps nothing more")));
  });
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, VERSION);
  request.addEventListener("upgradeneeded", () => {
    const there = request.result.objectStoreNames;
    for (const name of STORES) if (!there.contains(name)) request.result.createObjectStore(name);
  });
  return asked(request);
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("this browser keeps nothing")));
  });
}
