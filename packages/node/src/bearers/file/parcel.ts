import { timingSafeEqual } from "node:crypto";
import { type KemSuite, type PartyKey, assert, concatBytes, fromHex, hkdfExpand, hkdfExtract, toHex, utf8 } from "@openline/core";
import { fileLimits, parcelBytesMax } from "./limits.ts";

/** Why a file is no parcel for this node. */
export type ParcelRefusal =
  | "wrong-size" // none of the sizes of a parcel: cut, still being copied, or something else
  | "foreign" // of another line or another peer, or no parcel at all
  | "own" // one of our own, not carried across yet
  | "damaged" // for us, and not as it was written
  | "malformed"; // as its writer wrote it, and no parcel

type Read =
  | { readonly ok: true; readonly id: string; readonly frames: readonly Uint8Array[] }
  | { readonly ok: false; readonly refusal: ParcelRefusal };

type Hmac = Pick<KemSuite, "hmacSha256">;

/** What marks the parcels of each direction, 32 bytes each. It ties a parcel to a line and a direction for those who have the line
 *  secret; it opens nothing and signs nothing. */
export interface ParcelLabels {
  readonly out: Uint8Array;
  readonly in: Uint8Array;
}

const ID_BYTES = 16;
const MARK_BYTES = 16;
const HEAD_BYTES = ID_BYTES + MARK_BYTES;
const CHECK_BYTES = 32;
const LENGTH_BYTES = 4;

/** Most bytes of frames, with their lengths, in one parcel. */
export const parcelRoom: number = parcelBytesMax - HEAD_BYTES - LENGTH_BYTES - CHECK_BYTES;
/** What a frame takes in it. */
export const roomFor = (frame: Uint8Array): number => LENGTH_BYTES + frame.length;

/** Labels of one pair of parties. `lineSecret`: 32 bytes. Source: docs/spec/parcel.md §3. */
export function parcelLabels(suite: Hmac, lineSecret: Uint8Array, ends: { readonly own: PartyKey; readonly peer: PartyKey }): ParcelLabels {
  const secret = hkdfExtract(suite, new Uint8Array(0), lineSecret);
  const label = (from: PartyKey, to: PartyKey): Uint8Array =>
    hkdfExpand(suite, secret, concatBytes(utf8("openline/parcel"), fromHex(from), fromHex(to)), 32);
  return { out: label(ends.own, ends.peer), in: label(ends.peer, ends.own) };
}

/** One parcel with these frames, in the smallest size that holds them. Chance fills it up. Source: docs/spec/parcel.md §2. */
export function packParcel(
  suite: Hmac,
  label: Uint8Array,
  options: { readonly frames: readonly Uint8Array[]; readonly random: (count: number) => Uint8Array },
): Uint8Array {
  const { frames, random } = options;
  const room = frames.reduce((sum, frame) => sum + roomFor(frame), 0);
  assert(frames.length > 0 && room <= parcelRoom, `${frames.length} frames of ${room} bytes in one parcel`);
  const least = HEAD_BYTES + room + LENGTH_BYTES + CHECK_BYTES;
  const size = fileLimits.sizes.find((bytes) => bytes >= least) ?? parcelBytesMax;
  const id = random(ID_BYTES);
  const body = concatBytes(...frames.flatMap((frame) => [lengthOf(frame), frame]), new Uint8Array(LENGTH_BYTES));
  const checked = concatBytes(id, markOf(suite, label, id), body, random(size - least));
  return concatBytes(checked, checkOf(suite, label, checked));
}

/** Reads a whole file that somebody put there. Nothing in it is believed before its check has been found right. */
export function readParcel(suite: Hmac, labels: ParcelLabels, bytes: Uint8Array): Read {
  if (!isParcelSize(bytes.length)) return { ok: false, refusal: "wrong-size" };
  const id = bytes.subarray(0, ID_BYTES);
  const mark = bytes.subarray(ID_BYTES, HEAD_BYTES);
  if (!timingSafeEqual(mark, markOf(suite, labels.in, id)))
    return { ok: false, refusal: timingSafeEqual(mark, markOf(suite, labels.out, id)) ? "own" : "foreign" };
  const end = bytes.length - CHECK_BYTES;
  if (!timingSafeEqual(bytes.subarray(end), checkOf(suite, labels.in, bytes.subarray(0, end)))) return { ok: false, refusal: "damaged" };
  const frames = readFrames(bytes.subarray(HEAD_BYTES, end));
  return frames === undefined ? { ok: false, refusal: "malformed" } : { ok: true, id: toHex(id), frames };
}

export const isParcelSize = (bytes: number): boolean => fileLimits.sizes.some((size) => size === bytes);

/** Frames up to a length of 0; undefined where there is none, or one that does not fit. */
function readFrames(body: Uint8Array): readonly Uint8Array[] | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const frames: Uint8Array[] = [];
  for (let at = 0; at + LENGTH_BYTES <= body.length;) {
    const length = view.getUint32(at);
    at += LENGTH_BYTES;
    if (length === 0) return frames.length > 0 ? frames : undefined;
    if (length > fileLimits.frameBytesMax || at + length > body.length) return undefined;
    frames.push(body.slice(at, at + length));
    at += length;
  }
  return undefined;
}

function lengthOf(frame: Uint8Array): Uint8Array {
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, frame.length);
  return length;
}

const markOf = (suite: Hmac, label: Uint8Array, id: Uint8Array): Uint8Array =>
  suite.hmacSha256(label, concatBytes(utf8("mark"), id)).subarray(0, MARK_BYTES);
const checkOf = (suite: Hmac, label: Uint8Array, checked: Uint8Array): Uint8Array =>
  suite.hmacSha256(label, concatBytes(utf8("check"), checked));
