import type { Suite, VerifySuite } from "../crypto/suite.ts";
import { concatBytes, fromBase64, fromHex, toBase64, toHex, utf8 } from "../encoding/bytes.ts";
import { type Cbor, decode, encode } from "../encoding/cbor.ts";
import { asBytes, asHex, asList, asUint } from "../encoding/shape.ts";
import { assert, RefusedInput, refusable, type Result } from "../errors.ts";
import { type LineId, type LogId, parseLogId, type PartyKey } from "../ids.ts";
import { COSIGNATURE_MLDSA44_BYTES } from "./cosignature.ts";
import type { TreeHead } from "./proof.ts";
import { HASH_BYTES, type Sha256 } from "./tree.ts";

/** The body of a checkpoint: what the log's key and every cosigner sign. Source: docs/spec/checkpoint.md §3. */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

/** A checkpoint as it travels: the holder knows origin and root. `mldsa` is the timestamped 0x06 signature, 2,428 bytes. */
export interface WireCheckpoint {
  readonly incarnation: LogId;
  readonly size: number;
  readonly signature: Uint8Array;
  readonly mldsa?: Uint8Array;
}

const ORIGIN = /^openline\.invalid\/[0-9a-f]{32}$/;
const SIGNATURE_BYTES = 64;
const LINE_SECRET_BYTES = 32;

/** Origin and key name of one incarnation of a log: `openline.invalid/<32 hex>`, which tells a stranger nothing.
 *  The first 16 bytes of SHA-256("openline/origin" || line || party || incarnation || line secret). `lineSecret` is 32 bytes. */
export function origin(suite: Sha256, line: LineId, party: PartyKey, incarnation: LogId, lineSecret: Uint8Array): string {
  assert(lineSecret.length === LINE_SECRET_BYTES, "a line secret is 32 bytes");
  const input = concatBytes(utf8("openline/origin"), fromHex(line), fromHex(party), fromHex(incarnation), lineSecret);
  return `openline.invalid/${toHex(suite.sha256(input).subarray(0, 16))}`;
}

/** Three lines: origin, size, root in base64. C2SP tlog-checkpoint without extension lines. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
}

/** The checkpoint of a note's text; refused unless it is the one text of that checkpoint. */
export function parseCheckpoint(text: string): Result<Checkpoint> {
  return refusable(() => {
    const [originLine = "", sizeLine = "", rootLine = "", ...rest] = text.split("\n");
    if (rest.length !== 1 || rest[0] !== "") throw new RefusedInput("malformed", "a checkpoint has exactly three lines");
    if (!ORIGIN.test(originLine)) throw new RefusedInput("malformed", "origin is not openline.invalid/<32 hex>");
    if (!/^(0|[1-9][0-9]{0,15})$/.test(sizeLine)) throw new RefusedInput("malformed", "size is not a decimal without leading zeroes");
    const size = Number(sizeLine);
    if (!Number.isSafeInteger(size)) throw new RefusedInput("malformed", "size beyond 2^53");
    return { origin: originLine, size, root: parseRoot(rootLine) };
  });
}

/** The log's plain Ed25519 signature (0x01) over the body, 64 bytes. The caller has swapped the head in the second place first. */
export function signCheckpoint(suite: Suite, seed: Uint8Array, checkpoint: Checkpoint): Uint8Array {
  return suite.signEd25519(seed, utf8(formatCheckpoint(checkpoint)));
}

/** Whether `signature` is the log's over this checkpoint. Never throws. */
export function verifyCheckpoint(suite: VerifySuite, publicKey: Uint8Array, checkpoint: Checkpoint, signature: Uint8Array): boolean {
  return suite.verifyEd25519(publicKey, utf8(formatCheckpoint(checkpoint)), signature);
}

/** Deterministic CBOR `[incarnation (8), size, signature (64), ? mldsa (2428)]`. */
export function encodeWireCheckpoint(wire: WireCheckpoint): Uint8Array {
  const items: Cbor[] = [fromHex(wire.incarnation), wire.size, wire.signature];
  if (wire.mldsa !== undefined) items.push(wire.mldsa);
  return encode(items);
}

/** The wire form taken apart; checks no signature. */
export function parseWireCheckpoint(bytes: Uint8Array): Result<WireCheckpoint> {
  return refusable(() => wireCheckpointOf(decode(bytes)));
}

/** The same of a value already decoded, inside a larger structure. Throws `RefusedInput`. */
export function wireCheckpointOf(value: Cbor): WireCheckpoint {
  const items = asList(value, "checkpoint", 4);
  const [incarnation, size, signature, mldsa] = items;
  const wire = {
    incarnation: parseLogId(asHex(incarnation, "incarnation", 8)),
    size: asUint(size, "size"),
    signature: asBytes(signature, "signature", SIGNATURE_BYTES),
  };
  return mldsa === undefined ? wire : { ...wire, mldsa: asBytes(mldsa, "ML-DSA-44 signature", COSIGNATURE_MLDSA44_BYTES) };
}

function parseRoot(base64: string): Uint8Array {
  let root: Uint8Array;
  try {
    root = fromBase64(base64);
  } catch {
    throw new RefusedInput("malformed", "root is not base64");
  }
  if (root.length !== HASH_BYTES) throw new RefusedInput("malformed", "root is not 32 bytes");
  return root;
}
