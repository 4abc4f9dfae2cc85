import {
  type Attachment,
  type Digest,
  type OpenObject,
  type PartFrame,
  type Range,
  type Result,
  type Sha256,
  type UnixMillis,
  decode,
  encode,
  limits,
  missingRanges,
  ok,
  parseDigest,
  refuse,
  toHex,
  withRange,
} from "@openline/core";
import type { Findings } from "./findings.ts";
import type { Batch, Store, StoredObject } from "./store/store.ts";

/** Objects held and not yet said in a beat. */
const UNSAID_KEY = "objects/unsaid";
/** How many finished objects are remembered, so that a doubled part is known. */
const DONE_MAX = 64;

interface Open {
  readonly size: number;
  ranges: readonly Range[];
}

/** Attachments beside the log: named by bodies, fetched by ranges, durable range by range, whole when their bytes give their
 *  name. Source: docs/spec/exchange.md §12. */
export class Objects {
  readonly #suite: Sha256;
  readonly #store: Store;
  readonly #findings: Findings;
  readonly #bytesMax: number;
  readonly #open: Map<Digest, Open> = new Map();
  readonly #done: Set<Digest> = new Set();
  #unsaid: readonly StoredObject[] = [];
  #bytes = 0;

  constructor(options: { readonly suite: Sha256; readonly store: Store; readonly peerBytes?: number | undefined }, findings: Findings) {
    this.#suite = options.suite;
    this.#store = options.store;
    this.#findings = findings;
    this.#bytesMax = options.peerBytes ?? limits.peerBytesDefault;
  }

  async load(): Promise<void> {
    this.#bytes = await this.#store.objectsSize();
    await this.#refill();
    this.#unsaid = decodeObjects(await this.#store.meta(UNSAID_KEY));
  }

  async #refill(): Promise<void> {
    for (const { object, size } of await this.#store.openObjects(limits.openAttachmentsMax)) {
      const known = await this.#store.object(object);
      if (known !== undefined) this.#open.set(object, { size, ranges: known.ranges });
    }
  }

  /** What is being fetched, and the bytes that are missing. */
  get open(): readonly OpenObject[] {
    const first = [...this.#open].slice(0, limits.openObjectsMax / 2);
    return first.map(([object, { size, ranges }]) => ({ object, missing: missingRanges(ranges, size).slice(0, limits.openRangesMax) }));
  }

  /** Held since the last beat that said so. */
  get unsaid(): readonly StoredObject[] {
    return this.#unsaid;
  }

  /** A beat has said them. */
  async said(objects: readonly StoredObject[]): Promise<void> {
    this.#unsaid = this.#unsaid.filter((item) => !objects.includes(item));
    await this.#store.commit({ meta: [this.#unsaidMeta()] });
  }

  /** Of what bodies name, what is not known yet and has room. To be committed with those bodies. */
  async named(attachments: readonly Attachment[], now: UnixMillis): Promise<readonly StoredObject[]> {
    const wanted = new Map<Digest, StoredObject>();
    for (const { object, size } of attachments) {
      if (wanted.has(object) || (await this.#store.object(object)) !== undefined) continue;
      if (this.#bytes + size > this.#bytesMax) {
        const refusal = { code: "oversized" as const, detail: `attachment ${object} of ${size} bytes beyond the quota` };
        await this.#findings.keep(refusal, { bytes: new Uint8Array(0), now });
        continue;
      }
      this.#bytes += size;
      wanted.set(object, { object, size });
    }
    return [...wanted.values()];
  }

  /** They are durably known: from now on they are asked for. */
  wanted(objects: readonly StoredObject[]): void {
    for (const { object, size } of objects) if (this.#open.size < limits.openAttachmentsMax) this.#open.set(object, { size, ranges: [] });
  }

  /** Takes a part of an attachment. False: it is of something else. */
  async take(part: PartFrame, from: { readonly bytes: Uint8Array; readonly now: UnixMillis }): Promise<boolean> {
    const { object, size, offset, bytes } = part;
    const open = this.#open.get(object);
    if (open === undefined) return this.#done.has(object);
    if (open.size !== size) {
      await this.#findings.keep({ code: "malformed", detail: `parts of attachment ${object} name another size` }, from);
      return true;
    }
    const end = offset + bytes.length;
    const pieces = missingRanges(open.ranges, size)
      .map((gap) => ({ from: Math.max(gap.from, offset), to: Math.min(gap.to, end) }))
      .filter((piece) => piece.from < piece.to);
    if (pieces.length === 0) return true;
    await this.#store.commit({
      ranges: pieces.map((piece) => ({ object, offset: piece.from, bytes: bytes.slice(piece.from - offset, piece.to - offset) })),
    });
    open.ranges = withRange(open.ranges, { from: offset, to: end });
    if (missingRanges(open.ranges, size).length === 0) await this.#finish({ object, size }, from);
    return true;
  }

  /** Every byte is here: either they give the name, or none of them is kept. */
  async #finish(item: StoredObject, from: { readonly bytes: Uint8Array; readonly now: UnixMillis }): Promise<void> {
    const { object, size } = item;
    const bytes = await this.#store.objectBytes(object, 0, size);
    if (bytes === undefined || toHex(this.#suite.sha256(bytes)) !== object) {
      await this.#store.commit({ emptied: [object] });
      this.#open.set(object, { size, ranges: [] });
      await this.#findings.keep({ code: "malformed", detail: `parts do not give attachment ${object}` }, from);
      return;
    }
    this.#unsaid = [...this.#unsaid, item];
    await this.#store.commit({ whole: [object], meta: [this.#unsaidMeta()] });
    this.#close(object);
    if (this.#open.size === 0) await this.#refill();
  }

  /** Keeps an attachment of our own, to be named in a body. */
  async keep(bytes: Uint8Array): Promise<Result<StoredObject>> {
    const size = bytes.length;
    if (size === 0) return refuse("malformed", "an attachment with nothing in it");
    if (size > limits.objectBytesMax) return refuse("oversized", `attachment of ${size} bytes`);
    const object = parseDigest(toHex(this.#suite.sha256(bytes)));
    const known = await this.#store.object(object);
    if (known?.whole === true) return ok({ object, size });
    if (known !== undefined && known.ranges.length > 0) await this.#store.commit({ emptied: [object] });
    const starts = Array.from({ length: Math.ceil(size / limits.partBytesMax) }, (_, i) => i * limits.partBytesMax);
    const ranges = starts.map((offset) => ({ object, offset, bytes: bytes.slice(offset, offset + limits.partBytesMax) }));
    await this.#store.commit({ objects: [{ object, size }], ranges, whole: [object] });
    this.#close(object);
    if (known === undefined) this.#bytes += size;
    return ok({ object, size });
  }

  #close(object: Digest): void {
    this.#open.delete(object);
    this.#done.add(object);
    const [oldest] = this.#done;
    if (this.#done.size > DONE_MAX && oldest !== undefined) this.#done.delete(oldest);
  }

  #unsaidMeta(): NonNullable<Batch["meta"]>[number] {
    const value = this.#unsaid.length === 0 ? null : encode(this.#unsaid.map(({ object, size }) => [object, size]));
    return { key: UNSAID_KEY, value };
  }
}

/** A list as this node wrote it. */
function decodeObjects(bytes: Uint8Array | undefined): readonly StoredObject[] {
  const value = bytes === undefined ? [] : decode(bytes);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const [object, size] = Array.isArray(item) ? item : [];
    return typeof object === "string" && typeof size === "number" ? [{ object: parseDigest(object), size }] : [];
  });
}
