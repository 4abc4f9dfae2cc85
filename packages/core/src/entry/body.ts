import { fromHex } from "../encoding/bytes.ts";
import { type Cbor, type CborMap, decode, embedded, encode } from "../encoding/cbor.ts";
import { whole } from "../encoding/schema.ts";
import { asBytes, asFlag, asList, asMap, asText, asTuple, asUint, hasDouble } from "../encoding/shape.ts";
import { RefusedInput, type Result, refusable } from "../errors.ts";
import { type Digest, parseDigest } from "../ids.ts";
import { limits } from "../limits.ts";
import type { Sha256 } from "../log/tree.ts";
import { COMMON_WORDS, KINDS, type KindName, type WordShape } from "./kinds.ts";

/** The words of an act. They travel beside the entry behind a salted commitment, so that one act can be withheld or
 *  disclosed without another. Source: docs/spec/acts.md §4. */
export type Body = CborMap;

/** The media type of a body that holds an act's words. */
export const BODY_MEDIA = "application/cbor";

/** `salt` is 16 random bytes: without it a short body could be found by guessing. */
export function encodeDisclosure(salt: Uint8Array, body: Body): Uint8Array {
  return encode([salt, BODY_MEDIA, embedded(body)]);
}

export function commitmentOf(suite: Sha256, disclosure: Uint8Array): Digest {
  return parseDigest(suite.sha256(disclosure));
}

/** Opens a disclosure against the commitment of its act's header and reads the words of its kind. */
export function openDisclosure(options: {
  readonly suite: Sha256;
  readonly commitment: Digest;
  readonly disclosure: Uint8Array;
  readonly kind: KindName | undefined;
}): Result<Body> {
  return refusable(() => {
    const { disclosure, kind } = options;
    if (disclosure.length > limits.disclosureBytesMax) throw new RefusedInput("oversized", `disclosure of ${disclosure.length} bytes`);
    if (commitmentOf(options.suite, disclosure) !== options.commitment)
      throw new RefusedInput("wrong-disclosure", "does not match its commitment");
    const [salt, media, body] = asTuple(decode(disclosure), "disclosure", 3);
    asBytes(salt, "salt", 16);
    if (media !== BODY_MEDIA) throw new RefusedInput("bad-body", `media type other than ${BODY_MEDIA}`);
    const words = asMap(decode(asBytes(body, "body")), "body");
    if (kind !== undefined) checkWords(kind, words);
    return words;
  });
}

/** Throws `RefusedInput` `bad-body` for a word the kind does not have or has in another shape. */
export function checkWords(kind: KindName, body: Body): void {
  const known = KINDS[kind].words ?? {};
  for (const [key, value] of body) {
    const shape = typeof key === "string" ? (ownShape(known, key) ?? ownShape(COMMON_WORDS, key)) : undefined;
    if (shape === undefined) throw new RefusedInput("bad-body", `${kind} has no word "${key}"`);
    const read = refusable(() => checkWord(shape, value, String(key)));
    if (!read.ok) throw new RefusedInput(read.refusal.code === "oversized" ? "oversized" : "bad-body", read.refusal.detail);
  }
}

function ownShape(shapes: Readonly<Record<string, WordShape>>, key: string): WordShape | undefined {
  return Object.hasOwn(shapes, key) ? shapes[key] : undefined;
}

function checkWord(shape: WordShape, value: Cbor, what: string): void {
  switch (shape) {
    case "texts":
      return checkTexts(value, what);
    case "texts-list":
      return asList(value, what, 64).forEach((item) => checkTexts(item, what));
    case "text":
      return checkPlain(asText(value, what, limits.shortTextBytesMax), what);
    case "position":
      return checkPosition(value, what);
    case "fields":
      return void asMap(value, what);
    case "number":
      return void asUint(value, what);
    case "quality":
      return void asQuality(value, what);
    case "flag":
      return void asFlag(value, what);
    case "bytes":
      return void asBytes(value, what);
    case "time":
      return void asUint(value, what, 253_402_300_799);
    case "attachments":
      return checkAttachments(value, what);
  }
}

/** How well a test was received, 1 to 5. */
const asQuality = whole(1, 5);

/** An object beside the log that a body names. */
export interface Attachment {
  /** SHA-256 of its bytes. */
  readonly object: Digest;
  /** Bytes. */
  readonly size: number;
  readonly media: string;
  /** A plain file name: no path, nothing hidden. */
  readonly name: string;
}

/** The attachments that a checked body names. */
export function attachmentsIn(body: Body): readonly Attachment[] {
  const list = body.get("attachments");
  return list === undefined ? [] : asList(list, "attachments", limits.attachmentsMax).map(attachmentOf);
}

/** The word `attachments` of a body. */
export const attachmentsWord = (attachments: readonly Attachment[]): Cbor =>
  attachments.map(({ object, size, media, name }): Cbor => [fromHex(object), size, media, name]);

/** Throws `RefusedInput`. */
function attachmentOf(value: Cbor): Attachment {
  const [object, size, media, name] = asTuple(value, "attachment", 4);
  return {
    object: parseDigest(asBytes(object, "attachment", 32)),
    size: asUint(size, "attachment size", limits.objectBytesMax),
    media: asText(media, "media type", 127),
    name: asText(name, "attachment name", 255),
  };
}

function checkAttachments(value: Cbor, what: string): void {
  const list = asList(value, what, limits.attachmentsMax).map(attachmentOf);
  if (list.length === 0 || hasDouble(list.map(({ object }) => object))) throw new RefusedInput("malformed", `${what}: empty or doubled`);
  for (const { size, media, name } of list) {
    checkPlain(name, what);
    if (size === 0) throw new RefusedInput("malformed", `${what}: nothing in it`);
    if (!/^[a-z]+\/[a-z0-9][a-z0-9.+-]*$/.test(media)) throw new RefusedInput("malformed", `${what}: media type "${media}"`);
    if (!/^[^./\\:\n\s][^/\\:\n]*$/.test(name) || /[.\s]$/.test(name))
      throw new RefusedInput("malformed", `${what}: a name that is no plain file name`);
  }
}

/** A text for each language: `{ "en": "…", "zh": "…" }`. */
function checkTexts(value: Cbor, what: string): void {
  const map = asMap(value, what);
  if (map.size === 0) throw new RefusedInput("malformed", `${what}: no text`);
  for (const [language, text] of map) {
    if (typeof language !== "string" || !/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language))
      throw new RefusedInput("malformed", `${what}: language ${language}`);
    checkPlain(asText(text, what, limits.textBytesMax), what);
  }
}

/** Letters of ASCII and line feeds: nothing is hidden in them, and NFC leaves them as they are. Most texts hold nothing else. */
const ASCII = /^[\n\x20-\x7e]*$/;

/** Plain text: line feeds only, no other control characters, no bidirectional overrides or isolates; what was signed is what is seen. */
// eslint-disable-next-line no-control-regex
const HIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;
export function checkPlain(text: string, what: string): void {
  if (ASCII.test(text)) return;
  const at = text.search(HIDDEN);
  if (at >= 0) throw new RefusedInput("malformed", `${what}: control or bidirectional character at ${at}`);
  if (text.normalize("NFC") !== text) throw new RefusedInput("malformed", `${what}: not Unicode NFC`);
}

/** [longitude, latitude] in degrees as decimal text. */
function checkPosition(value: Cbor, what: string): void {
  const numbers = asTuple(value, what, 2).map((part) => {
    const text = asText(part, what, 16);
    if (!/^-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,10})?$/.test(text))
      throw new RefusedInput("malformed", `${what}: "${text}" is no decimal degrees`);
    return Number(text);
  });
  if (Math.abs(numbers[0] ?? 999) > 180 || Math.abs(numbers[1] ?? 999) > 90)
    throw new RefusedInput("malformed", `${what}: outside the earth`);
}
