import { addressed, postOf } from "../accord/authorise.ts";
import type { LeafHash } from "../ids.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";

/** One call: its request, and everything said about it. */
export interface CallTrack {
  readonly request: Placed;
  /** Between posts that the accord marks `principal`, on both sides. */
  readonly principal: boolean;
  /** The request and every act that refers to it or to one of these, in the order read. */
  readonly steps: Placed[];
  readonly withdrawals: Placed[];
}

export class CallBook {
  readonly requests: CallTrack[] = [];
  readonly #byLeaf: Map<LeafHash, CallTrack> = new Map();

  /** The call that this act belongs to. */
  of(leaf: LeafHash): CallTrack | undefined {
    return this.#byLeaf.get(leaf);
  }

  add(record: LineRecord, placed: Placed): void {
    const { kind, refs } = placed.header;
    if (kind === "call-request") {
      const call: CallTrack = { request: placed, principal: betweenPrincipals(record, placed), steps: [placed], withdrawals: [] };
      this.requests.push(call);
      this.#byLeaf.set(placed.leaf, call);
      return;
    }
    for (const leaf of refs) {
      const call = this.#byLeaf.get(leaf);
      if (call === undefined) continue;
      if (kind === "withdraw-request" && placed.log.party === call.request.log.party) call.withdrawals.push(placed);
      if (kind === "call-accept" || kind === "call-counter" || kind === "call-decline" || kind === "call-record") {
        if (!call.steps.includes(placed)) call.steps.push(placed);
        this.#byLeaf.set(placed.leaf, call);
      }
    }
  }
}

function betweenPrincipals(record: LineRecord, { header, log }: Placed): boolean {
  const author = record.accord.parties[log.party];
  if (author === undefined) return false;
  const asks = author.file.posts.some((post) => post.id === header.from && post.principal);
  const asked = header.to.some((address) =>
    addressed(record.accord, author, address).some((party) =>
      party.file.posts.some((post) => post.id === postOf(address) && post.principal),
    ),
  );
  return asks && asked;
}
