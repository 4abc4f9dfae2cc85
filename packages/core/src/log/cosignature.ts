import type { Suite, VerifySuite } from "../crypto/suite.ts";
import { concatBytes, toBase64, utf8 } from "../encoding/bytes.ts";
import { assert } from "../errors.ts";
import { parseUnixSeconds, type UnixSeconds } from "../ids.ts";
import type { TreeHead } from "./proof.ts";

/** What is cosigned: a checkpoint without extension lines. */
interface Cosigned extends TreeHead {
  readonly origin: string;
}

/** Bytes of a timestamped signature: 8 of time, big-endian, then the signature. */
export const COSIGNATURE_ED25519_BYTES = 72;
export const COSIGNATURE_MLDSA44_BYTES = 2428;
const TIME_BYTES = 8;

/** Cosignature of type 0x04: 8 bytes time, 64 bytes Ed25519 signature. C2SP tlog-cosignature. */
export function cosignEd25519(suite: Suite, seed: Uint8Array, checkpoint: Cosigned, time: UnixSeconds): Uint8Array {
  return concatBytes(uint64(time), suite.signEd25519(seed, messageEd25519(checkpoint, time)));
}

/** Whether a 0x04 cosignature verifies. Never throws. The time it states is the cosigner's word: `cosignatureTime`. */
export function verifyCosignatureEd25519(
  suite: VerifySuite,
  publicKey: Uint8Array,
  checkpoint: Cosigned,
  cosignature: Uint8Array,
): boolean {
  if (cosignature.length !== COSIGNATURE_ED25519_BYTES) return false;
  const time = cosignatureTime(cosignature);
  if (time === undefined) return false;
  return suite.verifyEd25519(publicKey, messageEd25519(checkpoint, time), cosignature.subarray(TIME_BYTES));
}

/** Signature of type 0x06 over a checkpoint: 8 bytes time, 2,420 bytes ML-DSA-44 (empty context). `name` is the signer's key
 *  name: the log's origin when the log signs. C2SP tlog-cosignature, `cosigned_message` with start 0. */
export function cosignMldsa44(suite: Suite, seed: Uint8Array, name: string, checkpoint: Cosigned, time: UnixSeconds): Uint8Array {
  return concatBytes(uint64(time), suite.signMldsa44(seed, messageMldsa44(name, checkpoint, time)));
}

/** Whether a 0x06 signature of `name` verifies. Never throws. */
export function verifyCosignatureMldsa44(
  suite: VerifySuite,
  key: { readonly name: string; readonly publicKey: Uint8Array },
  checkpoint: Cosigned,
  cosignature: Uint8Array,
): boolean {
  if (cosignature.length !== COSIGNATURE_MLDSA44_BYTES || !fitsLength(key.name) || !fitsLength(checkpoint.origin)) return false;
  const time = cosignatureTime(cosignature);
  if (time === undefined) return false;
  return suite.verifyMldsa44(key.publicKey, messageMldsa44(key.name, checkpoint, time), cosignature.subarray(TIME_BYTES));
}

/** Seconds that a timestamped signature states; `undefined` beyond the year 9999, which no clock here says. */
export function cosignatureTime(cosignature: Uint8Array): UnixSeconds | undefined {
  let value = 0;
  for (let i = 0; i < TIME_BYTES; i++) value = value * 256 + (cosignature[i] ?? 0);
  return value <= 253_402_300_799 ? parseUnixSeconds(value) : undefined;
}

function messageEd25519(checkpoint: Cosigned, time: UnixSeconds): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`);
}

function messageMldsa44(name: string, checkpoint: Cosigned, time: UnixSeconds): Uint8Array {
  return concatBytes(
    utf8("subtree/v1\n\0"),
    short(name),
    uint64(time),
    short(checkpoint.origin),
    uint64(0),
    uint64(checkpoint.size),
    checkpoint.root,
  );
}

const fitsLength = (text: string): boolean => text.length > 0 && utf8(text).length <= 255;

/** A text as `opaque<1..255>` of RFC 8446 §3.4: one byte of length before it. */
function short(text: string): Uint8Array {
  assert(fitsLength(text), "a name of 1 to 255 bytes");
  const bytes = utf8(text);
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

function uint64(value: number): Uint8Array {
  const out = new Uint8Array(8);
  let rest = value;
  for (let i = 7; i >= 0; i--) {
    out[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return out;
}
