import type { KindName } from "../entry/kinds.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, heldAt, logOrder } from "../record/times.ts";

/** The facts about a message that the record holds, each with its own evidence, never merged. POSIX seconds; undefined: not
 *  yet, as far as the record says. `released` and `left` are its author's own and stand in its header and its node. */
export interface MessageTrack {
  readonly placed: number;
  /** By which party, when. */
  readonly held: readonly { readonly party: number; readonly at: number }[];
  readonly acknowledged: Placed | undefined;
  /** The last holding reply: until when an answer is promised. It acknowledges too, and is no answer. */
  readonly holding: Placed | undefined;
  readonly answered: Placed | undefined;
}

const ACKNOWLEDGES: ReadonlySet<KindName> = new Set(["acknowledge", "answer", "decline", "holding-reply"]);
const ANSWERS: ReadonlySet<KindName> = new Set(["answer", "decline", "test-answer"]);

/** The track of one act at `at`. Source: docs/spec/state.md §5. */
export function messageTrack(record: LineRecord, message: Placed, at: number): MessageTrack {
  const replies = [...record.byLeaf.values()].filter(
    (act): act is Placed =>
      act.header !== undefined &&
      act.log.party !== message.log.party &&
      act.header.refs.includes(message.leaf) &&
      effectAt(record, act, at) <= at,
  );
  const first = (kinds: ReadonlySet<KindName>): Placed | undefined =>
    replies
      .filter(({ header: { kind } }) => kind !== undefined && kinds.has(kind))
      .toSorted((a, b) => effectAt(record, a, at) - effectAt(record, b, at) || a.log.party - b.log.party || logOrder(a, b))[0];
  // As the answer clock counts it: the last one in log order.
  const holding = replies
    .filter(({ header: { kind } }) => kind === "holding-reply")
    .toSorted(logOrder)
    .at(-1);
  const others = record.accord.parties.map((_, party) => party).filter((party) => party !== message.log.party);
  const held = others.map((party) => ({ party, at: heldAt(record, message, { party, at }) })).filter((item) => item.at <= at);
  return { placed: message.placement.time, held, acknowledged: first(ACKNOWLEDGES), holding, answered: first(ANSWERS) };
}
