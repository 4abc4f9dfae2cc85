import { type LineRecord, channelState, loadRecord, stateView, statesAt, trackOf, validUntil } from "@openline/core";
import type { Laws } from "./laws.ts";
import type { Machine } from "./machine.ts";

const NO_WORDS = { words: () => undefined };

/** Equal cuts give equal states on every side and in a record loaded anew, and nothing changes before `validUntil`. */
export class StateLaws {
  readonly #laws: Laws;
  readonly #machines: readonly Machine[];

  constructor(laws: Laws, machines: readonly Machine[]) {
    this.#laws = laws;
    this.#machines = machines;
  }

  /** Now and then while the run goes on. */
  sometimes(now: number): void {
    this.#equal(Math.floor(now / 1000));
  }

  atEnd(now: number): void {
    const at = Math.floor(now / 1000);
    this.#equal(at);
    for (const machine of this.#honest()) {
      const record = machine.node?.record;
      if (record === undefined) continue;
      this.#fresh(machine, record, at);
      this.#valid(machine, record, at);
    }
  }

  #honest(): readonly Machine[] {
    return this.#machines.filter((machine) => this.#laws.honest(machine) && machine.node !== undefined);
  }

  #equal(at: number): void {
    const views = new Map<string, { readonly machine: Machine; readonly view: string }>();
    for (const machine of this.#honest()) {
      const record = machine.node?.record;
      if (record === undefined || record.waiting > 0) continue;
      const cut = cutOf(record);
      const view = viewOf(record, at);
      const known = views.get(cut);
      if (known === undefined) views.set(cut, { machine, view });
      else
        this.#laws.check(
          known.view === view,
          "unequal-states",
          () => `${known.machine.plan.name} and ${machine.plan.name} at ${at}: ${difference(known.view, view)}`,
        );
    }
  }

  /** A verifier that loads the same entries says the same. */
  #fresh(machine: Machine, record: LineRecord, at: number): void {
    const logs = [...machine.disk.written.entries]
      .toReversed()
      .map(([log, entries]) => ({ log, entries: entries.map(({ entry }) => entry) }));
    const { record: loaded } = loadRecord(machine.plan.suite, record.accord, logs);
    if (cutOf(loaded) !== cutOf(record)) return;
    const [ours, theirs] = [viewOf(record, at), viewOf(loaded, at)];
    this.#laws.check(ours === theirs, "unequal-states", () => `${machine.plan.name} and a verifier at ${at}: ${difference(ours, theirs)}`);
  }

  #valid(machine: Machine, record: LineRecord, at: number): void {
    for (const { id } of record.accord.terms.channels) {
      const track = trackOf(record, id);
      const state = channelState(record, track, at);
      const until = validUntil(record, track, state);
      const end = until ?? at + 30 * 86_400;
      const same = (time: number): boolean => essence(record, id, time) === essence(record, id, at);
      for (const time of [at + 1, Math.floor((at + end) / 2), end - 1].filter((t) => t > at && t < end))
        this.#laws.check(
          same(time),
          "valid-until-late",
          () => `${machine.plan.name}: ${id} says at ${at} that it stays so until ${until}, and changes by ${time}`,
        );
      if (until !== null)
        this.#laws.check(!same(until), "valid-until-early", () => `${machine.plan.name}: ${id} does not change at ${until}`);
    }
  }
}

const cutOf = (record: LineRecord): string =>
  [...record.logs.values()]
    .map((log) => `${log.id}:${log.times.length}`)
    .toSorted()
    .join(" ");

function viewOf(record: LineRecord, at: number): string {
  return JSON.stringify(statesAt(record, at).map((state) => stateView(record, state, { validUntil: null, ...NO_WORDS })));
}

function essence(record: LineRecord, id: string, at: number): string {
  const state = channelState(record, trackOf(record, id), at);
  const codes = state.reasons.map(({ code }) => code);
  return JSON.stringify([state.verdict, codes, state.responsible, state.standing.value, state.basis.value, state.principals.outcome]);
}

function difference(first: string, second: string): string {
  let at = 0;
  while (at < first.length && first[at] === second[at]) at++;
  return `${first.slice(Math.max(0, at - 60), at + 120)} / ${second.slice(Math.max(0, at - 60), at + 120)}`;
}
