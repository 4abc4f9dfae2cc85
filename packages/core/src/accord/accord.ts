import { concatBytes, fromHex, toHex, utf8 } from "../encoding/bytes.ts";
import { decode, encode } from "../encoding/cbor.ts";
import { type Schema, bytes, list, object, plain, text, uint } from "../encoding/schema.ts";
import { RefusedInput } from "../errors.ts";
import type { Suite, VerifySuite } from "../crypto/suite.ts";
import { weakEd25519Key, weakXwingKey } from "../crypto/weak-key.ts";
import {
  type Digest,
  type Kid,
  type LineId,
  type LogId,
  type PartyId,
  type PartyKey,
  parseDigest,
  parseKid,
  parseLineId,
  parseLogId,
  parsePartyId,
  parsePartyKey,
} from "../ids.ts";
import { limits } from "../limits.ts";
import { type PartyFile, decodePartyFile } from "./party-file.ts";
import { type Terms, decodeTerms, unique } from "./terms.ts";

/** An accord in force: terms, party files, and the digests that bind every signature to them. Source: docs/spec/accord.md. */
export interface Accord {
  readonly terms: Terms;
  /** SHA-256 of the terms file. */
  readonly termsDigest: Digest;
  readonly line: LineId;
  /** What root holders signed, in hex. */
  readonly ceremony: Digest;
  /** In the order of the terms. */
  readonly parties: readonly Party[];
  readonly files: AccordFiles;
}

export interface Party {
  /** Named in the terms and not there: it has no file, no keys and no log, and whatever is said of it is another's account. */
  readonly absent?: true;
  readonly id: PartyId;
  readonly key: PartyKey;
  readonly file: PartyFile;
  /** SHA-256 of its party file. */
  readonly fileDigest: Digest;
  /** External data of every signature of this party: SHA-256(terms digest || its party-file digest). */
  readonly accordDigest: Uint8Array;
  readonly incarnation: LogId;
}

/** The files as they travel: exact bytes, with the root holders' signatures over the ceremony digest. */
export interface AccordFiles {
  readonly terms: Uint8Array;
  readonly parties: readonly Uint8Array[];
  readonly signatures: readonly RootSignature[];
}
export interface RootSignature {
  readonly party: string;
  /** Position among the party's root holders. */
  readonly holder: number;
  readonly ed25519: Uint8Array;
  readonly mldsa44: Uint8Array;
}

export const rootSignature: Schema<RootSignature> = object<RootSignature>({
  party: text(32),
  holder: uint(63),
  ed25519: bytes(64),
  mldsa44: bytes(2420),
});
export const accordFilesSchema: Schema<AccordFiles> = object<AccordFiles>({
  terms: bytes(),
  parties: list(bytes(), limits.partiesMax, 1),
  signatures: list(rootSignature, 1024),
});

export const encodeAccordFiles = (files: AccordFiles): Uint8Array => encode(plain(files));
export const decodeAccordFiles = (file: Uint8Array): AccordFiles => accordFilesSchema(decode(file), "accord");

/** SHA-256("openline/accord" || terms digest || all party-file digests in order of party id): 32 bytes. */
export function ceremonyDigest(suite: VerifySuite, terms: Uint8Array, parties: readonly { id: string; file: Uint8Array }[]): Uint8Array {
  const sorted = [...parties].sort((a, b) => (a.id < b.id ? -1 : 1));
  return suite.sha256(concatBytes(utf8("openline/accord"), suite.sha256(terms), ...sorted.map((party) => suite.sha256(party.file))));
}

/** How a party is named on the wire: first 8 bytes of SHA-256("openline/party" || id || root keys). */
export function partyKeyOf(suite: VerifySuite, file: PartyFile): PartyKey {
  const holders = file.root.holders.flatMap((holder) => [holder.ed25519, holder.mldsa44]);
  return parsePartyKey(toHex(suite.sha256(concatBytes(utf8("openline/party"), utf8(file.id), ...holders)).subarray(0, 8)));
}

/** First 16 bytes of SHA-256 of the first ceremony digest. */
export const lineOf = (suite: VerifySuite, ceremony: Uint8Array): LineId => parseLineId(toHex(suite.sha256(ceremony).subarray(0, 16)));

/** First 8 bytes of SHA-256 over a raw public key. */
export const kidOf = (suite: VerifySuite, publicKey: Uint8Array): Kid => parseKid(toHex(suite.sha256(publicKey).subarray(0, 8)));

/** What a root holder signs: domain, then the ceremony digest. */
export const rootMessage = (ceremony: Uint8Array): Uint8Array => concatBytes(utf8("openline/ceremony"), ceremony);

export function signAccord(
  suite: Suite,
  seeds: { ed25519: Uint8Array; mldsa44: Uint8Array },
  ceremony: Uint8Array,
): Pick<RootSignature, "ed25519" | "mldsa44"> {
  const message = rootMessage(ceremony);
  return { ed25519: suite.signEd25519(seeds.ed25519, message), mldsa44: suite.signMldsa44(seeds.mldsa44, message) };
}

/** Reads and checks a whole accord: files, keys, and t of n signatures of every party. Throws `RefusedInput`.
 *  `enrolled`: kids known on other lines, with their mode; a key is new on every line. */
export function readAccord(suite: VerifySuite, files: AccordFiles, enrolled: ReadonlyMap<Kid, string> = new Map()): Accord {
  const accord = readUnsignedAccord(suite, files, enrolled);
  for (const party of presentParties(accord)) checkSignatures(suite, party, files.signatures, fromHex(accord.ceremony));
  return accord;
}

/** The same without the signatures: what a ceremony works on until they are there. */
export function readUnsignedAccord(suite: VerifySuite, files: AccordFiles, enrolled: ReadonlyMap<Kid, string> = new Map()): Accord {
  const terms = decodeTerms(files.terms);
  const read = files.parties.map((bytes) => ({ bytes, file: decodePartyFile(bytes) }));
  unique(
    read.map((party) => party.file.id),
    "party file",
  );
  const ceremony = ceremonyDigest(
    suite,
    files.terms,
    read.map((party) => ({ id: party.file.id, file: party.bytes })),
  );
  // One party of two may stand alone: the line is one-sided until the other comes.
  const alone = terms.parties.length === 2 && read.length === 1;
  const parties = terms.parties.map((id): Party => {
    const found = read.find((party) => party.file.id === id);
    if (found === undefined && alone) return absentParty(suite, id);
    if (found === undefined) throw new RefusedInput("wrong-accord", `no file of party ${id}`);
    return {
      id: parsePartyId(id),
      key: partyKeyOf(suite, found.file),
      file: found.file,
      fileDigest: parseDigest(suite.sha256(found.bytes)),
      accordDigest: suite.sha256(concatBytes(suite.sha256(files.terms), suite.sha256(found.bytes))),
      incarnation: parseLogId(toHex(found.file.incarnation)),
    };
  });
  const present = parties.filter((party) => party.absent !== true);
  if (present.length === 0 || read.length !== present.length)
    throw new RefusedInput("wrong-accord", "a party file that the terms do not name");
  unique(
    present.map((party) => party.incarnation),
    "incarnation",
  );
  unique(
    present.map((party) => toHex(party.file.contribution)),
    "contribution",
  );
  unique(
    present.flatMap((party) => party.file.tls.map(toHex)),
    "certificate",
  );
  checkChannelsOfPosts(terms, present);
  checkKeys(suite, terms, present, enrolled);
  const termsDigest = parseDigest(suite.sha256(files.terms));
  return { terms, termsDigest, line: lineOf(suite, ceremony), ceremony: parseDigest(toHex(ceremony)), parties, files };
}

/** The parties that have a file: all of them, unless the line is one-sided. */
export const presentParties = ({ parties }: Pick<Accord, "parties">): readonly Party[] => parties.filter((party) => party.absent !== true);

/** Does one party stand alone on a line that names two? */
export const isOneSided = ({ parties }: Pick<Accord, "parties">): boolean => parties.some((party) => party.absent === true);

/** What stands in the place of a party that is not there. Its key and log are nobody's: they are made from its id. */
function absentParty(suite: VerifySuite, id: string): Party {
  const name = suite.sha256(concatBytes(utf8("openline/absent"), utf8(id)));
  const nothing = new Uint8Array(0);
  const file: PartyFile = {
    version: 1,
    base: null,
    id,
    name: { en: id },
    language: "",
    zone: "UTC",
    incarnation: name.subarray(0, 8),
    root: { threshold: 1, holders: [] },
    log: { ed25519: nothing, mldsa44: nothing },
    node: nothing,
    mirror: nothing,
    seal: nothing,
    tls: [],
    addresses: [],
    contribution: nothing,
    directory: [],
    posts: [],
    hours: null,
    holidays: [],
  };
  const incarnation = parseLogId(name.slice(0, 8));
  const base = { id: parsePartyId(id), key: parsePartyKey(name.slice(8, 16)), incarnation };
  return { ...base, absent: true, file, fileDigest: parseDigest(name), accordDigest: name };
}

function checkChannelsOfPosts(terms: Terms, parties: readonly Party[]): void {
  for (const party of parties) {
    for (const post of party.file.posts) {
      const lost = post.channels.find((id) => !terms.channels.some((channel) => channel.id === id));
      if (lost !== undefined) throw new RefusedInput("unknown-channel", `${party.id}: post ${post.id} names channel ${lost}`);
    }
  }
}

/** Every key canonical, of full order, and new: no key and no 8-byte kid twice, on any line. */
function checkKeys(suite: VerifySuite, terms: Terms, parties: readonly Party[], enrolled: ReadonlyMap<Kid, string>): void {
  const seen = new Set<Kid>();
  for (const { id, file } of parties) {
    const weak = weakKeyOf(file);
    if (weak !== undefined) throw new RefusedInput("weak-key", `${id}: ${weak}`);
    for (const key of keysOf(file)) {
      const kid = kidOf(suite, key);
      const mode = enrolled.get(kid);
      if (mode !== undefined && mode !== terms.mode)
        throw new RefusedInput("foreign-mode", `${id}: key ${kid} is enrolled on a line of mode ${mode}`);
      if (mode !== undefined || seen.has(kid)) throw new RefusedInput("reused-key", `${id}: key ${kid}`);
      seen.add(kid);
    }
  }
}

/** Every key that a party file enrols and that must be new: of root holders, log, node, mirror, directory and sealing. */
export function keysOf(file: PartyFile): readonly Uint8Array[] {
  return [...signingKeysOf(file), file.seal];
}

/** Why a key of a party file must not be enrolled, or nothing. */
export function weakKeyOf(file: PartyFile): string | undefined {
  for (const key of signingKeysOf(file)) {
    const weak = weakEd25519Key(key);
    if (weak !== undefined) return weak;
  }
  return weakXwingKey(file.seal);
}

function signingKeysOf(file: PartyFile): readonly Uint8Array[] {
  const roots = file.root.holders.map((holder) => holder.ed25519);
  return [...roots, file.log.ed25519, file.node, file.mirror, ...file.directory.map((entry) => entry.key)];
}

function checkSignatures(suite: VerifySuite, party: Party, signatures: readonly RootSignature[], ceremony: Uint8Array): void {
  const good = new Set<number>();
  for (const signature of signatures.filter((item) => item.party === party.id)) {
    checkSignature(suite, party.file, signature, ceremony);
    good.add(signature.holder);
  }
  if (good.size < party.file.root.threshold)
    throw new RefusedInput("wrong-accord", `${party.id}: ${good.size} of ${party.file.root.threshold} root signatures`);
}

/** One root signature over the ceremony digest, under both keys of its holder. Throws `RefusedInput`. */
export function checkSignature(suite: VerifySuite, file: PartyFile, signature: RootSignature, ceremony: Uint8Array): void {
  const message = rootMessage(ceremony);
  const holder = file.root.holders[signature.holder];
  if (holder === undefined) throw new RefusedInput("wrong-accord", `${file.id}: no root holder ${signature.holder}`);
  const valid =
    suite.verifyEd25519(holder.ed25519, message, signature.ed25519) && suite.verifyMldsa44(holder.mldsa44, message, signature.mldsa44);
  if (!valid) throw new RefusedInput("wrong-signature", `${file.id}: root holder ${signature.holder}`);
}

/** The full 256-bit ceremony digest as 80 digits in 16 groups of 5, for reading aloud. Each group is 16 bits. */
export function digitsOf(ceremony: Digest): string {
  const digest = fromHex(ceremony);
  const groups = Array.from({ length: 16 }, (_, i) => ((digest[2 * i] ?? 0) * 256 + (digest[2 * i + 1] ?? 0)).toString().padStart(5, "0"));
  return groups.join(" ");
}
