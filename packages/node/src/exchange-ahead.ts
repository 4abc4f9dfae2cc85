import {
  type AheadFrame,
  type Entry,
  type KindName,
  type LeafHash,
  type LogId,
  type Refusal,
  type Result,
  type Sha256,
  KINDS,
  decode,
  decodeEntry,
  decodeObject,
  encode,
  encodeFrame,
  leafOf,
  limits,
  mayOvertake,
  openDisclosure,
  parseLogId,
  sendingRank,
  refusable,
} from "@openline/core";
import type { Batch, Store } from "./store/store.ts";

/** An entry whose place its author has signed, and whose predecessors have not come. */
export interface AheadOfGap {
  readonly log: LogId;
  readonly index: number;
  readonly leaf: LeafHash;
  readonly entry: Entry;
  readonly frame: AheadFrame;
}

/** Is it held by being listed? What changes how others are judged counts only when it is read, so that equal entries are judged
 *  equally in whatever order they came. */
export function isListed({ entry }: AheadOfGap): boolean {
  const { kind } = entry.act.header;
  return kind !== undefined && KINDS[kind].by === "post" && !STANDING.has(kind);
}

const STANDING: ReadonlySet<KindName> = new Set(["suspend", "resume", "cancel", "withdraw"]);

type Meta = NonNullable<Batch["meta"]>[number];

/** Where the store keeps which logs have entries ahead of a gap, which positions, and each of them. */
const LOGS_KEY = "ahead";
const logKey = (log: LogId): string => `ahead/${log}`;
const entryKey = (log: LogId, index: number): string => `ahead/${log}/${index}`;

/** Entries stored ahead of a gap: durable, bounded, and read into the record only when the gap has closed. */
export class Ahead {
  readonly #suite: Sha256;
  readonly #items: Map<LogId, Map<number, AheadOfGap>> = new Map();

  constructor(options: { readonly suite: Sha256 }) {
    this.#suite = options.suite;
  }

  async load(store: Store): Promise<void> {
    for (const log of texts(await store.meta(LOGS_KEY))) {
      for (const index of numbers(await store.meta(logKey(log)))) {
        const bytes = await store.meta(entryKey(log, index));
        const frame = bytes === undefined ? undefined : decodeObject(bytes);
        if (frame?.ok !== true || frame.value.kind !== "ahead") continue;
        const read = this.read(frame.value);
        if (read.ok) this.#put(read.value);
      }
    }
  }

  get(log: LogId, index: number): AheadOfGap | undefined {
    return this.#items.get(log)?.get(index);
  }

  /** In order of index. */
  of(log: LogId): readonly AheadOfGap[] {
    return [...(this.#items.get(log)?.values() ?? [])].toSorted((a, b) => a.index - b.index);
  }

  get all(): readonly AheadOfGap[] {
    return [...this.#items.keys()].flatMap((log) => this.of(log));
  }

  /** What the frame carries: an entry that may overtake, with the body it promises. The proof is not checked here. */
  read(frame: AheadFrame): Result<AheadOfGap> {
    const { checkpoint, entry: bytes, disclosure } = frame;
    const entry = refusable(() => decodeEntry(bytes));
    if (!entry.ok) return entry;
    const { header } = entry.value.act;
    const no = (refusal: Refusal): Result<AheadOfGap> => ({ ok: false, refusal });
    if (!mayOvertake(sendingRank(header))) return no({ code: "malformed", detail: "an entry that does not overtake, ahead of a gap" });
    if (header.body !== undefined) {
      if (disclosure === null) return no({ code: "missing-disclosure", detail: "an entry ahead of a gap comes with its body" });
      const opened = openDisclosure({ suite: this.#suite, commitment: header.body, disclosure, kind: header.kind });
      if (!opened.ok && (opened.refusal.code === "wrong-disclosure" || disclosure.length > limits.disclosureBytesMax)) return opened;
    }
    const place = { log: checkpoint.incarnation, index: checkpoint.size - 1, leaf: leafOf(this.#suite, bytes) };
    return { ok: true, value: { ...place, entry: entry.value, frame } };
  }

  /** What makes it durable; undefined when as many are ahead of this log's gap as may be. */
  keep(item: AheadOfGap): readonly Meta[] | undefined {
    if ((this.#items.get(item.log)?.size ?? 0) >= limits.heldAheadMax) return undefined;
    this.#put(item);
    return [{ key: entryKey(item.log, item.index), value: encodeFrame(item.frame) }, ...this.#lists(item.log)];
  }

  /** The gap has closed up to `size`. */
  closed(log: LogId, size: number): readonly Meta[] {
    const gone = this.of(log).filter(({ index }) => index < size);
    if (gone.length === 0) return [];
    for (const { index } of gone) this.#items.get(log)?.delete(index);
    if (this.#items.get(log)?.size === 0) this.#items.delete(log);
    return [...gone.map(({ index }): Meta => ({ key: entryKey(log, index), value: null })), ...this.#lists(log)];
  }

  #put(item: AheadOfGap): void {
    const known = this.#items.get(item.log);
    if (known === undefined) this.#items.set(item.log, new Map([[item.index, item]]));
    else known.set(item.index, item);
  }

  #lists(log: LogId): readonly Meta[] {
    const indexes = this.of(log).map(({ index }) => index);
    return [
      { key: LOGS_KEY, value: encode([...this.#items.keys()]) },
      { key: logKey(log), value: indexes.length === 0 ? null : encode(indexes) },
    ];
  }
}

/** Lists as this node wrote them. */
function texts(bytes: Uint8Array | undefined): readonly LogId[] {
  const value = bytes === undefined ? [] : decode(bytes);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string").map(parseLogId) : [];
}
function numbers(bytes: Uint8Array | undefined): readonly number[] {
  const value = bytes === undefined ? [] : decode(bytes);
  return Array.isArray(value) ? value.filter((item) => typeof item === "number") : [];
}
