import {
  type PartyFile,
  type Schema,
  type Suite,
  bytes,
  decode,
  encode,
  limits,
  list,
  nullable,
  object,
  plain,
  record,
  text,
} from "@openline/core";
import type { TlsIdentity } from "./bearers/tls/certificate.ts";

type Fields<T> = { readonly [K in keyof T]-?: Schema<T[K]> };

/** The secrets of one node: seeds of 32 bytes. None of them speaks for a post. */
export interface NodeKeys {
  /** Signs the node's own acts. */
  readonly node: Uint8Array;
  /** Signs the log's checkpoints. */
  readonly log: { readonly ed25519: Uint8Array; readonly mldsa44: Uint8Array };
  /** Cosigns the counterpart's checkpoints. */
  readonly mirror: Uint8Array;
  /** Opens what peers sealed to the key in the party file. */
  readonly seal: Uint8Array;
  /** By peer: the pre-shared key with it, 32 bytes; null once it is lost, until a new one is carried. */
  readonly psks: Readonly<Record<string, Uint8Array | null>>;
  /** For direct bearers, PEM; null where there are none. */
  readonly tls: TlsIdentity | null;
  /** Hides who speaks to whom in the origins of checkpoints; both parties have it. */
  readonly lineSecret: Uint8Array;
  /** Made since the ceremony. The record says which of them counts when. */
  readonly later?: LaterKeys;
}

export interface LaterKeys {
  /** TLS identities, the oldest first. */
  readonly tls: readonly TlsIdentity[];
  /** Seeds of keys that sign the node's own acts, the oldest first. */
  readonly node: readonly Uint8Array[];
}
export const noLaterKeys: LaterKeys = { tls: [], node: [] };

const identity: Schema<TlsIdentity> = object<TlsIdentity>({ key: text(limits.pemBytesMax), certificate: text(limits.pemBytesMax) });
const LATER_MAX = 8;
const first: Fields<Omit<NodeKeys, "later">> = {
  node: bytes(32),
  log: object<NodeKeys["log"]>({ ed25519: bytes(32), mldsa44: bytes(32) }),
  mirror: bytes(32),
  seal: bytes(32),
  psks: record(nullable(bytes(32)), limits.partiesMax),
  tls: nullable(identity),
  lineSecret: bytes(32),
};
const schema = object<Omit<NodeKeys, "later">>(first);
const withLater = object<NodeKeys>({
  ...first,
  later: object<LaterKeys>({ tls: list(identity, LATER_MAX), node: list(bytes(32), LATER_MAX) }),
});

export const encodeNodeKeys = (keys: NodeKeys): Uint8Array => encode(plain(keys));
/** Throws `RefusedInput` on anything but a key file. */
export function decodeNodeKeys(file: Uint8Array): NodeKeys {
  const read = decode(file);
  return read instanceof Map && read.has("later") ? withLater(read, "keys") : schema(read, "keys");
}

/** Every TLS identity that a node has, the oldest first. */
export const tlsIdentities = ({ tls, later }: Pick<NodeKeys, "tls" | "later">): readonly TlsIdentity[] => [
  ...(tls === null ? [] : [tls]),
  ...(later?.tls ?? []),
];

/** The public halves, as a party file names them. */
export function publicKeys(
  suite: Suite,
  keys: Pick<NodeKeys, "node" | "mirror" | "log" | "seal">,
): Pick<PartyFile, "node" | "mirror" | "log" | "seal"> {
  return {
    node: suite.ed25519Public(keys.node),
    mirror: suite.ed25519Public(keys.mirror),
    seal: suite.xwingPublic(keys.seal),
    log: { ed25519: suite.ed25519Public(keys.log.ed25519), mldsa44: suite.mldsa44Public(keys.log.mldsa44) },
  };
}
