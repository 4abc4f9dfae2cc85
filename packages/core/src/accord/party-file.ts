import { decode, encode } from "../encoding/cbor.ts";
import { type Schema, bytes, flag, list, nullable, object, plain, record, text, uint } from "../encoding/schema.ts";
import { RefusedInput } from "../errors.ts";
import { limits } from "../limits.ts";
import { type Texts, unique } from "./terms.ts";

/** A party's own half of an accord: its keys, posts and hours. It alone changes it. Source: docs/spec/accord.md §3. */
export interface PartyFile {
  readonly version: number;
  readonly base: Uint8Array | null;
  readonly id: string;
  readonly name: Texts;
  readonly language: string;
  readonly zone: string;
  /** The first incarnation of its log, 8 bytes. */
  readonly incarnation: Uint8Array;
  readonly root: RootKeys;
  /** Signs checkpoints: Ed25519 each time, ML-DSA-44 daily and in packs. */
  readonly log: KeyPair;
  /** Signs the node's own acts, Ed25519. */
  readonly node: Uint8Array;
  /** Cosigns the counterpart's checkpoints, Ed25519. */
  readonly mirror: Uint8Array;
  /** X-Wing key to which peers seal when no prekey of an epoch is there: the last resort, without forward secrecy. 1,216 bytes. */
  readonly seal: Uint8Array;
  /** SHA-256 of the SubjectPublicKeyInfo of each certificate it may show on a direct bearer. */
  readonly tls: readonly Uint8Array[];
  /** Where its node may be dialled, `host:port`; none for a party that only dials, or is reached by other bearers. */
  readonly addresses: readonly string[];
  /** Commitment to its secret contribution, 32 bytes (`accord/contribution.ts`). */
  readonly contribution: Uint8Array;
  /** Directory keys name and revoke post keys; each stands for one person. */
  readonly directory: readonly DirectoryKey[];
  readonly posts: readonly Post[];
  /** Windows of the week in which its clocks run, in minutes from Monday 00:00Z; null: always. */
  readonly hours: readonly WeekWindow[] | null;
  /** Days on which they do not: seconds of 00:00Z. */
  readonly holidays: readonly number[];
}

/** `threshold` of the holders must sign an accord file. */
export interface RootKeys {
  readonly threshold: number;
  readonly holders: readonly KeyPair[];
}
export interface KeyPair {
  readonly ed25519: Uint8Array;
  readonly mldsa44: Uint8Array;
}
export interface DirectoryKey {
  readonly key: Uint8Array;
  /** Salted commitment to the person. */
  readonly person: Uint8Array;
}
export interface Post {
  readonly id: string;
  readonly name: Texts;
  readonly channels: readonly string[];
  /** Its calls count as calls between principals. */
  readonly principal: boolean;
  readonly deputy: string | null;
}
export interface WeekWindow {
  readonly from: number;
  readonly to: number;
}

const WEEK_MINUTES = 7 * 24 * 60;
const postId = text(64, /^[a-z][a-z0-9-]{0,63}$/);
const texts: Schema<Texts> = record(text(limits.shortTextBytesMax));
const pair: Schema<KeyPair> = object<KeyPair>({ ed25519: bytes(32), mldsa44: bytes(1312) });

/** A host name, an IPv4 address or an IPv6 address in brackets, then a port: nothing that could mean a path or an option. */
const ADDRESS = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]):[1-9][0-9]{0,4}$/;
const address: Schema<string> = (value, what) => {
  const read = text(260, ADDRESS)(value, what);
  if (!portFits(read)) throw new RefusedInput("malformed", `${what}: port above 65535`);
  return read;
};
const portFits = (text: string): boolean => Number(text.slice(text.lastIndexOf(":") + 1)) <= 65_535;

/** Whether this is an address as a party file may have it: `host:port`. */
export const isAddress = (text: string): boolean => ADDRESS.test(text) && portFits(text);

const schema: Schema<PartyFile> = object<PartyFile>({
  version: uint(1),
  base: nullable(bytes(32)),
  id: text(32, /^[a-z][a-z0-9-]{1,31}$/),
  name: texts,
  language: text(16),
  zone: text(64),
  incarnation: bytes(8),
  root: object<RootKeys>({ threshold: uint(64), holders: list(pair, 64, 1) }),
  log: pair,
  node: bytes(32),
  mirror: bytes(32),
  seal: bytes(1216),
  tls: list(bytes(32), limits.certificatesMax),
  addresses: list(address, limits.addressesMax),
  contribution: bytes(32),
  directory: list(object<DirectoryKey>({ key: bytes(32), person: bytes(32) }), 64, 2),
  posts: list(
    object<Post>({ id: postId, name: texts, channels: list(text(32), limits.channelsMax), principal: flag, deputy: nullable(postId) }),
    1024,
  ),
  hours: nullable(list(object<WeekWindow>({ from: uint(WEEK_MINUTES), to: uint(WEEK_MINUTES) }), 64, 1)),
  holidays: list(uint(253_402_300_799), 1000),
});

export const encodePartyFile = (file: PartyFile): Uint8Array => encode(plain(file));

/** Reads a party file. Throws `RefusedInput`. Keys are checked for weakness when the accord is read. */
export function decodePartyFile(file: Uint8Array): PartyFile {
  if (file.length > limits.accordFileBytesMax) throw new RefusedInput("oversized", "party file");
  const party = schema(decode(file), "party");
  if (party.version !== 1) throw new RefusedInput("unsupported-version", "party file version other than 1");
  const { threshold, holders } = party.root;
  if (threshold < 1 || threshold > holders.length) throw new RefusedInput("malformed", `threshold ${threshold} of ${holders.length}`);
  unique(
    party.posts.map((post) => post.id),
    "post",
  );
  unique(
    party.directory.map((key) => key.person.join()),
    "directory person",
  );
  unique(
    party.tls.map((pin) => pin.join()),
    "certificate",
  );
  unique(party.addresses, "address");
  let before = -1;
  for (const window of party.hours ?? []) {
    if (window.from <= before || window.to <= window.from) throw new RefusedInput("malformed", "hours: out of order");
    before = window.to;
  }
  return party;
}
