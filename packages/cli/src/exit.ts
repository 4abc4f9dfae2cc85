import { AssertionError, type FaultCode, OpenlineError, type Refusal, catalogueOf } from "@openline/core";
import { ExerciseRefused, ExerciseUnreadable } from "@openline/node/operate";

/** How a command ends. Source: docs/operating/command.md. */
export const EXIT = { done: 0, refused: 1, usage: 2, notVerified: 3, unavailable: 4 } as const;

/** A command's end with a code, and one line for people. */
export class Ended extends Error {
  override readonly name = "Ended";
  readonly code: number;
  constructor(code: number, line: string) {
    super(line);
    this.code = code;
  }
}

export const refused = (refusal: Refusal): Ended =>
  new Ended(EXIT.refused, `refused: ${refusal.code}: ${refusal.detail}. ${catalogueOf("en").refusals[refusal.code]}`);

/** A key that does not open and one that others may read are refused by this command, not by the state of the machine. */
function codeOf(fault: FaultCode): number {
  if (fault === "usage") return EXIT.usage;
  return fault === "locked" || fault === "exposed" ? EXIT.refused : EXIT.unavailable;
}

/** The code and line with which an error ends the command. A bug is shown whole: its line is many. */
export function endOf(error: unknown): { readonly code: number; readonly line: string; readonly bug?: true } {
  if (error instanceof Ended) return { code: error.code, line: error.message };
  if (error instanceof ExerciseUnreadable) return { code: EXIT.refused, line: error.message };
  if (error instanceof ExerciseRefused) return { code: EXIT.refused, line: error.message };
  if (error instanceof OpenlineError) return { code: codeOf(error.code), line: `${error.code}: ${error.message}` };
  // What the system would not do for us: a full disk, a folder without permission.
  if (error instanceof Error && "syscall" in error) return { code: EXIT.unavailable, line: error.message };
  if (error instanceof AssertionError)
    return { code: EXIT.unavailable, line: `this is a bug in Openline: ${error.stack ?? error.message}`, bug: true };
  return { code: EXIT.unavailable, line: error instanceof Error ? (error.stack ?? error.message) : "unknown error", bug: true };
}
