import { fromHex } from "../encoding/bytes.ts";
import { type Cbor, decode, encode } from "../encoding/cbor.ts";
import { asBytes, asHex, asList, asTuple, asUint } from "../encoding/shape.ts";
import { RefusedInput, type Result, refusable } from "../errors.ts";
import { type LogId, parseLogId } from "../ids.ts";
import { limits } from "../limits.ts";
import { type WireCheckpoint, encodeWireCheckpoint, wireCheckpointOf } from "../log/checkpoint.ts";

/** What two nodes say to each other on a bearer. Every frame says all that the other side needs; losing, doubling or
 *  reordering frames costs time and nothing else. Source: docs/spec/exchange.md. */
export type Frame = HaveFrame | EntriesFrame | DisclosureFrame;

/** How much of each log the sender has stored, with the head it last saw signed, and which disclosures it lacks. */
export interface HaveFrame {
  readonly kind: "have";
  readonly logs: readonly {
    readonly log: LogId;
    readonly size: number;
    readonly head: WireCheckpoint | null;
    readonly missing: readonly number[];
  }[];
}

/** Consecutive entries of one log, each with its disclosure or null, under a checkpoint of exactly the size they end at. The
 *  checkpoint is null only for the end of a closed log whose owner may not sign it any more: `restored` names that head. */
export interface EntriesFrame {
  readonly kind: "entries";
  readonly log: LogId;
  readonly from: number;
  readonly entries: readonly { readonly entry: Uint8Array; readonly disclosure: Uint8Array | null }[];
  readonly checkpoint: WireCheckpoint | null;
}

/** A disclosure asked for again. */
export interface DisclosureFrame {
  readonly kind: "disclosure";
  readonly log: LogId;
  readonly index: number;
  readonly disclosure: Uint8Array;
}

export function encodeFrame(frame: Frame): Uint8Array {
  switch (frame.kind) {
    case "have":
      return encode([1, frame.logs.map((item): Cbor => [fromHex(item.log), item.size, wire(item.head), [...item.missing]])]);
    case "entries":
      return encode([
        2,
        fromHex(frame.log),
        frame.from,
        frame.entries.map((item): Cbor => [item.entry, item.disclosure]),
        wire(frame.checkpoint),
      ]);
    case "disclosure":
      return encode([3, fromHex(frame.log), frame.index, frame.disclosure]);
  }
}

const wire = (checkpoint: WireCheckpoint | null): Cbor => (checkpoint === null ? null : decode(encodeWireCheckpoint(checkpoint)));

/** Reads a frame from a bearer. Everything in it is the counterpart's claim until `accept` has checked it. */
export function decodeFrame(bytes: Uint8Array): Result<Frame> {
  return refusable((): Frame => {
    if (bytes.length > limits.frameBytesMax) throw new RefusedInput("oversized", `frame of ${bytes.length} bytes`);
    const value = decode(bytes);
    const [kind] = asList(value, "frame", 5);
    if (kind === 1) return have(asTuple(value, "have", 2));
    if (kind === 2) return entries(asTuple(value, "entries", 5));
    if (kind === 3) {
      const [, log, index, disclosure] = asTuple(value, "disclosure", 4);
      return { kind: "disclosure", log: logId(log), index: asUint(index, "index"), disclosure: asBytes(disclosure, "disclosure") };
    }
    throw new RefusedInput("malformed", "frame of an unknown kind");
  });
}

const logId = (value: Cbor | undefined): LogId => parseLogId(asHex(value, "log", 8));

function have([, logs]: readonly Cbor[]): HaveFrame {
  const read = asList(logs, "logs", limits.headsMax).map((item) => {
    const [log, size, head, missing] = asTuple(item, "log", 4);
    return {
      log: logId(log),
      size: asUint(size, "size"),
      head: checkpointOrNull(head),
      missing: asList(missing, "missing", limits.missingMax).map((index) => asUint(index, "missing")),
    };
  });
  const missing = read.reduce((sum, item) => sum + item.missing.length, 0);
  if (missing > limits.missingMax) throw new RefusedInput("oversized", `have: asks for ${missing} disclosures`);
  if (new Set(read.map((item) => item.log)).size !== read.length) throw new RefusedInput("malformed", "have: a log listed twice");
  return { kind: "have", logs: read };
}

function entries([, log, from, list, checkpoint]: readonly Cbor[]): EntriesFrame {
  const read = asList(list, "entries", limits.frameEntriesMax).map((item) => {
    const [entry, disclosure] = asTuple(item, "entry", 2);
    return { entry: asBytes(entry, "entry"), disclosure: disclosure === null ? null : asBytes(disclosure, "disclosure") };
  });
  return { kind: "entries", log: logId(log), from: asUint(from, "from"), entries: read, checkpoint: checkpointOrNull(checkpoint) };
}

const checkpointOrNull = (value: Cbor | undefined): WireCheckpoint | null => (value === null ? null : wireCheckpointOf(value ?? null));
