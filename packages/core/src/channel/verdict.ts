import type { Placed } from "../record/log-track.ts";

/** What the state of a channel is called, worst first. Source: docs/spec/state.md §1. */
export const VERDICTS = ["not-in-force", "suspended", "silent", "not-received", "unanswered", "untested", "unproven", "open"] as const;
export type Verdict = (typeof VERDICTS)[number];

export type ReasonCode =
  | "not-yet"
  | "lapsed"
  | "withdrawn"
  | "cancelled"
  | "suspended"
  | "silent"
  | "not-received"
  | "acknowledgement-overdue"
  | "answer-overdue"
  | "call-request-overdue"
  | "test-missed"
  | "overdue-lapsed"
  | "no-proof"
  | "proof";

/** Why, as codes with parameters; sentences are made from them in the reader's language. Each code belongs to one verdict. */
export const REASON_VERDICT: Readonly<Record<ReasonCode, Verdict>> = {
  "not-yet": "not-in-force",
  lapsed: "not-in-force",
  withdrawn: "not-in-force",
  cancelled: "suspended",
  suspended: "suspended",
  silent: "silent",
  "not-received": "not-received",
  "acknowledgement-overdue": "unanswered",
  "answer-overdue": "unanswered",
  "call-request-overdue": "unanswered",
  "test-missed": "untested",
  "overdue-lapsed": "unproven",
  "no-proof": "unproven",
  proof: "open",
};

export interface Reason {
  readonly code: ReasonCode;
  /** Position of the party it is about; undefined: nobody's doing. */
  readonly by: number | undefined;
  /** POSIX seconds. */
  readonly since: number;
  readonly entry: Placed | undefined;
  /** Times are POSIX seconds under keys that end in `At`. */
  readonly params: Readonly<Record<string, string | number | boolean | null>>;
}

export const verdictOf = (reason: Reason): Verdict => REASON_VERDICT[reason.code];
export const rankOf = (verdict: Verdict): number => VERDICTS.indexOf(verdict);

/** The worst verdict that any of these reasons gives; the most welcome one if there are none. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>((found, verdict) => (rankOf(verdict) < rankOf(found) ? verdict : found), "open");
}

const CLOCK_ORDER: readonly ReasonCode[] = ["acknowledgement-overdue", "answer-overdue", "call-request-overdue"];

/** Worse verdict first, then earlier `since`, then clock, then log and index. */
export function compareReasons(a: Reason, b: Reason): number {
  return (
    rankOf(verdictOf(a)) - rankOf(verdictOf(b)) ||
    a.since - b.since ||
    CLOCK_ORDER.indexOf(a.code) - CLOCK_ORDER.indexOf(b.code) ||
    (a.entry?.log.party ?? a.by ?? 0) - (b.entry?.log.party ?? b.by ?? 0) ||
    (a.entry?.log.incarnation ?? 0) - (b.entry?.log.incarnation ?? 0) ||
    (a.entry?.index ?? 0) - (b.entry?.index ?? 0) ||
    (a.by ?? 0) - (b.by ?? 0) ||
    (a.code < b.code ? -1 : 1)
  );
}
