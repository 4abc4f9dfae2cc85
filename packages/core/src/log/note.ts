import type { VerifySuite } from "../crypto/suite.ts";
import { concatBytes, equalBytes, fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from "../encoding/bytes.ts";
import { assert, RefusedInput, refusable, type Result } from "../errors.ts";
import { limits } from "../limits.ts";
import type { Sha256 } from "./tree.ts";

/** Signature types of C2SP signed-note that Openline writes and reads; every other type is an unknown key's. */
export const NOTE_ED25519 = 0x01;
export const NOTE_COSIGNATURE_ED25519 = 0x04;
export const NOTE_COSIGNATURE_MLDSA44 = 0x06;
export type NoteKeyType = typeof NOTE_ED25519 | typeof NOTE_COSIGNATURE_ED25519 | typeof NOTE_COSIGNATURE_MLDSA44;

/** A verifier key of a signed note. `id` is 4 bytes in hex and follows from the rest. */
export interface NoteKey {
  readonly name: string;
  readonly type: NoteKeyType;
  readonly publicKey: Uint8Array;
  readonly id: string;
}

/** One signature line: `— <name> base64(id || signature)`. `id` is 4 bytes in hex. */
export interface NoteSignature {
  readonly name: string;
  readonly id: string;
  readonly signature: Uint8Array;
}

/** A note taken apart. `text` ends in a newline and is what the signatures cover; nothing in it may be used before one verified. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Signature lines one note may have. C2SP asks for at least 16; `limits.checkpointBytesMax` bounds their bytes. */
const NOTE_SIGNATURES_MAX = 256;

const PUBLIC_BYTES: Readonly<Record<NoteKeyType, number>> = { 0x01: 32, 0x04: 32, 0x06: 1312 };
/** Spaces of Unicode and plus: a name with one of them could be read as two. */
const NOT_IN_NAMES = /[\p{White_Space}+]/u;
// oxlint-disable-next-line no-control-regex -- control characters are what is refused.
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/** A key with its id, the first 4 bytes of SHA-256(name || 0x0A || type || public key). */
export function noteKey(suite: Sha256, type: NoteKeyType, name: string, publicKey: Uint8Array): NoteKey {
  assert(isName(name), "a note key's name has no space and no plus");
  assert(publicKey.length === PUBLIC_BYTES[type], "a note key has the length of its type");
  return { name, type, publicKey, id: keyId(suite, name, concatBytes(Uint8Array.of(type), publicKey)) };
}

/** `<name>+<8 hex>+base64(type || public key)`, one line without newline. C2SP signed-note, verifier keys. */
export function formatVkey(key: NoteKey): string {
  return `${key.name}+${key.id}+${toBase64(concatBytes(Uint8Array.of(key.type), key.publicKey))}`;
}

/** The key of a vkey text; refused when its id is not its own or its type is none of ours. */
export function parseVkey(suite: Sha256, text: string): Result<NoteKey> {
  return refusable(() => {
    const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
    const [, name = "", id = "", base64 = ""] = match ?? [];
    if (!isName(name)) throw new RefusedInput("malformed", "not name+id+key");
    const bytes = base64Bytes(base64);
    const type = parseKeyType(bytes[0]);
    if (bytes.length !== 1 + PUBLIC_BYTES[type]) throw new RefusedInput("malformed", `key of ${bytes.length - 1} bytes for type ${type}`);
    if (keyId(suite, name, bytes) !== id) throw new RefusedInput("malformed", "key id is not that of its name and key");
    return { name, type, publicKey: bytes.subarray(1), id };
  });
}

/** The note in its one text form. */
export function formatNote(note: SignedNote): string {
  assert(note.text.endsWith("\n") && note.signatures.length > 0, "a note's text ends in a newline and is signed");
  const lines = note.signatures.map((line) => `— ${line.name} ${toBase64(concatBytes(fromHex(line.id), line.signature))}\n`);
  return `${note.text}\n${lines.join("")}`;
}

/** Takes a note apart, C2SP signed-note §Format. Stricter in one point: one name and id may sign once, so that a note
 *  has no second, hidden signature of a known key. Checks no signature. */
export function parseNote(bytes: Uint8Array): Result<SignedNote> {
  return refusable(() => {
    if (bytes.length > limits.checkpointBytesMax) throw new RefusedInput("oversized", `note of ${bytes.length} bytes`);
    const whole = noteText(bytes);
    const split = whole.lastIndexOf("\n\n");
    if (split < 0) throw new RefusedInput("malformed", "no blank line before the signatures");
    const lines = whole.slice(split + 2).split("\n");
    if (lines.pop() !== "" || lines.length === 0) throw new RefusedInput("malformed", "no signature line, or the last has no newline");
    if (lines.length > NOTE_SIGNATURES_MAX) throw new RefusedInput("oversized", `${lines.length} signatures`);
    const signatures = lines.map(parseLine);
    const names = new Set(signatures.map((line) => `${line.name}+${line.id}`));
    if (names.size !== signatures.length) throw new RefusedInput("malformed", "one key signs twice");
    return { text: whole.slice(0, split + 1), signatures };
  });
}

/** The line of `key` in a note; name and id both have to match. */
export function signatureOf(note: SignedNote, key: NoteKey): NoteSignature | undefined {
  return note.signatures.find((line) => line.name === key.name && line.id === key.id);
}

/** Whether the note carries a valid plain Ed25519 signature (0x01) of `key`. */
export function verifyNoteEd25519(suite: VerifySuite, note: SignedNote, key: NoteKey): boolean {
  const line = key.type === NOTE_ED25519 ? signatureOf(note, key) : undefined;
  return line !== undefined && suite.verifyEd25519(key.publicKey, utf8(note.text), line.signature);
}

function noteText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch {
    throw new RefusedInput("malformed", "note is not UTF-8");
  }
  if (CONTROL.test(text)) throw new RefusedInput("malformed", "control character in note");
  return text;
}

function parseLine(line: string): NoteSignature {
  const match = /^— ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line);
  const [, name = "", base64 = ""] = match ?? [];
  if (!isName(name)) throw new RefusedInput("malformed", "not a signature line");
  const bytes = base64Bytes(base64);
  if (bytes.length < 5) throw new RefusedInput("malformed", "signature without bytes");
  return { name, id: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

function parseKeyType(byte: number | undefined): NoteKeyType {
  if (byte === NOTE_ED25519 || byte === NOTE_COSIGNATURE_ED25519 || byte === NOTE_COSIGNATURE_MLDSA44) return byte;
  throw new RefusedInput("unknown-key", "verifier key of a type that is not read here");
}

function base64Bytes(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    throw new RefusedInput("malformed", "not base64");
  }
}

const isName = (name: string): boolean => name !== "" && !NOT_IN_NAMES.test(name);

function keyId(suite: Sha256, name: string, typedKey: Uint8Array): string {
  return toHex(suite.sha256(concatBytes(utf8(`${name}\n`), typedKey)).subarray(0, 4));
}

/** Whether two keys wrap the same public key, whatever their names and types (C2SP tlog-policy: such keys are duplicates). */
export const sameNoteKey = (a: NoteKey, b: NoteKey): boolean => equalBytes(a.publicKey, b.publicKey);
