import type { Accord, Party } from "../accord/accord.ts";
import type { PartyFile } from "../accord/party-file.ts";
import type { Terms } from "../accord/terms.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import { concatBytes, fromHex } from "../encoding/bytes.ts";
import { assert } from "../errors.ts";
import type { Digest } from "../ids.ts";
import type { LogTrack } from "./log-track.ts";

/** The terms and the own file that one log uses from one of its entries on: its signatures are made under them, its acts judged
 *  by them. Source: docs/spec/accord.md §7. */
export interface InUse {
  /** Counts for entries after this index; −1: from the log's first entry. */
  readonly since: number;
  readonly terms: Terms;
  readonly termsDigest: Digest;
  /** Its author, with the file in use and the accord-digest of its signatures. */
  readonly party: Party;
}

export const firstInUse = ({ terms, termsDigest }: Accord, party: Party): InUse => ({ since: -1, terms, termsDigest, party });

/** What the entry at `index` of this log is judged under. */
export function inUseAt(log: Pick<LogTrack, "uses">, index: number): InUse {
  const last = log.uses.at(-1);
  const found = last !== undefined && last.since < index ? last : log.uses.findLast((use) => use.since < index);
  assert(found !== undefined, "every log begins with an accord");
  return found;
}

/** What the log uses now. */
export const inUseNow = (log: Pick<LogTrack, "uses">): InUse => inUseAt(log, Infinity);

export function withTerms(suite: VerifySuite, use: InUse, next: { since: number; terms: Terms; termsDigest: Digest }): InUse {
  return { ...next, party: { ...use.party, accordDigest: accordDigest(suite, next.termsDigest, use.party.fileDigest) } };
}

export function withFile(suite: VerifySuite, use: InUse, next: { since: number; file: PartyFile; fileDigest: Digest }): InUse {
  const { since, file, fileDigest } = next;
  return { ...use, since, party: { ...use.party, file, fileDigest, accordDigest: accordDigest(suite, use.termsDigest, fileDigest) } };
}

/** SHA-256(terms digest || party-file digest): external data of every signature. */
const accordDigest = (suite: VerifySuite, terms: Digest, file: Digest): Uint8Array =>
  suite.sha256(concatBytes(fromHex(terms), fromHex(file)));
