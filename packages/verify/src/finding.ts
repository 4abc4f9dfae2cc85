import { RefusedInput, type RefusalCode } from "@openline/core";

/** What can be wrong with a file beside what a refusal code says. */
export type BadCode = RefusalCode | "missing-file" | "unknown-file" | "changed-file" | "wrong-origin" | "incomplete-chain";

/** The first thing that is not as it was written. `log` and `index` stand where one entry is concerned. */
export interface Bad {
  readonly file: string;
  readonly log?: string;
  readonly index?: number;
  readonly code: BadCode;
  readonly detail: string;
}

/** Carries the first bad thing up to the one place that reports it. It never leaves this package. */
export class BadFile extends Error {
  override readonly name = "BadFile";
  readonly bad: Bad;
  constructor(bad: Bad) {
    super(`${bad.file}: ${bad.code}: ${bad.detail}`);
    this.bad = bad;
  }
}

/** Runs a parser over one file; what it refuses is the file's fault. */
export function reading<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RefusedInput) throw new BadFile({ file, ...error.refusal });
    throw error;
  }
}

/** Something said by code, with its parameters; its words are in `report-words.ts`. */
export interface Said<Code extends string> {
  readonly code: Code;
  readonly params: Readonly<Record<string, string | number>>;
}
