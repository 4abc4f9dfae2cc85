import { Gauge, Histogram, Registry } from "prom-client";
import type { Served, ServedLine } from "../http/served.ts";
import { unreadyOf } from "../http/readiness.ts";
import { debtCounts } from "./debt-counts.ts";
import { OwnMessages } from "./own-messages.ts";
import { peersOf } from "../watch/peers.ts";

const LINE = ["line", "party"] as const;
/** Seconds: from a direct way to a parcel carried for a week. */
const HELD_BUCKETS = [0.5, 1, 2, 5, 15, 60, 300, 3600, 86_400, 604_800];
const ACKNOWLEDGED_BUCKETS = [15, 60, 300, 900, 3600, 28_800, 86_400, 432_000];

/** What a node says of itself in the text format of Prometheus. Every value is computed from the record when it is asked for; no metric
 *  carries content, a name of a person, or a key. Source: docs/operating/metrics.md. */
export class Metrics {
  readonly #registry: Registry = new Registry();
  readonly #served: Served;
  readonly #own: ReadonlyMap<ServedLine, OwnMessages>;
  readonly #held: Histogram<string>;
  readonly #acknowledged: Histogram<string>;

  constructor(served: Served) {
    this.#served = served;
    this.#own = new Map(served.lines.map((line) => [line, new OwnMessages(line)]));
    this.#held = this.#histogram("openline_held_seconds", "From placing to held by the peer, messages since this start.", HELD_BUCKETS);
    this.#acknowledged = this.#histogram(
      "openline_acknowledged_seconds",
      "From held to acknowledged by an officer of the peer, messages since this start.",
      ACKNOWLEDGED_BUCKETS,
    );
    this.#peers();
    this.#debts();
    this.#bearers();
    this.#gauge("openline_log_entries", "Entries of a log as far as it has been read here.", ["log"], (line, set) => {
      for (const log of line.node.record.logs.values())
        set({ log: `${line.accord.parties[log.party]?.id ?? ""}@${log.id}` }, log.times.length);
    });
    this.#gauge("openline_ready", "1: this node can sign, store and keep time.", [], async (line, set) => {
      set({}, (await unreadyOf({ lines: [line] })).length === 0 ? 1 : 0);
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    for (const [line, own] of this.#own) {
      for (const { peer, precedence, fact, seconds } of own.since())
        (fact === "held" ? this.#held : this.#acknowledged).observe({ ...labelsOf(line), peer, precedence }, seconds);
    }
    return this.#registry.metrics();
  }

  #peers(): void {
    const peer = ["peer"];
    this.#gauge("openline_peer_last_signed_timestamp_seconds", "Time of the last entry that the peer signed.", peer, (line, set) => {
      for (const { id, lastAt } of peersOf(line)) if (lastAt !== undefined) set({ peer: id }, lastAt);
    });
    this.#gauge("openline_peer_lag_entries", "Entries of our log that the peer has not named.", peer, (line, set) => {
      for (const { id, lagEntries } of peersOf(line)) set({ peer: id }, lagEntries);
    });
    this.#gauge("openline_peer_lag_seconds", "Age of the oldest entry of our log that the peer has not named.", peer, (line, set) => {
      for (const { id, lagSeconds } of peersOf(line)) set({ peer: id }, lagSeconds);
    });
    const help = "How far the peer's clock is ahead (negative: behind), at the least that both logs show.";
    this.#gauge("openline_peer_clock_offset_seconds", help, peer, (line, set) => {
      for (const { id, clockOffset } of peersOf(line)) set({ peer: id }, clockOffset);
    });
  }

  #debts(): void {
    const labels = ["debtor", "precedence"];
    this.#gauge("openline_unacknowledged", "Messages held by the debtor and not acknowledged.", labels, (line, set) => {
      for (const { debtor, precedence, unacknowledged } of debtCounts(line)) set({ debtor, precedence }, unacknowledged);
    });
    this.#gauge("openline_overdue", "Acknowledgements, answers and replies to call requests that are overdue.", labels, (line, set) => {
      for (const { debtor, precedence, overdue } of debtCounts(line)) set({ debtor, precedence }, overdue);
    });
  }

  #bearers(): void {
    const labels = ["peer", "bearer", "direction", "health"];
    this.#gauge("openline_bearer_health", "1: how a bearer does, as this node has observed it.", labels, (line, set) => {
      for (const { peer, id, out, in: into } of line.bearers()) {
        for (const [direction, { value }] of [["out", out] as const, ["in", into] as const])
          set({ peer, bearer: id, direction, health: value }, 1);
      }
    });
  }

  #gauge(
    name: string,
    help: string,
    labels: readonly string[],
    collect: (line: ServedLine, set: (labels: Readonly<Record<string, string>>, value: number) => void) => void | Promise<void>,
  ): void {
    const { lines } = this.#served;
    const gauge: Gauge<string> = new Gauge({
      name,
      help,
      labelNames: [...LINE, ...labels],
      registers: [this.#registry],
      collect: async () => {
        gauge.reset();
        for (const line of lines) await collect(line, (own, value) => gauge.set({ ...labelsOf(line), ...own }, value));
      },
    });
  }

  #histogram(name: string, help: string, buckets: readonly number[]): Histogram<string> {
    return new Histogram({
      name,
      help,
      labelNames: [...LINE, "peer", "precedence"],
      buckets: [...buckets],
      registers: [this.#registry],
    });
  }
}

const labelsOf = ({ accord, party }: ServedLine): Record<(typeof LINE)[number], string> => ({ line: accord.line, party: party.id });
