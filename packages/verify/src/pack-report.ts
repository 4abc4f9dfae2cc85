import type { Mode, RefusalCode } from "@openline/core";
import type { ChosenWords } from "./chosen-words.ts";
import type { Bad, Said } from "./finding.ts";
import type { NotProvenCode, ProvenCode, TermReport } from "./report.ts";

/** What a verifier says of an evidence pack. Source: docs/spec/evidence-pack.md §5. */
export interface PackReport {
  /** Every byte is bound and every body that is shown is the one committed to. What became of each entry stands with it. */
  readonly ok: boolean;
  readonly firstBad?: Bad;
  readonly mode?: Mode;
  readonly line?: string;
  /** As in a `VerifyReport`. */
  readonly ceremony?: string;
  readonly shownBy?: string;
  readonly exercise: boolean;
  readonly chosen: readonly ChosenReport[];
  readonly proven: readonly Said<ProvenCode>[];
  readonly notProven: readonly Said<NotProvenCode>[];
  readonly checkedSignatures: number;
}

export interface ChosenReport {
  readonly log: string;
  readonly party: string;
  readonly index: number;
  readonly leaf: string;
  /** Null where the bytes are no entry, or of a later version's kind. */
  readonly kind: string | null;
  readonly channel: string | null;
  readonly post: string | null;
  /** RFC 3339, its author's node's word. */
  readonly time: string | null;
  /** Null: it has effect as far as the pack can show. */
  readonly noEffect: { readonly code: RefusalCode; readonly detail: string } | null;
  /** What it says, with its words where the pack shows them. */
  readonly said: ChosenWords | null;
  /** Kids of the keys that signed it. */
  readonly signedBy: readonly string[];
  readonly body: "none" | "disclosed" | "withheld" | "mismatch";
  /** `time`: RFC 3339, the word of the node that holds it. */
  readonly receipts: readonly { readonly by: string; readonly log: string; readonly index: number; readonly time: string | null }[];
  /** Who may show bodies of its channel; null on the line itself. */
  readonly term: TermReport | null;
  /** Acts of consent in the pack that have effect and are on its channel. */
  readonly consent: readonly { readonly log: string; readonly index: number }[];
}
