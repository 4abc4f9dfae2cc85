import { type Result, refusableAsync } from "@openline/core";
import { refused } from "./exit.ts";

/** What a step refuses ends the command with its code and one line. */
export async function taken<T>(run: () => Promise<T>): Promise<T> {
  const result: Result<T> = await refusableAsync(run);
  if (!result.ok) throw refused(result.refusal);
  return result.value;
}
