import {
  type Schema,
  type UnixSeconds,
  OpenlineError,
  asText,
  decode,
  encode,
  flag,
  list,
  object,
  parseUnixSeconds,
  plain,
  refusable,
  text,
  uint,
} from "@openline/core";
import type { Store } from "../store/store.ts";

/** A field in which something stands, or stood. */
export interface KeptField {
  readonly post: string;
  readonly field: string;
  readonly version: number;
  readonly saved: UnixSeconds;
  readonly empty: boolean;
}

interface Kept {
  readonly fields: readonly KeptField[];
  /** The version of the next save. */
  readonly next: number;
}

type At = Pick<KeptField, "post" | "field">;

const time: Schema<UnixSeconds> = (value, what) => parseUnixSeconds(uint(253_402_300_799)(value, what));
const kept = object<Kept>({
  fields: list(object<KeptField>({ post: text(64), field: text(128), version: uint(), saved: time, empty: flag }), 100_000),
  next: uint(),
});

/** Where unsent texts lie: among the small values of the node's store, which a backup holds and which neither exchange nor export reads. */
export class UnsentPlace {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async load(): Promise<Kept> {
    const stored = await this.#store.meta(LIST);
    return stored === undefined ? { fields: [], next: 1 } : read(LIST, () => kept(decode(stored), LIST));
  }

  async text(at: At): Promise<string> {
    const stored = await this.#store.meta(keyOf(at));
    if (stored === undefined) throw new OpenlineError("damaged", `${keyOf(at)} is listed and not there`);
    return read(keyOf(at), () => asText(decode(stored), "text", Infinity));
  }

  /** One commit. `gone`: what is listed no longer. */
  async keep(change: Kept & { readonly at: At; readonly text: string; readonly gone: At | undefined }): Promise<void> {
    const { fields, next, at, gone } = change;
    await this.#store.commit({
      meta: [
        ...(gone === undefined ? [] : [{ key: keyOf(gone), value: null }]),
        { key: keyOf(at), value: change.text === "" ? null : encode(change.text) },
        { key: LIST, value: encode(plain({ fields, next })) },
      ],
    });
  }
}

const LIST = "unsent";
const keyOf = ({ post, field }: At): string => `unsent/${post}/${field}`;

function read<T>(what: string, as: () => T): T {
  const value = refusable(as);
  if (!value.ok) throw new OpenlineError("damaged", `${what}: ${value.refusal.detail}`);
  return value.value;
}
