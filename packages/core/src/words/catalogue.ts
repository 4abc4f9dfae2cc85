import type { PrincipalOutcome } from "../channel/principals.ts";
import type { Reading } from "../channel/readings.ts";
import type { BasisState, StandingState } from "../channel/state.ts";
import type { ReasonCode, Verdict } from "../channel/verdict.ts";
import type { FactName, KindName, Precedence, ReadingName } from "../entry/kinds.ts";
import type { FaultCode, RefusalCode } from "../errors.ts";
import type { Completeness } from "../forms/completeness.ts";
import type { MisfitCode } from "../forms/misfit.ts";
import type { AmendmentStep } from "../record/amendment-status.ts";

/** Every word people read, in one language. Each section has a fixed set of keys, so that a missing word does not compile.
 *  One word per thing, one thing per word. */
export interface Catalogue {
  readonly kinds: Section<KindName>;
  /** What it means and what to do, for whoever is on duty. */
  readonly refusals: Section<RefusalCode>;
  readonly faults: Section<FaultCode>;
  readonly verdicts: Section<Verdict>;
  /** Templates; their parameters are in `REASON_PARAMETERS`. */
  readonly reasons: Section<ReasonKey>;
  readonly standings: Section<StandingState["value"]>;
  readonly bases: Section<BasisState["value"]>;
  readonly clocks: Section<"acknowledgement" | "answer" | "call-request">;
  /** Templates; their parameters are in `PRINCIPAL_PARAMETERS`. */
  readonly principals: Section<PrincipalOutcome>;
  readonly outcomes: Section<PrincipalOutcome>;
  readonly readings: Section<ReadingName>;
  readonly results: Section<Reading["result"]>;
  readonly precedences: Section<Precedence>;
  readonly bodyWords: Section<BodyWord>;
  readonly facts: Section<FactName>;
  readonly track: Section<TrackStep>;
  /** Templates with `{by}`: what an amendment waits for. */
  readonly amendmentSteps: Section<AmendmentStep>;
  /** Templates; their parameters are in `MISFIT_PARAMETERS`. */
  readonly misfits: Section<MisfitCode>;
  /** What is found of a form. Templates; their parameters are in `FINDING_PARAMETERS`. */
  readonly findings: Section<FindingWord>;
  readonly languages: Section<LanguageCode>;
  readonly labels: Section<Label>;
  readonly sentences: Section<Sentence>;
}
export type Section<Key extends string> = Readonly<Record<Key, string>>;

export type ReasonKey = ReasonCode | "not-yet-begun" | "silent-always" | "no-proof-ever";

/** The five facts about a message, never merged. */
export const TRACK_STEPS = ["released", "left", "held", "acknowledged", "answered"] as const;
export type TrackStep = (typeof TRACK_STEPS)[number];

export type FindingWord = Completeness["status"] | "finding" | "missing" | "misfit" | "late" | "givenBefore" | "givenAfter";

/** Every word of every body (`KINDS`, `COMMON_WORDS`). */
export const BODY_WORDS = [
  "text",
  "subject",
  "title",
  "characterisation",
  "ground",
  "conditions",
  "duties",
  "reason",
  "term",
  "certified",
  "way",
  "place",
  "position",
  "post",
  "agenda",
  "participants",
  "with",
  "fields",
  "units",
  "due",
  "quality",
  "textId",
  "bearer",
  "readBack",
  "speaker",
  "detail",
  "proof",
  "amendment",
  "notice",
  "cosignature",
  "objects",
  "credit",
  "attachments",
  "reconstructed",
  "source",
  "remarks",
] as const;
export type BodyWord = (typeof BODY_WORDS)[number];

/** Languages that have a name here; of any other its code is shown. */
export type LanguageCode = "en" | "zh" | "ru" | "fr" | "es" | "ar";

export type Label =
  | "act"
  | "kind"
  | "precedence"
  | "drafted"
  | "placed"
  | "notAfter"
  | "from"
  | "to"
  | "party"
  | "post"
  | "channel"
  | "line"
  | "references"
  | "actId"
  | "words"
  | "verdict"
  | "reasons"
  | "since"
  | "days"
  | "asOf"
  | "validUntil"
  | "responsible"
  | "nobody"
  | "lastProof"
  | "principals"
  | "standing"
  | "partial"
  | "hours"
  | "basis"
  | "reading"
  | "evidence"
  | "disclosure"
  | "note"
  | "caution"
  | "exercise"
  | "authentic"
  | "certified"
  | "notCertified"
  | "log"
  | "index"
  | "readBackCode"
  | "owedBy"
  | "late"
  | "pending"
  | "none"
  | "yes"
  | "no"
  | "otherWord"
  | "accord"
  | "amendment";

export type Sentence =
  | "theLine"
  | "pskLost"
  | "unknownKind"
  | "withheld"
  | "noWords"
  | "notYet"
  | "reconstructed"
  | "unsure"
  | "exercise"
  | "restsOnUnsure"
  | "restsOn"
  | "timesDisputed"
  | "reviewOn"
  | "closed"
  | "closedUntil"
  | "nobodyProven"
  | "lastProofs"
  | "lastProofBy"
  | "noProofBy"
  | "lastPrincipal"
  | "ourAccount"
  | "observedByAuthor"
  | "servedByAuthor"
  | "notKnown"
  | "notReviewed"
  | "head"
  | "bytes"
  | "window"
  | "directory"
  | "node"
  | "termsAmended"
  | "termsProposed"
  | "partyProposed";

/** Parameters that each reason gives its sentence: those of `Reason`, in words. */
export const REASON_PARAMETERS: Readonly<Record<ReasonKey, readonly string[]>> = {
  "not-yet": ["from"],
  "not-yet-begun": [],
  lapsed: ["since", "age"],
  withdrawn: ["party", "since", "age"],
  cancelled: ["party", "since", "age"],
  suspended: ["party", "since", "age"],
  silent: ["party", "last", "lastAge"],
  "silent-always": ["party"],
  "not-received": ["party", "precedence", "since", "age"],
  "acknowledgement-overdue": ["party", "precedence", "since", "age", "tries"],
  "answer-overdue": ["party", "precedence", "since", "age", "tries"],
  "call-request-overdue": ["party", "since", "age", "tries"],
  "test-missed": ["party", "slot", "missed"],
  "overdue-lapsed": ["party", "clock", "deadline"],
  "no-proof": ["party", "proven", "provenAge", "window"],
  "no-proof-ever": ["party", "since", "age"],
  proof: ["party", "proven", "provenAge", "until"],
};

/** Parameters of the sentence about the last call request between principals. */
export const PRINCIPAL_PARAMETERS: Readonly<Record<PrincipalOutcome, readonly string[]>> = {
  none: [],
  waiting: ["asker", "asked"],
  accepted: ["asker", "asked", "party", "on"],
  countered: ["asker", "asked", "party", "on"],
  declined: ["asker", "asked", "party", "on"],
  unanswered: ["asker", "asked", "party", "on"],
  "took-place": ["asker", "asked", "party", "on"],
};

/** `expected`: the words of the codes of which one was expected. */
export const MISFIT_PARAMETERS: Readonly<Record<MisfitCode, readonly string[]>> = {
  "not-text": [],
  "not-number": [],
  "not-whole-number": [],
  "not-code": [],
  "not-in-list": ["expected"],
  "not-time": [],
  "not-duration": [],
  "not-fixed-length": [],
  "not-position": [],
  "not-area": [],
  "not-yes-or-no": [],
};

export const FINDING_PARAMETERS: Readonly<Record<FindingWord, readonly string[]>> = {
  finding: [],
  complete: [],
  incomplete: [],
  "not-checked": [],
  missing: [],
  misfit: [],
  late: [],
  givenBefore: ["given", "lead"],
  givenAfter: ["lead"],
};

export const SENTENCE_PARAMETERS: Readonly<Record<Sentence, readonly string[]>> = {
  theLine: [],
  pskLost: ["party", "peer"],
  unknownKind: ["number"],
  withheld: ["commitment"],
  noWords: [],
  notYet: [],
  reconstructed: ["source"],
  unsure: [],
  exercise: [],
  restsOnUnsure: [],
  restsOn: ["entries"],
  timesDisputed: [],
  reviewOn: ["review"],
  closed: [],
  closedUntil: ["until"],
  nobodyProven: [],
  lastProofs: ["proofs"],
  lastProofBy: ["party", "age"],
  noProofBy: ["party"],
  lastPrincipal: ["outcome"],
  ourAccount: [],
  observedByAuthor: [],
  servedByAuthor: [],
  notKnown: ["time"],
  notReviewed: [],
  head: ["log", "size", "root"],
  bytes: ["count", "start"],
  window: ["from", "to"],
  directory: [],
  node: [],
  termsAmended: ["terms", "places"],
  termsProposed: ["party", "entry", "step"],
  partyProposed: ["party", "entry", "step"],
};
