import { fromHex, toHex } from "../encoding/bytes.ts";
import { type Cbor, encode } from "../encoding/cbor.ts";
import { asBytes, asFlag, asHex, asList, asTuple, asUint, hasDouble } from "../encoding/shape.ts";
import { RefusedInput } from "../errors.ts";
import { type Digest, type LeafHash, type LogId, parseDigest, parseLeafHash, parseLogId } from "../ids.ts";
import { limits } from "../limits.ts";
import { HASH_BYTES } from "../log/tree.ts";
import type { Range } from "./ranges.ts";

/** All that the other side needs to send what its sender lacks. Source: docs/spec/exchange.md §3. */
export interface HaveFrame {
  readonly kind: "have";
  /** Rises with every HAVE of its sender; one that does not rise is passed over. */
  readonly counter: number;
  /** The highest counter its sender has heard from the party it speaks to; 0: none since it started. */
  readonly heard: number;
  /** It is to be answered at once by a HAVE. */
  readonly asks: boolean;
  /** Bytes of entries and bodies that its sender still takes from this party. */
  readonly credit: number;
  /** The prekey act of its sender that envelopes to it shall be sealed to; null: the key in its party file. */
  readonly prekey: LeafHash | null;
  /** Its sender has more logs than are listed here. */
  readonly full: boolean;
  readonly logs: readonly HaveLog[];
  /** Objects its sender has begun to put together or waits for, and the bytes it lacks of them. */
  readonly open: readonly OpenObject[];
}

const ROOT_HINT_BYTES = 8;

/** The root as HAVE says it. */
export const rootHint = (root: Uint8Array): string => toHex(root.subarray(0, ROOT_HINT_BYTES));

/** How much of one log the sender has stored. */
export interface HaveLog {
  readonly log: LogId;
  /** Contiguous entries. */
  readonly size: number;
  /** The first 8 bytes of the root of those entries, in hex: enough to notice that two have stored different histories. */
  readonly root: string;
  /** Positions whose disclosure it lacks. */
  readonly missing: readonly number[];
  /** Positions above `size` that it has stored ahead of the gap, rising. */
  readonly ahead: readonly number[];
}

export interface OpenObject {
  readonly object: Digest;
  readonly missing: readonly Range[];
}

export function encodeHave(frame: HaveFrame): Uint8Array {
  const { counter, heard, asks, credit, prekey, full, logs, open } = frame;
  const objects = open.map(({ object, missing }): Cbor => [fromHex(object), missing.map(({ from, to }): Cbor => [from, to])]);
  return encode([1, counter, heard, asks, credit, prekey === null ? null : fromHex(prekey), full, logs.map(encodeLog), objects]);
}

function encodeLog({ log, size, root, missing, ahead }: HaveLog): Cbor {
  return [fromHex(log), size, fromHex(root), [...missing], [...ahead]];
}

/** Throws `RefusedInput`. */
export function decodeHave(value: Cbor): HaveFrame {
  const [, counter, heard, asks, credit, prekey, full, logs, open] = asTuple(value, "have", 9);
  const read = asList(logs, "logs", limits.headsMax).map(decodeLog);
  const missing = read.reduce((sum, item) => sum + item.missing.length, 0);
  if (missing > limits.missingMax) throw new RefusedInput("oversized", `have: asks for ${missing} disclosures`);
  if (hasDouble(read.map((item) => item.log))) throw new RefusedInput("malformed", "have: a log listed twice");
  return {
    kind: "have",
    counter: asUint(counter, "counter"),
    heard: asUint(heard, "heard"),
    asks: asFlag(asks, "asks"),
    credit: asUint(credit, "credit"),
    prekey: prekey === null ? null : parseLeafHash(asBytes(prekey, "prekey", HASH_BYTES)),
    full: asFlag(full, "full"),
    logs: read,
    open: asList(open, "open objects", limits.openObjectsMax).map(decodeOpen),
  };
}

function decodeLog(value: Cbor): HaveLog {
  const [log, size, root, missing, ahead] = asTuple(value, "log", 5);
  return {
    log: parseLogId(asHex(log, "log", 8)),
    size: asUint(size, "size"),
    root: asHex(root, "root", ROOT_HINT_BYTES),
    missing: asList(missing, "missing", limits.missingMax).map((index) => asUint(index, "missing")),
    ahead: rising(asList(ahead, "ahead", limits.heldAheadMax).map((index) => asUint(index, "ahead"))),
  };
}

function decodeOpen(value: Cbor): OpenObject {
  const [object, missing] = asTuple(value, "open object", 2);
  const ranges = asList(missing, "missing ranges", limits.openRangesMax).map((item): Range => {
    const [from, to] = asTuple(item, "range", 2);
    return { from: asUint(from, "from"), to: asUint(to, "to") };
  });
  if (ranges.some(({ from, to }) => from >= to)) throw new RefusedInput("malformed", "have: an empty range");
  rising(ranges.map(({ from }) => from));
  return { object: parseDigest(asBytes(object, "object", HASH_BYTES)), missing: ranges };
}

function rising(numbers: readonly number[]): readonly number[] {
  if (numbers.some((number, i) => i > 0 && number <= (numbers[i - 1] ?? 0))) throw new RefusedInput("malformed", "have: not rising");
  return numbers;
}
