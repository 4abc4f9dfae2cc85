import { fromHex } from "../encoding/bytes.ts";
import { type Cbor, type CborMap, decode, embedded, encode } from "../encoding/cbor.ts";
import { asBytes, asList, asMap, asTuple, asUint, hasDouble, onlyKeys } from "../encoding/shape.ts";
import { RefusedInput } from "../errors.ts";
import { type LeafHash, type LogIndex, type UnixSeconds, parseLeafHash, parseLogIndex, parseUnixSeconds } from "../ids.ts";
import { limits } from "../limits.ts";
import { type Sha256, leafHash } from "../log/tree.ts";
import { type Act, decodeAct } from "./act.ts";
import { type Head, decodeHead, encodeHead } from "./facts.ts";

/** An entry is an act and its place in one log: the leaf. Source: docs/spec/acts.md §5. */
export interface Entry {
  readonly act: Act;
  readonly placement: Placement;
  readonly bytes: Uint8Array;
}

/** What the node adds when it places an act. Signed by the log's next checkpoint. */
export interface Placement {
  readonly index: LogIndex;
  readonly time: UnixSeconds;
  /** Peer heads durably held, only those that changed since the log's last entry that named them. */
  readonly heads: readonly Head[];
  /** Leaves held ahead of a gap, or held late after a missing disclosure. */
  readonly ahead: readonly LeafHash[];
  /** The latest control act of this log before this entry. */
  readonly control: ControlPointer | null;
}

export interface ControlPointer {
  readonly index: LogIndex;
  readonly leaf: LeafHash;
}

const PLACEMENT_KEYS: ReadonlySet<number | string> = new Set([1, 2, 3, 4, 5]);

function placementMap(placement: Placement): CborMap {
  const map = new Map<number, Cbor>([
    [1, placement.index],
    [2, placement.time],
  ]);
  if (placement.heads.length > 0) map.set(3, placement.heads.map(encodeHead));
  if (placement.ahead.length > 0) map.set(4, placement.ahead.map(fromHex));
  map.set(5, placement.control === null ? null : [placement.control.index, fromHex(placement.control.leaf)]);
  return map;
}

/** Throws `RefusedInput`. */
function decodePlacement(bytes: Uint8Array): Placement {
  const map = asMap(decode(bytes), "placement");
  onlyKeys(map, "placement", PLACEMENT_KEYS);
  const heads = map.has(3) ? asList(map.get(3), "heads", limits.headsMax).map(decodeHead) : [];
  const ahead = map.has(4) ? asList(map.get(4), "held ahead", limits.heldAheadMax).map(leaf) : [];
  if ((map.has(3) && heads.length === 0) || (map.has(4) && ahead.length === 0))
    throw new RefusedInput("malformed", "placement: empty list");
  if (heads.length > 1 && hasDouble(heads.map((head) => head.log))) throw new RefusedInput("malformed", "placement: a log named twice");
  return {
    index: parseLogIndex(asUint(map.get(1), "index")),
    time: parseUnixSeconds(asUint(map.get(2), "time", 253_402_300_799)),
    heads,
    ahead,
    control: controlPointer(map.get(5)),
  };
}

const leaf = (value: Cbor | undefined): LeafHash => parseLeafHash(asBytes(value, "leaf", 32));

function controlPointer(value: Cbor | undefined): ControlPointer | null {
  if (value === null) return null;
  const [index, hash] = asTuple(value, "control act", 2);
  return { index: parseLogIndex(asUint(index, "control act")), leaf: leaf(hash) };
}

export function encodeEntry(actBytes: Uint8Array, placement: Placement): Uint8Array {
  return encode([actBytes, embedded(placementMap(placement))]);
}

/** The entry that an act becomes in this place: what `decodeEntry` reads from its bytes. Throws `RefusedInput` when it is too long. */
export function entryOf(act: Act, placement: Placement): Entry {
  const bytes = encodeEntry(act.bytes, placement);
  checkLength(bytes);
  return { act, placement, bytes };
}

/** Reads an entry from a peer or from our own disk. Throws `RefusedInput`; wrap with `refusable`. */
export function decodeEntry(bytes: Uint8Array): Entry {
  checkLength(bytes);
  const [act, placement] = asTuple(decode(bytes), "entry", 2);
  return { act: decodeAct(asBytes(act, "act")), placement: decodePlacement(asBytes(placement, "placement")), bytes };
}

function checkLength(bytes: Uint8Array): void {
  if (bytes.length > limits.entryBytesMax) throw new RefusedInput("oversized", `entry of ${bytes.length} bytes`);
}

/** Leaf hash of an entry, in hex: SHA-256(0x00 || entry), RFC 9162 §2.1.1. */
export const leafOf = (suite: Sha256, entryBytes: Uint8Array): LeafHash => parseLeafHash(leafHash(suite, entryBytes));
