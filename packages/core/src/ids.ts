import { equalBytes, toHex } from "./encoding/bytes.ts";

/** The identifiers of the protocol, each a type of its own so that two of them are never swapped.
 *  Fixed-size binary identifiers are lower-case hex in memory and raw bytes on the wire.
 *  The only casts are in this file's `parseX` functions. Source: docs/spec/identifiers.md. */

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A party's short name, `[a-z][a-z0-9-]{1,31}`: folders, JSON, command line. */
export type PartyId = Brand<string, "PartyId">;
/** How a party is named on the wire: 8 bytes of SHA-256 over its id and root keys. Hex, 16 characters. */
export type PartyKey = Brand<string, "PartyKey">;
/** A line: 16 bytes of SHA-256 over its first ceremony digest. Hex, 32 characters. */
export type LineId = Brand<string, "LineId">;
/** One incarnation of one party's log, 8 random bytes. Hex, 16 characters. */
export type LogId = Brand<string, "LogId">;
/** 16 random bytes that an act's author chose. Hex, 32 characters. */
export type ActId = Brand<string, "ActId">;
/** SHA-256(0x00 || entry), RFC 9162 §2.1.1. Hex, 64 characters. */
export type LeafHash = Brand<string, "LeafHash">;
/** Any other SHA-256 value. Hex, 64 characters. */
export type Digest = Brand<string, "Digest">;
/** First 8 bytes of SHA-256 over a public key. Hex, 16 characters. */
export type Kid = Brand<string, "Kid">;
/** An office that speaks and is spoken to, `[a-z][a-z0-9-]{0,63}`. */
export type PostId = Brand<string, "PostId">;
/** A channel's name in the accord, `[a-z][a-z0-9-]{0,31}`. */
export type ChannelId = Brand<string, "ChannelId">;
/** A channel's number in headers; 0 is the line itself. */
export type ChannelNumber = Brand<number, "ChannelNumber">;
/** Position of an entry in its log, from 0. */
export type LogIndex = Brand<number, "LogIndex">;
/** POSIX time in whole seconds. */
export type UnixSeconds = Brand<number, "UnixSeconds">;
/** POSIX seconds of any day of the calendar from year 1 to 9999: what an agreement's dates are, which may be older than 1970. */
export type DateSeconds = Brand<number, "DateSeconds">;
/** POSIX time in milliseconds. */
export type UnixMillis = Brand<number, "UnixMillis">;

/** Bytes a peer sent, before a parser has returned them as something. */
export type Untrusted<T> = { readonly untrusted: T };

/** A binary identifier as lower-case hex, or as its raw bytes. */
type HexOrBytes = string | Uint8Array;

const HEX = /^[0-9a-f]*$/;

/** Hex of raw bytes is made here and needs no look at its digits, which every identifier of every entry would pay for. */
function hexOf(value: HexOrBytes, bytes: number, what: string): string {
  const text = typeof value === "string" ? value : toHex(value);
  if (text.length !== bytes * 2 || (text === value && !HEX.test(text)))
    throw new RangeError(`${what}: ${bytes} bytes in lower-case hex expected`);
  return text;
}

interface Known {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Identifiers that are the same in entry after entry: a line has few parties, logs and keys. The last one of each first byte is kept,
 *  so that its text is made once and equal texts are one: a twentieth of what a record costs to read without signatures. */
class Recurring {
  readonly #known: (Known | undefined)[] = Array.from({ length: 256 }, () => undefined);

  of(value: HexOrBytes, bytes: number, what: string): string {
    if (typeof value === "string") return hexOf(value, bytes, what);
    const at = value[0] ?? 0;
    const known = this.#known[at];
    if (known !== undefined && equalBytes(known.bytes, value)) return known.text;
    const text = hexOf(value, bytes, what);
    this.#known[at] = { bytes: Uint8Array.from(value), text };
    return text;
  }
}

const lines = new Recurring();
const parties = new Recurring();
const logs = new Recurring();
const keys = new Recurring();

export function parsePartyId(text: string): PartyId {
  if (!/^[a-z][a-z0-9-]{1,31}$/.test(text)) throw new RangeError(`party id: [a-z][a-z0-9-]{1,31} expected, not "${text}"`);
  return text as PartyId;
}
export function parsePostId(text: string): PostId {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(text)) throw new RangeError(`post id: [a-z][a-z0-9-]{0,63} expected, not "${text}"`);
  return text as PostId;
}
export function parseChannelId(text: string): ChannelId {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(text)) throw new RangeError(`channel id: [a-z][a-z0-9-]{0,31} expected, not "${text}"`);
  return text as ChannelId;
}
export const parsePartyKey = (value: HexOrBytes): PartyKey => parties.of(value, 8, "party") as PartyKey;
export const parseLineId = (value: HexOrBytes): LineId => lines.of(value, 16, "line") as LineId;
export const parseLogId = (value: HexOrBytes): LogId => logs.of(value, 8, "log") as LogId;
export const parseActId = (value: HexOrBytes): ActId => hexOf(value, 16, "act id") as ActId;
export const parseLeafHash = (value: HexOrBytes): LeafHash => hexOf(value, 32, "leaf") as LeafHash;
export const parseDigest = (value: HexOrBytes): Digest => hexOf(value, 32, "digest") as Digest;
export const parseKid = (value: HexOrBytes): Kid => keys.of(value, 8, "kid") as Kid;

function natural(value: number, max: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0 || value > max)
    throw new RangeError(`${what}: whole number 0 to ${max} expected, not ${value}`);
  return value;
}

export const parseChannelNumber = (value: number): ChannelNumber => natural(value, 255, "channel") as ChannelNumber;
export const parseLogIndex = (value: number): LogIndex => natural(value, Number.MAX_SAFE_INTEGER, "index") as LogIndex;
/** Seconds of 9999-12-31T23:59:59Z, the last that RFC 3339 can write, and of 0001-01-01T00:00:00Z. */
export const LAST_SECOND = 253_402_300_799;
export const FIRST_SECOND = -62_135_596_800;
export function parseDateSeconds(value: number): DateSeconds {
  if (!Number.isSafeInteger(value) || value < FIRST_SECOND || value > LAST_SECOND)
    throw new RangeError(`seconds: whole number ${FIRST_SECOND} to ${LAST_SECOND} expected, not ${value}`);
  return value as DateSeconds;
}
export const parseUnixSeconds = (value: number): UnixSeconds => natural(value, LAST_SECOND, "seconds") as UnixSeconds;
export const parseUnixMillis = (value: number): UnixMillis => natural(value, 253_402_300_799_999, "milliseconds") as UnixMillis;

/** The line itself: channel 0 of every header that belongs to no channel. */
export const LINE_CHANNEL: ChannelNumber = parseChannelNumber(0);

/** Whole seconds of a time in milliseconds, rounded down. */
export const secondsOf = (millis: UnixMillis): UnixSeconds => parseUnixSeconds(Math.floor(millis / 1000));
export const millisOf = (seconds: UnixSeconds): UnixMillis => parseUnixMillis(seconds * 1000);
