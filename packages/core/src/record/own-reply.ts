import type { Header } from "../entry/act.ts";
import { repliesToItself } from "../entry/reply.ts";
import type { Refusal } from "../errors.ts";
import type { LineRecord } from "./record.ts";

/** Why a node does not place this act of its own people, though it breaks no rule of the record: it replies to nobody but its own party.
 *  No part of judging, for a record that holds such an act goes on verifying. Source: docs/spec/state.md §5. */
export function ownReply(record: LineRecord, { kind, party, refs }: Header): Refusal | undefined {
  const author = record.accord.parties.findIndex(({ key }) => key === party);
  const about = refs.map((leaf) => record.byLeaf.get(leaf)).map((entry) => ({ party: entry?.log.party, kind: entry?.header?.kind }));
  if (kind === undefined || !repliesToItself(kind, { party: author, about })) return undefined;
  return { code: "wrong-reference", detail: `${kind} of an act of one's own party settles nothing` };
}
