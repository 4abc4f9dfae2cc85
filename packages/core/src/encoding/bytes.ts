/** Small operations on byte strings that every other file needs. */

/** Identifiers are 8, 16 or 32 bytes, and the text of each is made in one call: a text joined from parts has to be put together
 *  once it is a key of a map, and its parts are thrown away. */
export function toHex(bytes: Uint8Array): string {
  let out = "";
  for (let at = 0; at < bytes.length; at += PART_BYTES) out += hexOfPart(bytes, at, Math.min(PART_BYTES, bytes.length - at));
  return out;
}

const PART_BYTES = 32;

/** Room for the character codes of 0 to 32 bytes: making it anew would cost as much as making the text. */
const ROOMS: readonly number[][] = Array.from({ length: PART_BYTES + 1 }, (_, count) => Array.from({ length: 2 * count }, () => 0));

function hexOfPart(bytes: Uint8Array, at: number, count: number): string {
  const codes = ROOMS[count] ?? [];
  for (let i = 0; i < count; i++) {
    const byte = bytes[at + i] ?? 0;
    codes[2 * i] = digit(byte >> 4);
    codes[2 * i + 1] = digit(byte & 15);
  }
  return String.fromCharCode.apply(null, codes);
}

/** Character code of a hex digit; `a` follows `9` after a gap of 39. */
const digit = (nibble: number): number => nibble + 48 + (((9 - nibble) >> 4) & 39);

/** Value of each hex digit by character code, −1 for every other code up to that of `f`. */
const NIBBLES: Int8Array = Int8Array.from({ length: 103 }, (_, code) => "0123456789abcdef".indexOf(String.fromCharCode(code)));

/** Bytes of lower-case hex. Throws `RangeError` on anything else. */
export function fromHex(hex: string): Uint8Array {
  const out = new Uint8Array(hex.length >> 1);
  let wrong = hex.length & 1;
  for (let i = 0; i < out.length; i++) {
    const byte = (nibble(hex, 2 * i) << 4) | nibble(hex, 2 * i + 1);
    wrong |= byte;
    out[i] = byte;
  }
  if (hex.length % 2 !== 0 || wrong < 0) throw new RangeError("lower-case hex expected");
  return out;
}

const nibble = (hex: string, at: number): number => NIBBLES[hex.charCodeAt(at)] ?? -1;

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Standard base64 with padding, RFC 4648 §4. */
export function toBase64(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i] ?? 0, bytes[i + 1], bytes[i + 2]];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63);
    out += b === undefined ? "=" : ALPHABET.charAt((word >> 6) & 63);
    out += c === undefined ? "=" : ALPHABET.charAt(word & 63);
  }
  return out;
}

/** Bytes of standard padded base64; unused trailing bits must be zero, so each value has one spelling.
 *  Throws `RangeError` on anything else. */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new RangeError("padded base64 expected");
  const body = text.replace(/=+$/, "");
  const out = new Uint8Array(Math.floor((body.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const letter of body) {
    word = ((word << 6) | ALPHABET.indexOf(letter)) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (word >> bits) & 0xff;
    }
  }
  if ((word & ((1 << bits) - 1)) !== 0) throw new RangeError("base64 with stray bits");
  return out;
}

/** Constructing a text codec costs more than using one, so there is one of each. Neither keeps state between calls.
 *  A byte order mark is a character like any other: it is kept, so that what was signed is what is read. */
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Text of valid UTF-8. Throws `TypeError` on anything else. */
export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);
