import { concatBytes, utf8 } from "../encoding/bytes.ts";
import { hkdfExpand } from "./hkdf.ts";
import type { KemSuite } from "./suite.ts";

/** The part of HPKE (RFC 9180) that sealing stands on: the key schedule of mode_base and mode_psk with HKDF-SHA256 and the
 *  export-only AEAD. What the schedule gives is an exporter; keys of envelopes are exported values.
 *  Source: docs/spec/crypto.md §7, RFC 9180 §4, §5.1, §5.3. */

/** The KEM of every suite that Openline uses. draft-connolly-cfrg-xwing-kem. */
export const xwingKemId = 0x647a;

/** A pre-shared key of 32 bytes or more, and its name on the wire. */
export interface HpkePsk {
  readonly psk: Uint8Array;
  readonly pskId: Uint8Array;
}

/** Both ends of one encapsulation hold equal exporters. */
export interface HpkeExporter {
  /** `length` bytes (0 to 8,160) bound to `exporterContext`. RFC 9180 §5.3. Throws `RangeError` for another length. */
  export(exporterContext: Uint8Array, length: number): Uint8Array;
}

export interface HpkeSetup {
  readonly kemId: number;
  readonly sharedSecret: Uint8Array;
  readonly info: Uint8Array;
  /** Given: mode_psk. Absent: mode_base. */
  readonly psk?: HpkePsk | undefined;
}

type Hmac = Pick<KemSuite, "hmacSha256">;

/** KeySchedule() of RFC 9180 §5.1. Throws `RangeError` for a PSK under 32 bytes or without a name: the PSK is our own. */
export function hpkeKeySchedule(suite: Hmac, setup: HpkeSetup): HpkeExporter {
  const psk = setup.psk?.psk ?? empty;
  const pskId = setup.psk?.pskId ?? empty;
  if (setup.psk !== undefined && (psk.length < 32 || pskId.length === 0))
    throw new RangeError("PSK of 32 bytes or more, with a name, expected");
  const labels = labelled(suite, concatBytes(utf8("HPKE"), twoBytes(setup.kemId), kdfHkdfSha256, aeadExportOnly));
  const mode = Uint8Array.of(setup.psk === undefined ? modeBase : modePsk);
  const context = concatBytes(mode, labels.extract(empty, "psk_id_hash", pskId), labels.extract(empty, "info_hash", setup.info));
  const secret = labels.extract(setup.sharedSecret, "secret", psk);
  const exporterSecret = labels.expand(secret, "exp", context, hashBytes);
  return { export: (exporterContext, length) => labels.expand(exporterSecret, "sec", exporterContext, length) };
}

/** LabeledExtract and LabeledExpand of RFC 9180 §4 under one suite id. */
export interface HpkeLabels {
  extract(salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array;
  expand(prk: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array;
}

/** `suiteId` is "HPKE" || kem || kdf || aead for the key schedule. */
export function labelled(suite: Hmac, suiteId: Uint8Array): HpkeLabels {
  const version = utf8("HPKE-v1");
  return {
    extract: (salt, label, ikm) => suite.hmacSha256(salt, concatBytes(version, suiteId, utf8(label), ikm)),
    expand: (prk, label, info, length) =>
      hkdfExpand(suite, prk, concatBytes(twoBytes(length), version, suiteId, utf8(label), info), length),
  };
}

const twoBytes = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

const empty = new Uint8Array(0);
const hashBytes = 32;
const modeBase = 0;
const modePsk = 1;
const kdfHkdfSha256 = twoBytes(0x0001);
const aeadExportOnly = twoBytes(0xffff);
