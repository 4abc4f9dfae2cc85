import type { HpkeExporter } from "../crypto/hpke.ts";
import type { AeadSuite, KemSuite } from "../crypto/suite.ts";
import { setupReceiver, setupSender } from "../crypto/xwing-hpke.ts";
import { concatBytes, fromHex, toHex, utf8 } from "../encoding/bytes.ts";
import { encode } from "../encoding/cbor.ts";
import { type Result, ok, refuse } from "../errors.ts";
import type { LeafHash, LineId, PartyKey } from "../ids.ts";
import { limits } from "../limits.ts";
import type { Sha256 } from "../log/tree.ts";

/** What a frame travels in: bytes in which a stranger reads nothing, neither who speaks nor to whom. Every envelope is sealed alone, so
 *  any order and any doubling is fine and nothing is counted. Source: docs/spec/sealing.md. */

/** What an encapsulation is bound to. `prekey`: the receiver's prekey act; null: the key in its party file. */
export interface SealContext {
  readonly line: LineId;
  readonly from: PartyKey;
  readonly to: PartyKey;
  readonly prekey: LeafHash | null;
}

/** One encapsulation: its two ends hold equal exporters. */
export interface Encapsulation {
  /** 1,120 bytes. */
  readonly enc: Uint8Array;
  /** 16 hex digits; told to the sender inside an envelope, as proof that it was opened. */
  readonly name: string;
  readonly exporter: HpkeExporter;
}

type SealSuite = KemSuite & AeadSuite & Sha256;
const ENC_BYTES = 1120;
const ID_BYTES = 16;
const MARK_BYTES = 8;
const NAME_BYTES = 8;
const TAG_BYTES = 16;
const WITH_ENC = 0;
const WITHOUT_ENC = 1;
/** Names of encapsulations that one envelope tells of. */
const HEARD_MAX = 8;

/** Bytes that an envelope adds to a frame at most. */
export const envelopeOverheadMax: number = 1 + ID_BYTES + MARK_BYTES + ENC_BYTES + TAG_BYTES + 1 + HEARD_MAX * NAME_BYTES;

const infoOf = ({ line, from, to, prekey }: SealContext): Uint8Array =>
  encode(["openline/seal", fromHex(line), fromHex(from), fromHex(to), prekey === null ? null : fromHex(prekey)]);

/** Mode_psk with a PSK, named on no wire; mode_base without one, after a `psk-lost` only. */
const pskOf = (suite: Sha256, psk: Uint8Array | null): { psk: Uint8Array; pskId: Uint8Array } | undefined =>
  psk === null ? undefined : { psk, pskId: suite.sha256(concatBytes(utf8("openline/psk"), psk)).subarray(0, 8) };

const nameOf = (suite: Sha256, enc: Uint8Array): string =>
  toHex(suite.sha256(concatBytes(utf8("openline/enc"), enc)).subarray(0, NAME_BYTES));

/** The sender's end of a new encapsulation. `publicKey` has passed `weakXwingKey`; `coins` are 64 fresh random bytes. */
export function encapsulate(
  suite: SealSuite,
  options: { readonly publicKey: Uint8Array; readonly context: SealContext; readonly psk: Uint8Array | null; readonly coins: Uint8Array },
): Encapsulation {
  const { publicKey, context, psk, coins } = options;
  const { enc, exporter } = setupSender(suite, { publicKey, coins, info: infoOf(context), psk: pskOf(suite, psk) });
  return { enc, name: nameOf(suite, enc), exporter };
}

/** The receiver's end. `undefined` when `enc` cannot have been made for any key. */
export function decapsulate(
  suite: SealSuite,
  options: { readonly seed: Uint8Array; readonly context: SealContext; readonly psk: Uint8Array | null; readonly enc: Uint8Array },
): Encapsulation | undefined {
  const { seed, context, psk, enc } = options;
  const exporter = setupReceiver(suite, { seed, enc, info: infoOf(context), psk: pskOf(suite, psk) });
  return exporter === undefined ? undefined : { enc, name: nameOf(suite, enc), exporter };
}

/** Seals a frame. `id`: 16 fresh random bytes. `publicKey`: given while it is not proven that the receiver has opened an envelope of this
 *  encapsulation, whose `enc` then travels too. `heard`: encapsulations of the other end that were opened here. */
export function sealEnvelope(
  suite: SealSuite,
  encapsulation: Encapsulation,
  options: {
    readonly id: Uint8Array;
    readonly publicKey: Uint8Array | undefined;
    readonly heard: readonly string[];
    readonly frame: Uint8Array;
  },
): Uint8Array {
  const { id, publicKey, frame } = options;
  const heard = options.heard.slice(0, HEARD_MAX);
  const { exporter, enc } = encapsulation;
  const head =
    publicKey === undefined
      ? concatBytes(Uint8Array.of(WITHOUT_ENC), id, markOf(exporter, id))
      : concatBytes(Uint8Array.of(WITH_ENC), id, markOfKey(suite, publicKey, id), enc);
  const { key, nonce } = keyOf(exporter, id);
  const inner = concatBytes(Uint8Array.of(heard.length), ...heard.map(fromHex), frame);
  return concatBytes(head, suite.sealAes256Gcm(key, nonce, head, inner));
}

/** An envelope as a stranger sees it. */
export interface Envelope {
  readonly id: Uint8Array;
  /** Which key or exporter opens it, for who has it; it tells nobody else anything, since it changes with every envelope. */
  readonly mark: Uint8Array;
  readonly enc: Uint8Array | undefined;
  readonly head: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** Takes an envelope apart. What is no envelope is `malformed`, `truncated` or `oversized`. */
export function parseEnvelope(bytes: Uint8Array): Result<Envelope> {
  if (bytes.length > limits.frameBytesMax + envelopeOverheadMax) return refuse("oversized", `envelope of ${bytes.length} bytes`);
  const kind = bytes[0];
  if (kind !== WITH_ENC && kind !== WITHOUT_ENC) return refuse("malformed", "no envelope");
  const fixed = 1 + ID_BYTES + MARK_BYTES;
  const headBytes = fixed + (kind === WITH_ENC ? ENC_BYTES : 0);
  if (bytes.length < headBytes + TAG_BYTES + 1) return refuse("truncated", `envelope of ${bytes.length} bytes`);
  return ok({
    id: bytes.subarray(1, 1 + ID_BYTES),
    mark: bytes.subarray(1 + ID_BYTES, fixed),
    enc: kind === WITH_ENC ? bytes.subarray(fixed, headBytes) : undefined,
    head: bytes.subarray(0, headBytes),
    ciphertext: bytes.subarray(headBytes),
  });
}

/** The mark of an envelope whose `enc` was made for this key. */
export const markOfKey = (suite: Sha256, publicKey: Uint8Array, id: Uint8Array): Uint8Array =>
  suite.sha256(concatBytes(utf8("openline/mark"), publicKey, id)).subarray(0, MARK_BYTES);

/** The mark of a later envelope of an encapsulation. */
export const markOf = (exporter: HpkeExporter, id: Uint8Array): Uint8Array =>
  exporter.export(concatBytes(utf8("openline/mark"), id), MARK_BYTES);

function keyOf(exporter: HpkeExporter, id: Uint8Array): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const value = exporter.export(concatBytes(utf8("openline/envelope"), id), 44);
  return { key: value.subarray(0, 32), nonce: value.subarray(32) };
}

/** Opens an envelope with the exporter of its encapsulation. `undefined` where it does not open, whatever the cause. */
export function openEnvelope(
  suite: AeadSuite,
  exporter: HpkeExporter,
  envelope: Envelope,
): { readonly heard: readonly string[]; readonly frame: Uint8Array } | undefined {
  const { key, nonce } = keyOf(exporter, envelope.id);
  const inner = suite.openAes256Gcm(key, nonce, envelope.head, envelope.ciphertext);
  const count = inner?.[0];
  if (inner === undefined || count === undefined || count > HEARD_MAX || inner.length < 1 + count * NAME_BYTES) return undefined;
  const heard = Array.from({ length: count }, (_, i) => toHex(inner.subarray(1 + i * NAME_BYTES, 1 + (i + 1) * NAME_BYTES)));
  return { heard, frame: inner.subarray(1 + count * NAME_BYTES) };
}
