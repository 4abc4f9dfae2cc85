import { endOf } from "../exit.ts";
import { complain } from "../output.ts";

/** What a page is told of an error: one sentence. A bug is printed whole on this process's stderr, where its traces say something. */
export function sentenceOf(error: unknown): string {
  const { line, bug } = endOf(error);
  if (bug !== true) return line;
  complain(line);
  return "an unexpected error, which openline start has printed where it runs";
}
