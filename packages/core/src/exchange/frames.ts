import { fromHex } from "../encoding/bytes.ts";
import { type Cbor, decode, encode } from "../encoding/cbor.ts";
import { asBytes, asHex, asList, asTuple, asUint } from "../encoding/shape.ts";
import { RefusedInput, type Result, refusable } from "../errors.ts";
import { type Digest, type LogId, parseDigest, parseLogId } from "../ids.ts";
import { limits } from "../limits.ts";
import { type WireCheckpoint, encodeWireCheckpoint, wireCheckpointOf } from "../log/checkpoint.ts";
import { HASH_BYTES } from "../log/tree.ts";
import { type HaveFrame, decodeHave, encodeHave } from "./have.ts";

/** What two nodes say to each other on a bearer. Losing, doubling or reordering frames costs time and nothing else.
 *  Source: docs/spec/exchange.md §2. */
export type Frame = HaveFrame | ObjectFrame | PartFrame | HeadFrame;

/** A frame that may also be cut into parts, when a bearer does not take it whole. */
export type ObjectFrame = EntriesFrame | PackedFrame | DisclosureFrame | AheadFrame;

/** Consecutive entries of one log, each with its disclosure or null, under a checkpoint of exactly the size they end at. The
 *  checkpoint is null only for the end of a closed log whose owner may not sign it any more: `restored` names that head. */
export interface EntriesFrame {
  readonly kind: "entries";
  readonly log: LogId;
  readonly from: number;
  readonly entries: readonly { readonly entry: Uint8Array; readonly disclosure: Uint8Array | null }[];
  readonly checkpoint: WireCheckpoint | null;
}

/** The same without what the receiver has or can compute (entry-codec.ts). */
export interface PackedFrame {
  readonly kind: "packed";
  readonly log: LogId;
  readonly from: number;
  readonly entries: readonly PackedEntry[];
  readonly checkpoint: WireCheckpoint | null;
}

export interface PackedEntry {
  readonly entry: Uint8Array;
  readonly disclosure: Uint8Array | null;
  /** A head of a log of the receiver, whose root stands in the dictionary. */
  readonly named: { readonly log: LogId; readonly size: number } | null;
}

/** A disclosure asked for again. */
export interface DisclosureFrame {
  readonly kind: "disclosure";
  readonly log: LogId;
  readonly index: number;
  readonly disclosure: Uint8Array;
}

/** One entry that overtakes those before it: leaf `checkpoint.size - 1` of log `checkpoint.incarnation`, with the place proof that
 *  gives the checkpoint's root. */
export interface AheadFrame {
  readonly kind: "ahead";
  readonly checkpoint: WireCheckpoint;
  readonly entry: Uint8Array;
  readonly disclosure: Uint8Array | null;
  readonly proof: readonly Uint8Array[];
}

/** Bytes of an object of `size` bytes, from `offset` on. The object is an object frame as it would travel whole, or an
 *  attachment; its name is the SHA-256 of all of it. */
export interface PartFrame {
  readonly kind: "part";
  readonly object: Digest;
  readonly size: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A head, mostly one with an ML-DSA-44 line, over what the other side has already. */
export interface HeadFrame {
  readonly kind: "head";
  readonly checkpoint: WireCheckpoint;
}

/** Bytes of a part frame beside the bytes it carries, at most. */
export const PART_OVERHEAD_BYTES = 64;

export function encodeFrame(frame: Frame): Uint8Array {
  switch (frame.kind) {
    case "have":
      return encodeHave(frame);
    case "entries": {
      const list = frame.entries.map((item): Cbor => [item.entry, item.disclosure]);
      return encode([2, fromHex(frame.log), frame.from, list, frame.checkpoint === null ? null : wire(frame.checkpoint)]);
    }
    case "packed":
      return encode([7, fromHex(frame.log), frame.from, frame.entries.map(packedEntry), signatures(frame.checkpoint)]);
    case "disclosure":
      return encode([3, fromHex(frame.log), frame.index, frame.disclosure]);
    case "part":
      return encode([4, fromHex(frame.object), frame.size, frame.offset, frame.bytes]);
    case "head":
      return encode([5, wire(frame.checkpoint)]);
    case "ahead":
      return encode([6, wire(frame.checkpoint), frame.entry, frame.disclosure, [...frame.proof]]);
  }
}

const wire = (checkpoint: WireCheckpoint): Cbor => decode(encodeWireCheckpoint(checkpoint));

const packedEntry = ({ entry, disclosure, named }: PackedEntry): Cbor =>
  named === null ? [entry, disclosure] : [entry, disclosure, fromHex(named.log), named.size];

/** A packed checkpoint stands over just its entries, so that its incarnation and size need not be said. */
function signatures(checkpoint: WireCheckpoint | null): Cbor {
  if (checkpoint === null) return null;
  return checkpoint.mldsa === undefined ? checkpoint.signature : [checkpoint.signature, checkpoint.mldsa];
}

/** Reads a frame from a bearer. Everything in it is the counterpart's claim until it has been checked. */
export function decodeFrame(bytes: Uint8Array): Result<Frame> {
  return refusable((): Frame => {
    if (bytes.length > limits.frameBytesMax) throw new RefusedInput("oversized", `frame of ${bytes.length} bytes`);
    const value = decode(bytes);
    const [kind] = asList(value, "frame", 10);
    if (kind === 1) return decodeHave(value);
    if (kind === 2) return entries(asTuple(value, "entries", 5));
    if (kind === 3) return disclosure(asTuple(value, "disclosure", 4));
    if (kind === 4) return part(asTuple(value, "part", 5));
    if (kind === 5) return { kind: "head", checkpoint: checkpointOf(asTuple(value, "head", 2)[1]) };
    if (kind === 6) return ahead(asTuple(value, "ahead", 5));
    if (kind === 7) return packed(asTuple(value, "packed", 5));
    throw new RefusedInput("malformed", "frame of an unknown kind");
  });
}

/** Reads what parts have been put together to: an object frame. */
export function decodeObject(bytes: Uint8Array): Result<ObjectFrame> {
  const frame = decodeFrame(bytes);
  if (!frame.ok) return frame;
  const { value } = frame;
  if (value.kind === "have" || value.kind === "part" || value.kind === "head")
    return { ok: false, refusal: { code: "malformed", detail: `a ${value.kind} does not travel in parts` } };
  return { ok: true, value };
}

function entries([, log, from, list, checkpoint]: readonly Cbor[]): EntriesFrame {
  const read = asList(list, "entries", limits.frameEntriesMax).map((item) => {
    const [entry, words] = asTuple(item, "entry", 2);
    return { entry: asBytes(entry, "entry"), disclosure: bytesOrNull(words, "disclosure") };
  });
  return {
    kind: "entries",
    log: logId(log),
    from: asUint(from, "from"),
    entries: read,
    checkpoint: checkpoint === null ? null : checkpointOf(checkpoint),
  };
}

function packed([, log, from, list, signed]: readonly Cbor[]): PackedFrame {
  const read = asList(list, "entries", limits.frameEntriesMax).map((item): PackedEntry => {
    const fields = asList(item, "entry", 4);
    const [entry, words, named, size] = fields;
    if (fields.length !== 2 && fields.length !== 4) throw new RefusedInput("malformed", "packed: an entry has two or four fields");
    return {
      entry: asBytes(entry, "entry"),
      disclosure: bytesOrNull(words, "disclosure"),
      named: fields.length === 2 ? null : { log: logId(named), size: asUint(size, "size") },
    };
  });
  const place = { log: logId(log), from: asUint(from, "from") };
  const size = place.from + read.length;
  const [signature, mldsa] = Array.isArray(signed) ? asTuple(signed, "signatures", 2) : [signed];
  const checkpoint =
    signed === null ? null : checkpointOf([fromHex(place.log), size, signature ?? null, ...(mldsa === undefined ? [] : [mldsa])]);
  return { kind: "packed", ...place, entries: read, checkpoint };
}

function disclosure([, log, index, bytes]: readonly Cbor[]): DisclosureFrame {
  return { kind: "disclosure", log: logId(log), index: asUint(index, "index"), disclosure: asBytes(bytes, "disclosure") };
}

function part([, object, size, offset, value]: readonly Cbor[]): PartFrame {
  const bytes = asBytes(value, "bytes");
  const read: PartFrame = {
    kind: "part",
    object: parseDigest(asBytes(object, "object", HASH_BYTES)),
    size: asUint(size, "size"),
    offset: asUint(offset, "offset"),
    bytes,
  };
  if (read.size > limits.objectBytesMax) throw new RefusedInput("oversized", `object of ${read.size} bytes`);
  if (bytes.length === 0 || read.offset + bytes.length > read.size) throw new RefusedInput("malformed", "part: not within its object");
  return read;
}

function ahead([, checkpoint, entry, words, proof]: readonly Cbor[]): AheadFrame {
  const read: AheadFrame = {
    kind: "ahead",
    checkpoint: checkpointOf(checkpoint),
    entry: asBytes(entry, "entry"),
    disclosure: bytesOrNull(words, "disclosure"),
    proof: asList(proof, "proof", limits.proofHashesMax).map((hash) => asBytes(hash, "hash", HASH_BYTES)),
  };
  if (read.checkpoint.size === 0) throw new RefusedInput("malformed", "ahead: a head over nothing");
  return read;
}

const logId = (value: Cbor | undefined): LogId => parseLogId(asHex(value, "log", 8));
const bytesOrNull = (value: Cbor | undefined, what: string): Uint8Array | null => (value === null ? null : asBytes(value, what));
const checkpointOf = (value: Cbor | undefined): WireCheckpoint => wireCheckpointOf(value ?? null);
