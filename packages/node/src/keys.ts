import { type Suite, decode, encode, object, plain, bytes, type Schema } from "@openline/core";

/** The secrets of one node: seeds of 32 bytes. None of them speaks for a post. */
export interface NodeKeys {
  /** Signs the node's own acts. */
  readonly node: Uint8Array;
  /** Signs the log's checkpoints. */
  readonly log: { readonly ed25519: Uint8Array; readonly mldsa44: Uint8Array };
  /** Cosigns the counterpart's checkpoints. */
  readonly mirror: Uint8Array;
  /** Hides who speaks to whom in the origins of checkpoints; both parties have it. */
  readonly lineSecret: Uint8Array;
}

const schema: Schema<NodeKeys> = object<NodeKeys>({
  node: bytes(32),
  log: object<NodeKeys["log"]>({ ed25519: bytes(32), mldsa44: bytes(32) }),
  mirror: bytes(32),
  lineSecret: bytes(32),
});

export const encodeNodeKeys = (keys: NodeKeys): Uint8Array => encode(plain(keys));
/** Throws `RefusedInput` on anything but a key file. */
export const decodeNodeKeys = (file: Uint8Array): NodeKeys => schema(decode(file), "keys");

/** The public halves, as a party file names them. */
export function publicKeys(
  suite: Suite,
  keys: NodeKeys,
): { node: Uint8Array; mirror: Uint8Array; log: { ed25519: Uint8Array; mldsa44: Uint8Array } } {
  return {
    node: suite.ed25519Public(keys.node),
    mirror: suite.ed25519Public(keys.mirror),
    log: { ed25519: suite.ed25519Public(keys.log.ed25519), mldsa44: suite.mldsa44Public(keys.log.mldsa44) },
  };
}
