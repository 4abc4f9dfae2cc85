import { OpenlineError, type Cbor, asBytes, asList, asTuple, asUint, decode, encode, refusable } from "@openline/core";
import type { Batch, Store } from "../store/store.ts";
import { type Draft, decodeDraft, encodeDraft } from "./draft.ts";

/** What one version says: the header that is signed, and the disclosure that travels beside it. */
export interface Content {
  readonly payload: Uint8Array;
  readonly disclosure: Uint8Array | undefined;
}

/** Where drafts lie: among the small values of the node's store, which a backup holds and which neither exchange nor export reads. */
export class DraftPlace {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Every draft that is kept, in order, and the number of the next one. */
  async load(): Promise<{ readonly drafts: readonly Draft[]; readonly next: number }> {
    const kept = await this.#store.meta(LIST);
    if (kept === undefined) return { drafts: [], next: 1 };
    const { next, numbers } = read(LIST, kept, (value) => {
      const [first, rest] = asTuple(value, LIST, 2);
      return { next: asUint(first, LIST), numbers: asList(rest, LIST, Infinity).map((item) => asUint(item, LIST)) };
    });
    const drafts = await Promise.all(numbers.map(async (number) => found(number, await this.#store.meta(keyOf(number)))));
    return { drafts, next };
  }

  async content(draft: number, version: number): Promise<Content | undefined> {
    const stored = await this.#store.meta(contentKey(draft, version));
    if (stored === undefined) return undefined;
    return read(contentKey(draft, version), stored, (value) => {
      const [payload, disclosure] = asTuple(value, "content", 2);
      return { payload: asBytes(payload, "payload"), disclosure: disclosure === null ? undefined : asBytes(disclosure, "disclosure") };
    });
  }

  /** One commit. `content`: of a version that is new; `list`: where the list of drafts changes; `dropped`: what is kept no longer. */
  async keep(change: {
    readonly draft?: Draft;
    readonly content?: { readonly draft: number; readonly version: number; readonly content: Content };
    readonly list?: { readonly next: number; readonly numbers: readonly number[] };
    readonly dropped?: { readonly drafts: readonly Draft[]; readonly versions: readonly { draft: number; version: number }[] };
  }): Promise<void> {
    const meta: NonNullable<Batch["meta"]>[number][] = [];
    const { draft, content, list, dropped } = change;
    for (const gone of dropped?.drafts ?? []) {
      meta.push({ key: keyOf(gone.number), value: null });
      for (const { number } of gone.versions) meta.push({ key: contentKey(gone.number, number), value: null });
    }
    for (const gone of dropped?.versions ?? []) meta.push({ key: contentKey(gone.draft, gone.version), value: null });
    if (content !== undefined) {
      const { payload, disclosure } = content.content;
      meta.push({ key: contentKey(content.draft, content.version), value: encode([payload, disclosure ?? null]) });
    }
    if (draft !== undefined) meta.push({ key: keyOf(draft.number), value: encodeDraft(draft) });
    if (list !== undefined) meta.push({ key: LIST, value: encode([list.next, [...list.numbers]]) });
    await this.#store.commit({ meta });
  }
}

const LIST = "drafts";
const keyOf = (draft: number): string => `draft/${draft}`;
const contentKey = (draft: number, version: number): string => `draft/${draft}/${version}`;

function found(number: number, stored: Uint8Array | undefined): Draft {
  if (stored === undefined) throw new OpenlineError("damaged", `draft ${number} is listed and not there`);
  const draft = refusable(() => decodeDraft(stored));
  if (!draft.ok) throw new OpenlineError("damaged", `${keyOf(number)}: ${draft.refusal.detail}`);
  return draft.value;
}

function read<T>(what: string, stored: Uint8Array, as: (value: Cbor) => T): T {
  const value = refusable(() => as(decode(stored)));
  if (!value.ok) throw new OpenlineError("damaged", `${what}: ${value.refusal.detail}`);
  return value.value;
}
