import { type Alarm, alarmsAt, formatTime, logLabel, parseUnixSeconds, secondsOf } from "@openline/core";
import type { ServedLine } from "../http/served.ts";
import type { Program } from "./alarm-settings.ts";
import { runProgram } from "./run-program.ts";

/** A program that has not ended by then is stuck. */
const RUN_MS = 30_000;
/** Alarms rung at the same time; the others wait their turn, the most urgent first. */
const AT_ONCE_MAX = 4;
/** A program that failed is tried again after this. */
const AGAIN_MS = 5000;

/** Runs a program once for each alarm. What has been rung is kept in memory only: after a restart whatever still stands rings
 *  again, since one bell too many is better than none. */
export class Bell {
  readonly #line: ServedLine;
  readonly #program: Program;
  readonly #told: (line: string) => void;
  readonly #rung: Set<string> = new Set();
  readonly #failedAt: Map<string, number> = new Map();
  readonly #ringing: Map<string, Promise<void>> = new Map();

  constructor(line: ServedLine, program: Program, told: (line: string) => void) {
    this.#line = line;
    this.#program = program;
    this.#told = told;
  }

  /** Rings what stands and has not been rung. */
  look(): void {
    const { node, accord, party } = this.#line;
    const at = secondsOf(node.options.world.clock.now());
    const alarms = alarmsAt(node.record, { party: accord.parties.indexOf(party), at });
    const standing = new Set(alarms.map(({ id }) => id));
    for (const known of [this.#rung, this.#failedAt]) for (const id of known.keys()) if (!standing.has(id)) known.delete(id);
    const rest = performance.now() - AGAIN_MS;
    for (const alarm of alarms) {
      if (this.#ringing.size >= AT_ONCE_MAX) return;
      if (this.#rung.has(alarm.id) || this.#ringing.has(alarm.id) || (this.#failedAt.get(alarm.id) ?? -Infinity) > rest) continue;
      this.#ringing.set(alarm.id, this.#ring(alarm));
    }
  }

  async #ring(alarm: Alarm): Promise<void> {
    const well = await runProgram(this.#program, `${JSON.stringify(this.#noticeOf(alarm))}\n`, RUN_MS);
    if (well) this.#rung.add(alarm.id);
    else {
      this.#failedAt.set(alarm.id, performance.now());
      this.#told(`${this.#line.party.id}: the alarm program ${this.#program[0]} failed; it is tried again while the alarm stands`);
    }
    this.#ringing.delete(alarm.id);
  }

  /** What the program is told: where to look, and nothing of what was said. */
  #noticeOf({ reason, clock, debtor, act, due }: Alarm): Readonly<Record<string, unknown>> {
    const { node, accord, party } = this.#line;
    return {
      line: accord.line,
      party: party.id,
      exercise: accord.terms.mode === "exercise",
      reason,
      clock,
      debtor: accord.parties[debtor]?.id ?? null,
      precedence: act.header.precedence,
      channel: act.header.channel,
      entry: `${logLabel(node.record, act.log)}/${act.index}`,
      due: Number.isFinite(due) ? formatTime(parseUnixSeconds(due)) : null,
    };
  }

  /** Resolves when no program runs any more. */
  async stop(): Promise<void> {
    await Promise.all(this.#ringing.values());
  }
}
