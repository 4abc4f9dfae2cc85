import type { Accord } from "../accord/accord.ts";
import { concatBytes, fromHex, utf8 } from "../encoding/bytes.ts";
import { BODY_MEDIA } from "../entry/body.ts";
import { decodeEntry } from "../entry/entry.ts";
import { RefusedInput, type Result, refusable } from "../errors.ts";
import type { LogId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { Sha256 } from "../log/tree.ts";
import type { EntriesFrame, PackedEntry, PackedFrame } from "./frames.ts";
import { PACK_BYTES_MAX, pack, unpack } from "./pack.ts";

/** Entries without what the receiver has or can compute: line and party, what the entries before them say too, the commitment to a
 *  body that travels beside, the root of a head of its own log. Restored byte for byte. Source: docs/spec/exchange.md §11. */

/** How many entries before the first are part of its dictionary. */
export const DICTIONARY_ENTRIES = 2;
/** Bytes of one of them that are. */
const DICTIONARY_BYTES = 1024;

/** A head of a log of the receiver, and its root there. */
export interface OwnHead {
  readonly log: LogId;
  readonly size: number;
  readonly root: Uint8Array;
}

export interface CodecContext {
  readonly suite: Sha256;
  readonly accord: Accord;
  /** The last entries of the log before the first of the frame, oldest first: as many as there are, at most two. */
  readonly before: readonly Uint8Array[];
}

/** `headOf`: the head of the receiver that an entry names and that the receiver can find the root of. */
export function packEntries(context: CodecContext, frame: EntriesFrame, headOf: (entry: Uint8Array) => OwnHead | undefined): PackedFrame {
  let before = context.before;
  const entries = frame.entries.map(({ entry, disclosure }): PackedEntry => {
    const names = headOf(entry);
    const dictionary = dictionaryOf({ ...context, before }, disclosure, names);
    before = [...before, entry].slice(-DICTIONARY_ENTRIES);
    const named = names === undefined ? null : { log: names.log, size: names.size };
    return { entry: pack(dictionary, entry), disclosure: disclosure === null ? null : packDisclosure(disclosure), named };
  });
  return { kind: "packed", log: frame.log, from: frame.from, entries, checkpoint: frame.checkpoint };
}

/** `rootOf`: root of a log of ours at a size, found beforehand. */
export function unpackEntries(
  context: CodecContext,
  frame: PackedFrame,
  rootOf: (log: LogId, size: number) => Uint8Array | undefined,
): Result<EntriesFrame> {
  return refusable(() => {
    let before = context.before;
    let room: number = limits.frameBytesMax;
    const entries = frame.entries.map((item) => {
      const disclosure = item.disclosure === null ? null : unpackDisclosure(item.disclosure, room);
      const root = item.named === null ? undefined : rootOf(item.named.log, item.named.size);
      if (item.named !== null && root === undefined) throw new RefusedInput("wrong-head", "packed: names a head that is not here");
      const names = item.named === null || root === undefined ? undefined : { ...item.named, root };
      const dictionary = dictionaryOf({ ...context, before }, disclosure, names);
      const entry = unpack(dictionary, item.entry, Math.min(room, limits.entryBytesMax));
      room -= entry.length + (disclosure?.length ?? 0);
      before = [...before, entry].slice(-DICTIONARY_ENTRIES);
      return { entry, disclosure };
    });
    return { kind: "entries", log: frame.log, from: frame.from, entries, checkpoint: frame.checkpoint };
  });
}

/** The first head that an entry names of one of these logs. */
export function headNamed(entry: Uint8Array, isTheirs: (log: LogId) => boolean): OwnHead | undefined {
  const read = refusable(() => decodeEntry(entry));
  const head = read.ok ? read.value.placement.heads.find(({ log }) => isTheirs(log)) : undefined;
  return head === undefined ? undefined : { log: head.log, size: head.size, root: fromHex(head.root) };
}

function dictionaryOf({ suite, accord, before }: CodecContext, disclosure: Uint8Array | null, names: OwnHead | undefined): Uint8Array {
  return concatBytes(
    fromHex(accord.line),
    ...accord.parties.map(({ key }) => fromHex(key)),
    ...(names === undefined ? [] : [fromHex(names.log), names.root]),
    ...(disclosure === null ? [] : [suite.sha256(disclosure)]),
    ...before.map((entry) => entry.subarray(0, DICTIONARY_BYTES)),
  );
}

/** Only the frame of a body: what a sealed frame's length says of the words must not depend on other words. */
const BODY_FRAME = concatBytes(Uint8Array.of(0x83, 0x50), Uint8Array.of(0x70), utf8(BODY_MEDIA), Uint8Array.of(0x59));

function packDisclosure(disclosure: Uint8Array): Uint8Array {
  const whole = disclosure.length > PACK_BYTES_MAX;
  return concatBytes(Uint8Array.of(whole ? 0 : 1), whole ? disclosure : pack(BODY_FRAME, disclosure));
}

function unpackDisclosure(packed: Uint8Array, max: number): Uint8Array {
  if (packed[0] === 0) return packed.slice(1);
  if (packed[0] !== 1) throw new RefusedInput("malformed", "packed: a body in no known form");
  return unpack(BODY_FRAME, packed.subarray(1), Math.min(max, PACK_BYTES_MAX));
}
