import { type Accord, type Entry, type Kid, type Mode, type Refusal, type Suite, type UnixSeconds, kidOf, limits } from "@openline/core";

/** Keys known on other lines of this node, with the mode of the line. */
export type Enrolled = ReadonlyMap<Kid, Mode>;

/** What is wrong with an entry as far as only this node can know: its clock, its other lines. A refusal on such grounds stops
 *  no clock, since no verifier reaches it from the logs. Source: docs/spec/refusals.md §2. */
export function ownEvidence(
  options: { readonly suite: Suite; readonly accord: Accord; readonly enrolled?: Enrolled | undefined },
  entry: Entry,
  now: UnixSeconds,
): Refusal | undefined {
  const ahead = entry.placement.time - now;
  if (ahead > limits.clockToleranceS) return { code: "future-dated", detail: `${ahead} s ahead of this node's clock` };
  return foreignKey(options, entry);
}

/** A key stands on one line only; one of a drill never speaks on a live line, nor the other way round. */
export function foreignKey(
  { suite, accord, enrolled }: { readonly suite: Suite; readonly accord: Accord; readonly enrolled?: Enrolled | undefined },
  { act: { header } }: Pick<Entry, "act">,
): Refusal | undefined {
  if ((header.kind !== "post-assign" && header.kind !== "key-add") || header.facts.key === undefined) return undefined;
  const kid = kidOf(suite, header.facts.key);
  const mode = enrolled?.get(kid);
  if (mode === undefined) return undefined;
  if (mode !== accord.terms.mode) return { code: "foreign-mode", detail: `key ${kid} is enrolled on a line of mode ${mode}` };
  return { code: "reused-key", detail: `key ${kid} is enrolled on another line` };
}
