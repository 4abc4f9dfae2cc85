import { digitsOf } from "../accord/accord.ts";
import { logLabel } from "../channel/view.ts";
import { formatTime } from "../encoding/time.ts";
import type { Digest } from "../ids.ts";
import { parseUnixSeconds } from "../ids.ts";
import { type AmendmentStatus, type AmendmentStep, amendmentStatus } from "../record/amendment-status.ts";
import { inUseNow } from "../record/in-use.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";

/** What the accord of a line is now, and what is being changed in it, as an API gives it. Parties stand by id, entries as `LOG/INDEX`. */
export interface AccordView {
  /** Per party, in the accord's order: what the latest of its logs uses. Parties that are not there have none. */
  readonly inForce: readonly TermsInForce[];
  /** What is not in force in every log, in the order read; what is over stands there too. */
  readonly amendments: readonly AmendmentView[];
}

export interface TermsInForce {
  readonly party: string;
  /** SHA-256 of the terms, hex. */
  readonly terms: Digest;
  /** Its `in-force` and when that was placed; null: the terms of the ceremony. */
  readonly entry: string | null;
  readonly since: string | null;
  /** The `in-force` of its own party file; null: the file of the ceremony. */
  readonly file: string | null;
}

export interface AmendmentView {
  /** The proposal and when it was placed. */
  readonly entry: string;
  readonly placed: string;
  readonly purpose: "terms" | "party";
  readonly by: string;
  /** Of the file and its signatures, and the same as 80 digits. */
  readonly digest: Digest;
  readonly digits: string;
  /** Whether the file itself has come. */
  readonly here: boolean;
  readonly accepted: readonly string[];
  /** The confirmation. */
  readonly confirmed: string | null;
  /** Parties whose logs use it. */
  readonly inForce: readonly string[];
  /** Whose turn it is; null where it is over, or takes back alone. */
  readonly next: { readonly step: AmendmentStep; readonly by: readonly string[] } | null;
  readonly over: "taken-back" | "overtaken" | null;
}

export function accordView(record: LineRecord): AccordView {
  return {
    inForce: record.accord.parties.flatMap((party, position) => (party.absent === true ? [] : [termsInForce(record, position)])),
    amendments: proposalsShown(record).map(({ view }) => view),
  };
}

/** Every proposal that is not in force in all logs, with how it is shown. */
export const proposalsShown = (record: LineRecord): readonly { readonly status: AmendmentStatus; readonly view: AmendmentView }[] =>
  amendmentStatus(record)
    .filter((status) => !takesBackAlone(record, status))
    .map((status) => ({ status, view: amendmentView(record, status) }));

/** A proposal with the digest of the terms in use proposes nothing: it takes back the one before it. */
const takesBackAlone = (record: LineRecord, { digest, purpose, proposal }: AmendmentStatus): boolean =>
  purpose === "terms" && digest === record.amendments.baseOf(proposal.leaf);

const idOf = (record: LineRecord, position: number): string => record.accord.parties[position]?.id ?? "";
const placeOf = (record: LineRecord, { log, index }: Placed): string => `${logLabel(record, log)}/${index}`;
const timeOf = ({ placement }: Placed): string => formatTime(parseUnixSeconds(placement.time));

function termsInForce(record: LineRecord, position: number): TermsInForce {
  const party = idOf(record, position);
  const log = record.logsOf[position]?.at(-1);
  if (log === undefined) return { party, terms: record.accord.termsDigest, entry: null, since: null, file: null };
  const confirmations = new Set(record.amendments.terms.map(({ confirm }) => confirm.leaf));
  const went = log.amending.findLast(({ header }) => header.kind === "in-force" && header.refs.some((leaf) => confirmations.has(leaf)));
  const terms = inUseNow(log).termsDigest;
  const ownFile = record.amendments.files.get(position)?.at(-1)?.inForce;
  const file = ownFile === undefined ? null : placeOf(record, ownFile);
  return went === undefined
    ? { party, terms, entry: null, since: null, file }
    : { party, terms, entry: placeOf(record, went), since: timeOf(went), file };
}

function amendmentView(record: LineRecord, status: AmendmentStatus): AmendmentView {
  const { proposal, purpose, digest, amendment, accepted, confirm, inForce, next, over } = status;
  const ids = (positions: readonly number[]): readonly string[] => positions.map((position) => idOf(record, position));
  return {
    entry: placeOf(record, proposal),
    placed: timeOf(proposal),
    purpose,
    by: idOf(record, proposal.log.party),
    digest,
    digits: digitsOf(digest),
    here: amendment !== undefined,
    accepted: ids(accepted),
    confirmed: confirm === undefined ? null : placeOf(record, confirm),
    inForce: ids(inForce),
    next: next === undefined ? null : { step: next.kind, by: ids(next.parties) },
    over: over ?? null,
  };
}
