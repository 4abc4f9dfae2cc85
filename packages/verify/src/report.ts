import type { DisclosureTerm, Mode, RefusalCode } from "@openline/core";
import type { Bad, Said } from "./finding.ts";

/** What a verifier says of a record. Codes with parameters: the words are in `report-words.ts`. Source: docs/spec/export.md §6. */
export interface VerifyReport {
  /** Every byte is as it was written. Entries without effect are held evidence and do not make it false. */
  readonly ok: boolean;
  readonly firstBad?: Bad;
  /** Absent where the accord itself could not be read, as are `line` and `ceremony`. */
  readonly mode?: Mode;
  readonly line?: string;
  /** The 80 digits of the ceremony that made this line, in 16 groups: to be compared with what each party itself published. */
  readonly ceremony?: string;
  readonly shownBy?: string;
  /** It was rebuilt from public reports: no "verified" without saying so. */
  readonly exercise: boolean;
  /** The current log of each party that has one here. */
  readonly parties: Readonly<Record<string, LogReport>>;
  readonly closed: Readonly<Record<string, LogReport>>;
  readonly noEffect: readonly NoEffect[];
  readonly disclosureTerms: readonly DisclosureTermReport[];
  readonly proven: readonly Said<ProvenCode>[];
  readonly notProven: readonly Said<NotProvenCode>[];
  /** Signatures of every kind that were verified for this report. */
  readonly checkedSignatures: number;
}

export interface LogReport {
  readonly log: string;
  readonly size: number;
  /** Hex. */
  readonly root: string;
  readonly entries: number;
  /** Entries that have effect. */
  readonly effective: number;
  /** Bodies committed to and not shown. */
  readonly withheld: number;
  /** The largest head of it that another party cosigned, and that an entry of another party names. */
  readonly cosignedTo: number;
  readonly namedTo: number;
}

/** An entry that is held and breaks a rule. */
export interface NoEffect {
  readonly log: string;
  readonly index: number;
  readonly leaf: string;
  readonly code: RefusalCode;
  readonly detail: string;
}

export interface TermReport {
  readonly term: DisclosureTerm["term"];
  /** RFC 3339: not before; or null. */
  readonly embargo: string | null;
}

export interface DisclosureTermReport extends TermReport {
  readonly channel: string;
  /** Acts of consent on this channel that have effect. */
  readonly consent: readonly { readonly log: string; readonly index: number }[];
}

export type ProvenCode = "accord-signed" | "log-whole" | "signatures-valid" | "bodies-match" | "receipt" | "post-quantum";

export type NotProvenCode =
  | "anything"
  | "rebuilt"
  | "root-keys"
  | "persons"
  | "times"
  | "shown-by"
  | "later-entries"
  | "withheld"
  | "not-judged"
  | "no-receipt"
  | "origin"
  | "signatures-not-checked"
  | "no-post-quantum"
  | "selection"
  | "context"
  | "not-held"
  | "body-withheld";
