import type { Accord } from "../accord/accord.ts";
import { KIND_NAMES } from "../entry/kinds.ts";
import type { LogId } from "../ids.ts";
import type { LogTrack, Placed } from "./log-track.ts";

/** What is entered as observed of a party that is not there stands as its act, in the account of whoever entered it. */
export class Observed {
  readonly #accord: Accord;
  /** For each log that observes, the one in which the other party's acts stand. */
  readonly #logs: Map<LogId, LogTrack> = new Map();

  constructor(accord: Accord) {
    this.#accord = accord;
  }

  /** The act that an `observed` entry is an account of. */
  actOf(placed: Placed): Placed | undefined {
    const { log, header } = placed;
    if (header.kind !== "observed") return undefined;
    const kind = KIND_NAMES.find((name) => name === header.facts.outcome);
    const party = this.#accord.parties.findIndex((item) => item.absent === true);
    const absent = this.#accord.parties[party];
    if (absent === undefined || kind === undefined) return undefined;
    let observed = this.#logs.get(log.id);
    if (observed === undefined) {
      const nothing = { named: new Map(), notHeld: new Map(), missing: new Set<never>(), listed: new Map() };
      observed = { ...log, ...nothing, id: absent.incarnation, party, observedIn: log };
      this.#logs.set(log.id, observed);
    }
    return { ...placed, log: observed, header: { ...header, kind, to: [] } };
  }
}
