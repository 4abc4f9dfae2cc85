/** Why a value is not what its form says: one of these and no other. Their sentences stand in the catalogues. Source: docs/spec/forms.md §4. */
export const MISFIT_CODES = [
  "not-text",
  "not-number",
  "not-whole-number",
  "not-code",
  "not-in-list",
  "not-time",
  "not-duration",
  "not-fixed-length",
  "not-position",
  "not-area",
  "not-yes-or-no",
] as const;
export type MisfitCode = (typeof MISFIT_CODES)[number];

export interface Misfit {
  readonly code: MisfitCode;
  /** With `not-in-list`, the codes of which one was expected; else empty. */
  readonly expected: readonly string[];
}

export const misfitOf = (code: MisfitCode, expected: readonly string[] = []): Misfit => ({ code, expected });
