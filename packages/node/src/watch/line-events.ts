import type { NodeEvent } from "@openline/api";
import {
  type ChannelState,
  type UnixSeconds,
  decodeEntry,
  logLabel,
  refusable,
  secondsOf,
  statesAt,
  trackOf,
  validUntil,
} from "@openline/core";
import { standing, stateOf } from "../drafts/draft.ts";
import type { ServedLine } from "../http/served.ts";
import { NewEntries } from "./new-entries.ts";

/** Computing the states takes no more than this part of the time: with thousands of open debts they cost milliseconds, and in a
 *  stream of entries each batch would have them computed anew. */
const STATES_SHARE = 0.05;

/** Finds out what has changed on one line since it was last asked. `lookAgain`: it has put something off and is to be asked then. */
export class LineEvents {
  readonly #line: ServedLine;
  readonly #lookAgain: () => void;
  readonly #entries: NewEntries;
  #bearers: string;
  #drafts: number;
  #unsent: number;
  readonly #verdicts: Map<string, string> = new Map();
  /** States are computed again when an entry has come, or when time alone may change one. POSIX seconds. */
  #statesUntil = -Infinity;
  /** An entry has come since they were computed. */
  #statesOld = false;
  /** Not before. Milliseconds of `performance.now`. */
  #statesFrom = -Infinity;
  #planned: NodeJS.Timeout | undefined;

  constructor(line: ServedLine, lookAgain: () => void) {
    this.#line = line;
    this.#lookAgain = lookAgain;
    this.#entries = new NewEntries(line);
    this.#bearers = JSON.stringify(line.bearers());
    this.#drafts = line.drafts.changes;
    this.#unsent = line.unsent.changes;
    this.#verdictsChanged(statesAt(line.node.record, secondsOf(line.node.options.world.clock.now())));
  }

  async since(): Promise<readonly NodeEvent[]> {
    const events: NodeEvent[] = [];
    for await (const item of this.#entries.take()) events.push(this.#entryEvent(item));
    this.#statesOld ||= events.length > 0;
    const at = secondsOf(this.#line.node.options.world.clock.now());
    if (this.#statesOld || at >= this.#statesUntil) events.push(...this.#statesInTurn(at));
    return [...events, ...this.#draftsChanged(), ...this.#unsentChanged(), ...this.#bearersChanged()];
  }

  close(): void {
    clearTimeout(this.#planned);
  }

  /** Now, or as soon as they have had a rest long enough. */
  #statesInTurn(at: UnixSeconds): readonly NodeEvent[] {
    const start = performance.now();
    if (start < this.#statesFrom) {
      this.#planned ??= setTimeout(() => {
        this.#planned = undefined;
        this.#lookAgain();
      }, this.#statesFrom - start).unref();
      return [];
    }
    const events = this.#statesChanged(at, this.#statesOld);
    this.#statesOld = false;
    const end = performance.now();
    this.#statesFrom = end + (end - start) * (1 / STATES_SHARE - 1);
    return events;
  }

  #draftsChanged(): readonly NodeEvent[] {
    const { drafts, accord } = this.#line;
    const changed = drafts.changedSince(this.#drafts);
    this.#drafts = drafts.changes;
    return changed.map((draft) => {
      return { event: "draft", data: { line: accord.line, draft: draft.number, state: stateOf(draft), version: standing(draft).number } };
    });
  }

  #unsentChanged(): readonly NodeEvent[] {
    const { unsent, accord } = this.#line;
    const changed = unsent.changedSince(this.#unsent);
    this.#unsent = unsent.changes;
    return changed.map(({ post, field, version }) => ({ event: "unsent", data: { line: accord.line, post, field, version } }));
  }

  #entryEvent({ log, stored }: Parameters<typeof entryPlace>[1]): NodeEvent {
    const { node, accord } = this.#line;
    const read = refusable(() => decodeEntry(stored.entry));
    const header = read.ok ? read.value.act.header : undefined;
    return {
      event: "entry",
      data: {
        line: accord.line,
        ...entryPlace(node, { log, stored }),
        kind: header?.kind ?? null,
        channel: header === undefined ? null : (node.record.channels.get(header.channel)?.terms.id ?? null),
        precedence: header?.precedence ?? null,
      },
    };
  }

  /** How long states hold costs several times what they cost themselves, and the next entry makes it worthless: while entries come it is
   *  worked out once a second. A state never changes within a second without one. */
  #statesChanged(at: UnixSeconds, entriesCame: boolean): readonly NodeEvent[] {
    const { record } = this.#line.node;
    const states = statesAt(record, at);
    this.#statesUntil = entriesCame
      ? at + 1
      : Math.min(...states.map((state) => validUntil(record, trackOf(record, state.id), state) ?? Infinity));
    return this.#verdictsChanged(states);
  }

  #verdictsChanged(states: readonly ChannelState[]): readonly NodeEvent[] {
    const changed = states.filter(({ id, verdict }) => this.#verdicts.get(id) !== verdict);
    for (const { id, verdict } of changed) this.#verdicts.set(id, verdict);
    return changed.map(({ id, verdict }) => ({ event: "state", data: { line: this.#line.accord.line, channel: id, verdict } }));
  }

  #bearersChanged(): readonly NodeEvent[] {
    const bearers = this.#line.bearers();
    const now = JSON.stringify(bearers);
    if (now === this.#bearers) return [];
    this.#bearers = now;
    return [{ event: "bearers", data: { line: this.#line.accord.line, bearers: [...bearers] } }];
  }
}

type Taken = NewEntries extends { take(): AsyncGenerator<infer T, void, void> } ? T : never;
const entryPlace = ({ record }: ServedLine["node"], { log, stored }: Taken) => ({
  log: logLabel(record, log),
  index: Number(stored.index),
  leaf: stored.leaf,
});
