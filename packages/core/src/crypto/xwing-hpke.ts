import { type HpkeExporter, type HpkePsk, hpkeKeySchedule, xwingKemId } from "./hpke.ts";
import type { KemSuite } from "./suite.ts";

/** HPKE contexts over X-Wing: SetupBaseS/R and SetupPSKS/R of RFC 9180 §5.1.1-2. Source: docs/spec/crypto.md §7. */

export interface SenderInput {
  /** The receiver's X-Wing key, 1,216 bytes, already held to `weakXwingKey`. */
  readonly publicKey: Uint8Array;
  /** 64 fresh random bytes, never used twice. */
  readonly coins: Uint8Array;
  readonly info: Uint8Array;
  readonly psk?: HpkePsk | undefined;
}

export interface ReceiverInput {
  /** The seed of the receiver's X-Wing key, 32 bytes. */
  readonly seed: Uint8Array;
  /** What the sender sent: 1,120 bytes when it is right. */
  readonly enc: Uint8Array;
  readonly info: Uint8Array;
  readonly psk?: HpkePsk | undefined;
}

/** `enc` (1,120 bytes) travels to the receiver. Throws `RangeError` for lengths and a weak key. */
export function setupSender(suite: KemSuite, input: SenderInput): { readonly enc: Uint8Array; readonly exporter: HpkeExporter } {
  const { shared, ciphertext } = suite.xwingEncapsulate(input.publicKey, input.coins);
  const exporter = hpkeKeySchedule(suite, { kemId: xwingKemId, sharedSecret: shared, info: input.info, psk: input.psk });
  return { enc: ciphertext, exporter };
}

/** `undefined` when `enc` cannot have been made for any key. An `enc` made for another key, another `info` or another PSK gives
 *  an exporter whose values open nothing: the AEAD of the envelope is what refuses. */
export function setupReceiver(suite: KemSuite, input: ReceiverInput): HpkeExporter | undefined {
  const shared = suite.xwingDecapsulate(input.seed, input.enc);
  if (shared === undefined) return undefined;
  return hpkeKeySchedule(suite, { kemId: xwingKemId, sharedSecret: shared, info: input.info, psk: input.psk });
}
