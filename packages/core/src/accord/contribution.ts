import { concatBytes, equalBytes, fromHex, utf8 } from "../encoding/bytes.ts";
import { decode, encode } from "../encoding/cbor.ts";
import { type Schema, bytes, object, plain, text, uint } from "../encoding/schema.ts";
import { RefusedInput, assert } from "../errors.ts";
import { hkdfExpand, hkdfExtract } from "../crypto/hkdf.ts";
import type { HpkeExporter } from "../crypto/hpke.ts";
import type { Suite, VerifySuite } from "../crypto/suite.ts";
import { setupReceiver, setupSender } from "../crypto/xwing-hpke.ts";
import { type PartyId, parsePartyId } from "../ids.ts";
import { type Accord, type Party, presentParties } from "./accord.ts";

/** What each party adds to the secrets of a line. From one secret of 32 bytes come 64 shares: the first goes into the secret of
 *  the line and is given to every party, each other goes into the pre-shared key with one party and is given to that one alone,
 *  so that no third party of a line knows what two of them share. A party file commits to all 64. Source: docs/spec/accord.md §6. */

const SHARES = 64;
const LINE_SHARE = 0;

/** The commitment that a party file carries: 32 bytes. `secret` is 32 random bytes. */
export const commitmentToContribution = (suite: Suite, secret: Uint8Array): Uint8Array => commitmentTo(suite, leavesOf(suite, secret));

/** What one party gives another: hashes of all its shares, the share of the line, and the share of the two. */
export interface Contribution {
  readonly from: PartyId;
  readonly to: PartyId;
  /** 64 × 32 bytes. */
  readonly leaves: Uint8Array;
  readonly line: Uint8Array;
  readonly pair: Uint8Array;
}

/** What `from` gives `to`. */
export function contributionFor(suite: Suite, accord: Accord, options: { secret: Uint8Array; from: Party; to: Party }): Contribution {
  const { secret, from, to } = options;
  return {
    from: from.id,
    to: to.id,
    leaves: leavesOf(suite, secret),
    line: shareOf(suite, secret, LINE_SHARE),
    pair: shareOf(suite, secret, placeOf(accord, to)),
  };
}

/** The secrets of a line as one party knows them. */
export interface LineSecrets {
  /** 32 bytes, equal at all parties. */
  readonly line: Uint8Array;
  /** By peer, 32 bytes each, equal at the two. */
  readonly psks: Readonly<Record<string, Uint8Array>>;
}

/** Made of the own contribution and that of every peer that is there; each of `given` has passed `openContribution`.
 *  HKDF-SHA-256 with the ceremony digest as its salt binds them to one accord. */
export function lineSecrets(
  suite: Suite,
  accord: Accord,
  options: { secret: Uint8Array; party: Party; given: readonly Contribution[] },
): LineSecrets {
  const { secret, party, given } = options;
  const of = (id: string): Contribution => {
    const found = given.find((item) => item.from === id && item.to === party.id);
    assert(found !== undefined, "the contribution of every party is here");
    return found;
  };
  const sorted = presentParties(accord).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const derive = (shares: readonly Uint8Array[], info: Uint8Array): Uint8Array =>
    hkdfExpand(suite, hkdfExtract(suite, fromHex(accord.ceremony), concatBytes(...shares)), info, 32);
  const psks = sorted.flatMap((peer): readonly [string, Uint8Array][] => {
    if (peer === party) return [];
    const [own, theirs] = [shareOf(suite, secret, placeOf(accord, peer)), of(peer.id).pair];
    const [first, second] = party.id < peer.id ? [party, peer] : [peer, party];
    const info = concatBytes(utf8("openline/pair"), fromHex(first.key), fromHex(second.key));
    return [[peer.id, derive(first === party ? [own, theirs] : [theirs, own], info)]];
  });
  const shares = sorted.map((item) => (item === party ? shareOf(suite, secret, LINE_SHARE) : of(item.id).line));
  return { line: derive(shares, utf8("openline/line")), psks: Object.fromEntries(psks) };
}

/** A contribution as it crosses: sealed to the receiver's key, which both sides have compared with the ceremony digest. */
interface SealedContribution {
  readonly version: number;
  readonly from: string;
  readonly to: string;
  readonly ceremony: Uint8Array;
  readonly enc: Uint8Array;
  readonly sealed: Uint8Array;
}
const sealedSchema: Schema<SealedContribution> = object<SealedContribution>({
  version: uint(1),
  from: text(32),
  to: text(32),
  ceremony: bytes(32),
  enc: bytes(1120),
  sealed: bytes(),
});
interface Opened {
  readonly leaves: Uint8Array;
  readonly line: Uint8Array;
  readonly pair: Uint8Array;
}
const openedSchema: Schema<Opened> = object<Opened>({ leaves: bytes(SHARES * 32), line: bytes(32), pair: bytes(32) });

/** `coins`: 64 fresh random bytes. */
export function sealContribution(suite: Suite, accord: Accord, contribution: Contribution, coins: Uint8Array): Uint8Array {
  const { from, to, leaves, line, pair } = contribution;
  const receiver = partyOf(accord, to);
  const { enc, exporter } = setupSender(suite, {
    publicKey: receiver.file.seal,
    coins,
    info: infoOf(accord, partyOf(accord, from), receiver),
  });
  const { key, nonce } = keyOf(exporter);
  const sealed = suite.sealAes256Gcm(key, nonce, new Uint8Array(0), encode(plain({ leaves, line, pair })));
  return encode(plain({ version: 1, from, to, ceremony: fromHex(accord.ceremony), enc, sealed }));
}

/** Opens a contribution that came to `party` and checks it against the commitment of its author's party file. Throws
 *  `RefusedInput`: `wrong-accord` for another ceremony, `wrong-party` for another receiver or author, `wrong-contribution` for
 *  what does not open or does not match. */
export function openContribution(
  suite: Suite,
  accord: Accord,
  options: { file: Uint8Array; party: Party; seed: Uint8Array },
): Contribution {
  const { file, party, seed } = options;
  const read = sealedSchema(decode(file), "contribution");
  if (read.version !== 1) throw new RefusedInput("unsupported-version", "contribution version other than 1");
  if (!equalBytes(read.ceremony, fromHex(accord.ceremony))) throw new RefusedInput("wrong-accord", "a contribution to another ceremony");
  if (read.to !== party.id) throw new RefusedInput("wrong-party", `a contribution for ${read.to}`);
  const from = accord.parties.find((item) => item.id === read.from && item !== party);
  if (from === undefined) throw new RefusedInput("wrong-party", `a contribution of ${read.from}`);
  const exporter = setupReceiver(suite, { seed, enc: read.enc, info: infoOf(accord, from, party) });
  const opened = exporter === undefined ? undefined : openWith(suite, exporter, read.sealed);
  if (opened === undefined) throw new RefusedInput("wrong-contribution", "it cannot be opened with this party's sealing key");
  const { leaves, line, pair } = openedSchema(decode(opened), "contribution");
  if (!equalBytes(commitmentTo(suite, leaves), from.file.contribution))
    throw new RefusedInput("wrong-contribution", `it does not match what the party file of ${from.id} committed to`);
  for (const [share, place] of [
    [line, LINE_SHARE],
    [pair, placeOf(accord, party)],
  ] as const)
    if (!equalBytes(leafOf(suite, share), leafAt(leaves, place)))
      throw new RefusedInput("wrong-contribution", `share ${place} does not match`);
  return { from: parsePartyId(read.from), to: party.id, leaves, line, pair };
}

function openWith(suite: Suite, exporter: HpkeExporter, sealed: Uint8Array): Uint8Array | undefined {
  const { key, nonce } = keyOf(exporter);
  return suite.openAes256Gcm(key, nonce, new Uint8Array(0), sealed);
}

/** One encapsulation seals one contribution, so its key and nonce need no name of their own. */
const keyOf = (exporter: HpkeExporter): { readonly key: Uint8Array; readonly nonce: Uint8Array } => ({
  key: exporter.export(utf8("key"), 32),
  nonce: exporter.export(utf8("nonce"), 12),
});

const infoOf = (accord: Accord, from: Party, to: Party): Uint8Array =>
  concatBytes(utf8("openline/contribution"), fromHex(accord.ceremony), fromHex(from.key), fromHex(to.key));

/** The number of the share that goes into the key with `peer`: 1 and its place among the parties in order of party id. */
function placeOf(accord: Accord, peer: Party): number {
  return 1 + accord.parties.filter((party) => party.id < peer.id).length;
}

function partyOf(accord: Accord, id: PartyId): Party {
  const found = accord.parties.find((party) => party.id === id);
  assert(found !== undefined, "a contribution is between parties of the accord");
  return found;
}

const shareOf = (suite: Suite, secret: Uint8Array, place: number): Uint8Array =>
  hkdfExpand(suite, hkdfExtract(suite, utf8("openline/contribution"), secret), concatBytes(utf8("share"), Uint8Array.of(place)), 32);
const leavesOf = (suite: Suite, secret: Uint8Array): Uint8Array =>
  concatBytes(...Array.from({ length: SHARES }, (_, place) => leafOf(suite, shareOf(suite, secret, place))));
const leafOf = (suite: VerifySuite, share: Uint8Array): Uint8Array => suite.sha256(concatBytes(utf8("openline/share"), share));
const leafAt = (leaves: Uint8Array, place: number): Uint8Array => leaves.subarray(32 * place, 32 * place + 32);
const commitmentTo = (suite: VerifySuite, leaves: Uint8Array): Uint8Array =>
  suite.sha256(concatBytes(utf8("openline/contribution"), leaves));
