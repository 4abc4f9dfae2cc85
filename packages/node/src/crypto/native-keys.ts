import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { equalBytes, fromHex } from "@openline/core";

/** Raw keys as OpenSSL wants them. Each algorithm has one fixed DER head before its raw key: SubjectPublicKeyInfo (RFC 5280) for
 *  public keys, PKCS #8 with the seed alone (RFC 8410, 9881, 9935) for secret ones. */
export interface RawKind {
  readonly name: string;
  readonly publicHead: Uint8Array;
  readonly publicBytes: number;
  readonly secretHead: Uint8Array;
  readonly secretBytes: number;
}

const kind = (name: string, publicHead: string, publicBytes: number, secretHead: string, secretBytes: number): RawKind => ({
  name,
  publicHead: fromHex(publicHead),
  publicBytes,
  secretHead: fromHex(secretHead),
  secretBytes,
});

export const ed25519Kind: RawKind = kind("Ed25519", "302a300506032b6570032100", 32, "302e020100300506032b657004220420", 32);
export const x25519Kind: RawKind = kind("X25519", "302a300506032b656e032100", 32, "302e020100300506032b656e04220420", 32);
export const mldsa44Kind: RawKind = kind(
  "ML-DSA-44",
  "30820532300b06096086480165030403110382052100",
  1312,
  "3034020100300b060960864801650304031104228020",
  32,
);
/** The secret is the seed d || z of FIPS 203 §7.1. */
export const mlkem768Kind: RawKind = kind(
  "ML-KEM-768",
  "308204b2300b0609608648016503040402038204a100",
  1184,
  "3054020100300b060960864801650304040204428040",
  64,
);
/** A P-256 point, uncompressed. The node never signs with P-256, so the secret head is not used. */
export const p256Kind: RawKind = kind("P-256", "3059301306072a8648ce3d020106082a8648ce3d030107034200", 65, "", 0);

/** Throws `RangeError` for a wrong length and what OpenSSL throws for a key that it refuses. */
export function publicKeyObject(kind: RawKind, raw: Uint8Array): KeyObject {
  if (raw.length !== kind.publicBytes)
    throw new RangeError(`${kind.name} public key of ${kind.publicBytes} bytes expected, not ${raw.length}`);
  return createPublicKey({ key: Buffer.concat([kind.publicHead, raw]), format: "der", type: "spki" });
}

/** Throws `RangeError` for a wrong length. */
export function secretKeyObject(kind: RawKind, seed: Uint8Array): KeyObject {
  if (seed.length !== kind.secretBytes) throw new RangeError(`${kind.name} seed of ${kind.secretBytes} bytes expected, not ${seed.length}`);
  const der = Buffer.concat([kind.secretHead, seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  der.fill(0);
  return key;
}

/** The raw public key of either half. */
export function rawPublic(kind: RawKind, key: KeyObject): Uint8Array {
  const half = key.type === "private" ? createPublicKey(key) : key;
  return new Uint8Array(half.export({ format: "der", type: "spki" }).subarray(kind.publicHead.length));
}

/** Reading a key costs OpenSSL a third of a verification, and a line has few keys: the last `keysMax` are kept, the oldest goes
 *  first. A key that OpenSSL or `accept` refuses is kept as `undefined`, so that a peer gains nothing by repeating it. */
export class PublicKeys {
  readonly #kind: RawKind;
  readonly #keysMax: number;
  readonly #accept: (raw: Uint8Array) => boolean;
  readonly #held = new Map<string, KeyObject | undefined>();

  constructor(kind: RawKind, keysMax: number, accept: (raw: Uint8Array) => boolean) {
    this.#kind = kind;
    this.#keysMax = keysMax;
    this.#accept = accept;
  }

  get(raw: Uint8Array): KeyObject | undefined {
    if (raw.length !== this.#kind.publicBytes) return undefined;
    const name = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString("latin1");
    const held = this.#held.get(name);
    if (held !== undefined || this.#held.has(name)) return held;
    const read = this.#read(raw);
    if (this.#held.size >= this.#keysMax) for (const oldest of this.#held.keys()) return this.#replace(oldest, name, read);
    this.#held.set(name, read);
    return read;
  }

  #replace(oldest: string, name: string, read: KeyObject | undefined): KeyObject | undefined {
    this.#held.delete(oldest);
    this.#held.set(name, read);
    return read;
  }

  #read(raw: Uint8Array): KeyObject | undefined {
    if (!this.#accept(raw)) return undefined;
    try {
      return publicKeyObject(this.#kind, raw);
    } catch {
      return undefined;
    }
  }
}

/** The signing keys a node used last: its log, its own acts, its mirror. They live as long as the process anyway. Seeds that are to
 *  be erased (X-Wing) never come here. `read` makes of a seed what a library signs with, and throws `RangeError` for a wrong length. */
export class SigningKeys<Key> {
  readonly #read: (seed: Uint8Array) => Key;
  readonly #held: { readonly seed: Uint8Array; readonly key: Key }[] = [];

  constructor(read: (seed: Uint8Array) => Key) {
    this.#read = read;
  }

  get(seed: Uint8Array): Key {
    for (const held of this.#held) if (equalBytes(held.seed, seed)) return held.key;
    const key = this.#read(seed);
    this.#held.unshift({ seed: Uint8Array.from(seed), key });
    this.#held.length = Math.min(this.#held.length, signingKeysMax);
    return key;
  }
}

const signingKeysMax = 8;
