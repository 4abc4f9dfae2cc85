import { inBrowserStore } from "../node/browser-store.ts";
import { type Sealed, isSealed, seal, unseal } from "../node/sealed.ts";
import { type LocalCopies, type LocalCopy, isBeside, isGone, isOthers } from "./copies.ts";

/** The words are sealed; whose they are and whether the node has them is not. */
interface SealedCopy extends Sealed, Pick<LocalCopy, "base" | "clean" | "writer"> {}

/** What is typed, in this browser, each text sealed. */
export const browserCopies: LocalCopies = {
  async names() {
    return (await inBrowserStore("typed", "readonly", (store) => store.getAllKeys())).filter((name) => typeof name === "string");
  },
  async read(name) {
    return opened(name, await inBrowserStore<unknown>("typed", "readonly", (store) => store.get(name)));
  },
  async write(name, copy, known) {
    const { text, base, clean, writer } = copy;
    const beside = besideOf(name, writer);
    const sealed = await seal(name, text);
    // In one step: another page of this browser may be writing the same field.
    const there = await inBrowserStore<unknown>("typed", "readwrite", (store) => {
      const asked: IDBRequest<unknown> = store.get(name);
      asked.addEventListener("success", () => {
        const others = isCopy(asked.result) && isOthers(asked.result, known);
        if (!others || !isBeside(copy)) store.delete(beside);
        if (others) return;
        if (isGone(copy)) store.delete(name);
        else store.put({ ...sealed, base, clean, writer } satisfies SealedCopy, name);
      });
      return asked;
    });
    if (!isCopy(there) || !isOthers(there, known)) return undefined;
    if (isBeside(copy)) {
      const kept = { ...(await seal(beside, text)), base, clean, writer } satisfies SealedCopy;
      await inBrowserStore("typed", "readwrite", (store) => store.put(kept, beside));
    }
    return opened(name, there);
  },
  async beside(name) {
    const names = (await this.names()).filter((item) => item.startsWith(besideOf(name, "")));
    const found = await Promise.all(names.map((item) => this.read(item)));
    return found.flatMap((copy) => copy ?? []);
  },
  async drop(name, writer) {
    await inBrowserStore("typed", "readwrite", (store) => store.delete(besideOf(name, writer)));
  },
};

/** No name of a field begins so. */
const besideOf = (name: string, writer: string): string => `beside ${name}\n${writer}`;

async function opened(name: string, found: unknown): Promise<LocalCopy | undefined> {
  if (!isCopy(found)) return undefined;
  const { base, clean, writer } = found;
  const text = await unseal(name, found);
  return text === undefined ? undefined : { text, base, clean, writer };
}

const isCopy = (value: unknown): value is SealedCopy => isSealed(value) && "writer" in value;
