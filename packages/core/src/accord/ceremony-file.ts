import { decode, encode } from "../encoding/cbor.ts";
import { type Schema, bytes, list, object, plain, uint } from "../encoding/schema.ts";
import { RefusedInput } from "../errors.ts";
import { limits } from "../limits.ts";
import { type RootSignature, rootSignature } from "./accord.ts";

/** Files that cross by hand in a ceremony. Source: docs/spec/accord.md §5. */

/** Root signatures on their way to another party. */
export interface SignaturesFile {
  readonly version: number;
  /** What was signed, 32 bytes: so that signatures to another ceremony are told from wrong ones. */
  readonly ceremony: Uint8Array;
  readonly signatures: readonly RootSignature[];
}
const schema: Schema<SignaturesFile> = object<SignaturesFile>({
  version: uint(1),
  ceremony: bytes(32),
  signatures: list(rootSignature, 64, 1),
});

export const encodeSignatures = (ceremony: Uint8Array, signatures: readonly RootSignature[]): Uint8Array =>
  encode(plain({ version: 1, ceremony, signatures }));

/** Throws `RefusedInput`. */
export function decodeSignatures(file: Uint8Array): SignaturesFile {
  const read = schema(decode(file), "signatures");
  if (read.version !== 1) throw new RefusedInput("unsupported-version", "signatures version other than 1");
  return read;
}

export type CeremonyFileKind = "party" | "terms" | "signatures" | "contribution" | "accord";

/** Which file of a ceremony this is, by a key that only this kind has; each kind is then read strictly. Throws `RefusedInput`. */
export function ceremonyFileKind(file: Uint8Array): CeremonyFileKind {
  if (file.length > limits.packBytesMax) throw new RefusedInput("oversized", "a file of a ceremony");
  // Every file of a ceremony is a map. A letter or a picture is not a damaged one.
  const value = (file[0] ?? 0) >> 5 === MAP ? decode(file) : undefined;
  if (value instanceof Map) for (const [kind, key] of MARKS) if (value.has(key)) return kind;
  throw new RefusedInput("malformed", "no party file, terms, signatures, contribution or accord");
}

/** Major type 5 of CBOR: RFC 8949 §3.1. */
const MAP = 5;

/** An accord is looked for first: it alone holds whole files. */
const MARKS: readonly (readonly [CeremonyFileKind, string])[] = [
  ["accord", "terms"],
  ["party", "root"],
  ["terms", "channels"],
  ["contribution", "sealed"],
  ["signatures", "signatures"],
];
