import type { RefusalCode } from "@openline/core";
import { type Draft, standing } from "./draft.ts";

/** Why a step was not taken: a rule of the line, or what has become of the draft meanwhile. */
export interface NotDone {
  readonly code: RefusalCode | "draft-behind" | "draft-state" | "not-found" | "too-many" | "unavailable" | "unsent-behind";
  /** For people, never parsed. */
  readonly detail: string;
  /** The version that stands. */
  readonly version?: number;
  /** The version under which what was sent is kept all the same. */
  readonly kept?: number;
}

export type Done<T> = { readonly ok: true; readonly value: T } | Refused;
interface Refused {
  readonly ok: false;
  readonly refusal: NotDone;
}

export const not = (code: NotDone["code"], detail: string, more: Pick<NotDone, "version" | "kept"> = {}): Refused => ({
  ok: false,
  refusal: { code, detail, ...more },
});

/** Its state does not allow this step. */
export const wrongState = (draft: Draft, why: string): Refused =>
  not("draft-state", `draft ${draft.number}: ${why}`, { version: standing(draft).number });

/** Another version stands than the one that is meant. */
export const behind = (draft: Draft, why: string, kept?: number): Refused =>
  not("draft-behind", `draft ${draft.number}: ${why}`, { version: standing(draft).number, ...(kept === undefined ? {} : { kept }) });
