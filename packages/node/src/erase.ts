import type { Held, LineRecord, LogId, Placed } from "@openline/core";

/** The entries whose bodies an `erase` act names: a party's act reaches its own entries only. Their disclosures are not
 *  required of anybody; who has one may keep or erase it. Source: docs/spec/exchange.md §6. */
export function erasedBy(record: LineRecord, act: Placed | Held | undefined): readonly { readonly log: LogId; readonly index: number }[] {
  if (act?.header?.kind !== "erase") return [];
  return act.header.refs.flatMap((leaf) => {
    const found = record.byLeaf.get(leaf);
    return found === undefined || found.log.party !== act.log.party ? [] : [{ log: found.log.id, index: found.index }];
  });
}

/** Everything that has been erased on the line, as `log/index`. */
export function allErased(record: LineRecord): ReadonlySet<string> {
  return new Set([...record.byLeaf.values()].flatMap((act) => erasedBy(record, act).map(({ log, index }) => `${log}/${index}`)));
}
