import { fromHex, utf8 } from "../encoding/bytes.ts";
import { type Cbor, type CborMap, decode, encode } from "../encoding/cbor.ts";
import { asBytes, asList, asMap, asText, asTuple, asUint, hasDouble, onlyKeys } from "../encoding/shape.ts";
import { RefusedInput } from "../errors.ts";
import {
  type ActId,
  type ChannelNumber,
  type Digest,
  type Kid,
  type LeafHash,
  type LineId,
  type PartyKey,
  type PostId,
  type UnixMillis,
  type UnixSeconds,
  parseActId,
  parseChannelNumber,
  parseDigest,
  parseKid,
  parseLeafHash,
  parseLineId,
  parsePartyKey,
  parsePostId,
  parseUnixMillis,
  parseUnixSeconds,
} from "../ids.ts";
import { limits } from "../limits.ts";
import { type Facts, decodeFacts, encodeFacts } from "./facts.ts";
import { type KindName, type Precedence, KINDS, PRECEDENCES, kindOfCode } from "./kinds.ts";

/** An act is what people sign: a header, and up to four releases over it. Source: docs/spec/acts.md §2. */
export interface Act {
  readonly header: Header;
  readonly releases: readonly Release[];
  /** The exact bytes: the COSE_Sign-shaped array, and the payload inside it that the signatures cover. */
  readonly bytes: Uint8Array;
  readonly payload: Uint8Array;
}

export interface Header {
  readonly line: LineId;
  readonly party: PartyKey;
  readonly actId: ActId;
  /** `undefined`: a kind of a later version, kept under its number. */
  readonly kind: KindName | undefined;
  readonly kindCode: number;
  readonly channel: ChannelNumber;
  readonly precedence: Precedence;
  readonly drafted: UnixMillis;
  readonly from?: PostId;
  /** Posts addressed: `post`, or `party/post` on a line of more than two. */
  readonly to: readonly string[];
  /** Commitment to the body: SHA-256 of its disclosure. */
  readonly body?: Digest;
  readonly refs: readonly LeafHash[];
  readonly facts: Facts;
  /** The author does not stand by the act if it is placed later than this. */
  readonly notAfter: UnixSeconds;
}

export const ALG_ED25519 = -19;
export const ALG_WEBAUTHN_ES256 = -70_009;
const LABEL_ROLE = -70_003;
const LABEL_TIME = -70_004;
const LABEL_AUTHENTICATOR_DATA = -70_001;
const LABEL_CLIENT_DATA = -70_002;

export const ROLES = ["author", "releaser", "node"] as const;
export type Role = (typeof ROLES)[number];

export interface Release {
  readonly alg: number;
  readonly kid: Kid;
  readonly role: Role;
  readonly time: UnixSeconds;
  readonly webauthn?: { readonly authenticatorData: Uint8Array; readonly clientDataJson: Uint8Array };
  readonly signature: Uint8Array;
  readonly protectedBytes: Uint8Array;
}

const HEADER_KEYS: ReadonlySet<number | string> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);

/** The payload that signatures cover: the header as deterministic CBOR. */
export function encodeHeader(header: Omit<Header, "kindCode" | "kind"> & { readonly kind: KindName }): Uint8Array {
  const map = new Map<number, Cbor>([
    [1, 1],
    [2, fromHex(header.line)],
    [3, fromHex(header.party)],
    [4, fromHex(header.actId)],
    [5, KINDS[header.kind].code],
    [6, header.channel],
    [7, PRECEDENCES.indexOf(header.precedence)],
    [8, header.drafted],
  ]);
  if (header.from !== undefined) map.set(9, [header.from, [...header.to]]);
  if (header.body !== undefined) map.set(10, fromHex(header.body));
  if (header.refs.length > 0) map.set(11, header.refs.map(fromHex));
  const facts = encodeFacts(header.facts);
  if (facts.size > 0) map.set(12, facts);
  map.set(13, header.notAfter);
  return encode(map);
}

/** Throws `RefusedInput`. */
export function decodeHeader(payload: Uint8Array): Header {
  const map = asMap(decode(payload), "header");
  if (map.get(1) !== 1) throw new RefusedInput("unsupported-version", "header version other than 1");
  onlyKeys(map, "header", HEADER_KEYS);
  const kindCode = asUint(map.get(5), "kind", 65_535);
  const kind = kindOfCode(kindCode);
  const precedence = PRECEDENCES[asUint(map.get(7), "precedence", 3)];
  if (precedence === undefined) throw new RefusedInput("malformed", "precedence");
  const line = parseLineId(asBytes(map.get(2), "line", 16));
  const party = parsePartyKey(asBytes(map.get(3), "party", 8));
  const actId = parseActId(asBytes(map.get(4), "act id", 16));
  const channel = parseChannelNumber(asUint(map.get(6), "channel", limits.channelsMax));
  const drafted = parseUnixMillis(asUint(map.get(8), "drafted", 253_402_300_799_999));
  const { from, to } = posts(map);
  const body = map.has(10) ? parseDigest(asBytes(map.get(10), "body commitment", 32)) : undefined;
  const refs = map.has(11) ? references(map.get(11)) : [];
  // The facts of a kind we do not know cannot be read; they stay in the bytes.
  const facts = kind === undefined || !map.has(12) ? {} : decodeFacts(kind, asMap(map.get(12), "facts"));
  const notAfter = parseUnixSeconds(asUint(map.get(13), "not placed after", 253_402_300_799));
  // Set afterwards and not spread: a spread costs as much as reading a header does, and this is done for every entry.
  const header: Open<Header> = { line, party, actId, kind, kindCode, channel, precedence, drafted, to, refs, facts, notAfter };
  if (from !== undefined) header.from = from;
  if (body !== undefined) header.body = body;
  return header;
}

/** A value that is still being made. */
type Open<T> = { -readonly [K in keyof T]: T[K] };

function posts(map: CborMap): { from?: PostId; to: readonly string[] } {
  if (!map.has(9)) return { to: [] };
  const [from, to] = asTuple(map.get(9), "posts", 2);
  const author = postName(from ?? null);
  if (author.includes("/")) throw new RefusedInput("malformed", "an author's post stands without its party");
  return { from: parsePostId(author), to: asList(to, "posts addressed", limits.recipientsMax).map(postName) };
}

function postName(value: Cbor): string {
  const text = asText(value, "post", 97);
  if (!/^([a-z][a-z0-9-]{1,31}\/)?[a-z][a-z0-9-]{0,63}$/.test(text)) throw new RefusedInput("malformed", `post "${text}"`);
  return text;
}

function references(value: Cbor | undefined): readonly LeafHash[] {
  const list = asList(value, "references", limits.referencesMax).map((leaf) => parseLeafHash(asBytes(leaf, "reference", 32)));
  if (list.length === 0 || hasDouble(list)) throw new RefusedInput("malformed", "references: empty or doubled");
  return list;
}

/** The protected bytes of a release. */
export function encodeProtected(release: Pick<Release, "alg" | "kid" | "role" | "time">): Uint8Array {
  return encode(
    new Map<number, Cbor>([
      [1, release.alg],
      [4, fromHex(release.kid)],
      [LABEL_ROLE, ROLES.indexOf(release.role)],
      [LABEL_TIME, release.time],
    ]),
  );
}

const PROTECTED_KEYS: ReadonlySet<number | string> = new Set([1, 4, LABEL_ROLE, LABEL_TIME]);

/** What a release signs: RFC 9052 §4.4 Sig_structure with the author's accord digest as external data. */
export function signedBytes(protectedBytes: Uint8Array, accordDigest: Uint8Array, payload: Uint8Array): Uint8Array {
  return encode(["Signature", new Uint8Array(0), protectedBytes, accordDigest, payload]);
}

export function encodeAct(payload: Uint8Array, releases: readonly Release[]): Uint8Array {
  const list = releases.map((release): Cbor => [release.protectedBytes, unprotectedOf(release), release.signature]);
  return encode([new Uint8Array(0), new Map<number, Cbor>(), payload, list]);
}

function unprotectedOf(release: Release): CborMap {
  if (release.webauthn === undefined) return new Map<number, Cbor>();
  return new Map<number, Cbor>([
    [LABEL_AUTHENTICATOR_DATA, release.webauthn.authenticatorData],
    [LABEL_CLIENT_DATA, release.webauthn.clientDataJson],
  ]);
}

/** Throws `RefusedInput`. */
export function decodeAct(bytes: Uint8Array): Act {
  const [empty, unprotected, payload, releases] = asTuple(decode(bytes), "act", 4);
  if (asBytes(empty, "act protected").length !== 0) throw new RefusedInput("malformed", "act protected: must be empty");
  if (asMap(unprotected, "act unprotected").size !== 0) throw new RefusedInput("malformed", "act unprotected: must be empty");
  const list = asList(releases, "releases", limits.releasesMax).map(decodeRelease);
  if (list.length === 0) throw new RefusedInput("malformed", "releases: none");
  const header = asBytes(payload, "header");
  return { header: decodeHeader(header), releases: list, bytes, payload: header };
}

function decodeRelease(value: Cbor): Release {
  const [protectedValue, unprotected, signature] = asTuple(value, "release", 3);
  const protectedBytes = asBytes(protectedValue, "release protected");
  const map = asMap(decode(protectedBytes), "release protected");
  onlyKeys(map, "release protected", PROTECTED_KEYS);
  const role = ROLES[asUint(map.get(LABEL_ROLE), "role", 2)];
  const alg = map.get(1);
  if (role === undefined || typeof alg !== "number") throw new RefusedInput("malformed", "release: role or algorithm");
  const kid = parseKid(asBytes(map.get(4), "kid", 8));
  const time = parseUnixSeconds(asUint(map.get(LABEL_TIME), "release time", 253_402_300_799));
  const device = webauthnOf(asMap(unprotected, "release unprotected"), alg);
  const release: Open<Release> = { alg, kid, role, time, signature: asBytes(signature, "signature"), protectedBytes };
  if (device !== undefined) release.webauthn = device;
  return release;
}

function webauthnOf(map: CborMap, alg: number): Release["webauthn"] {
  if (alg !== ALG_WEBAUTHN_ES256) {
    if (map.size !== 0) throw new RefusedInput("malformed", "release unprotected: must be empty");
    return undefined;
  }
  onlyKeys(map, "release unprotected", new Set([LABEL_AUTHENTICATOR_DATA, LABEL_CLIENT_DATA]));
  const authenticatorData = asBytes(map.get(LABEL_AUTHENTICATOR_DATA), "authenticator data");
  return { authenticatorData, clientDataJson: asBytes(map.get(LABEL_CLIENT_DATA), "client data") };
}

/** Domain strings stand in front of every hash that is not a tree's. */
export const domain = (name: string): Uint8Array => utf8(`openline/${name}`);
