import { addressed, postOf } from "../accord/authorise.ts";
import type { LeafHash } from "../ids.ts";
import type { Placed } from "../record/log-track.ts";
import { accordFor } from "../record/judge-context.ts";
import type { LineRecord } from "../record/record.ts";
import { logOrder } from "../record/times.ts";
import { debtorsOfAct } from "./debtors.ts";
import { insert } from "./log-ordered.ts";

/** One call: its request, and everything said about it. */
export interface CallTrack {
  readonly request: Placed;
  /** The request and every act that replies to it or to one of these, in the order read. */
  readonly steps: Placed[];
  readonly withdrawals: Placed[];
}

interface CallStep {
  readonly call: CallTrack;
  readonly step: Placed;
}

/** A step of a call on whichever channel it stands: a reply may be made on another one than the request. */
export function stepAt(record: LineRecord, leaf: LeafHash): CallStep | undefined {
  const channel = record.byLeaf.get(leaf)?.header?.channel;
  return channel === undefined ? undefined : record.channels.get(channel)?.calls.step(leaf);
}

export class CallBook {
  /** Calls between posts that the accord marks `principal` on both sides, by the party that asked, in its log's order. */
  readonly principal: Map<number, CallTrack[]> = new Map();
  readonly #byLeaf: Map<LeafHash, CallStep> = new Map();

  /** The step of a call that this act is, and the call it belongs to. */
  step(leaf: LeafHash): CallStep | undefined {
    return this.#byLeaf.get(leaf);
  }

  add(record: LineRecord, placed: Placed): void {
    const { kind, refs } = placed.header;
    if (kind === "call-request") {
      const call: CallTrack = { request: placed, steps: [placed], withdrawals: [] };
      if (betweenPrincipals(record, placed)) insert(this.principal, placed.log.party, call, (a, b) => logOrder(a.request, b.request));
      this.#byLeaf.set(placed.leaf, { call, step: placed });
      return;
    }
    for (const leaf of refs) {
      const found = stepAt(record, leaf);
      if (found === undefined) continue;
      const { call, step } = found;
      if (kind === "withdraw-request" && leaf === call.request.leaf && placed.log.party === call.request.log.party)
        call.withdrawals.push(placed);
      const reply = kind === "call-accept" || kind === "call-counter" || kind === "call-decline";
      // Nobody accepts, counters or declines its own step; a record may be written by either side.
      if (kind !== "call-record" && !(reply && debtorsOfStep(record, step).includes(placed.log.party))) continue;
      if (!call.steps.includes(placed)) call.steps.push(placed);
      this.#byLeaf.set(placed.leaf, { call, step: placed });
    }
  }
}

/** Who owes a reply to this step, on the channel on which it stands. */
function debtorsOfStep(record: LineRecord, step: Placed): readonly number[] {
  const track = record.channels.get(step.header.channel);
  return track === undefined ? [] : debtorsOfAct(record, track, step);
}

function betweenPrincipals(record: LineRecord, { header, log, placement }: Placed): boolean {
  const accord = accordFor(record, log, { placement });
  const author = accord.parties[log.party];
  if (author === undefined) return false;
  const asks = author.file.posts.some((post) => post.id === header.from && post.principal);
  const asked = header.to.some((address) =>
    addressed(accord, author, address).some(
      (party) => party.absent === true || party.file.posts.some((post) => post.id === postOf(address) && post.principal),
    ),
  );
  return asks && asked;
}
