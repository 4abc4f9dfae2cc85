import { type Alarm, alarmsAt, formatTime, logLabel, parseUnixSeconds, secondsOf } from "@openline/core";
import type { ServedLine } from "../http/served.ts";
import type { Program } from "./alarm-settings.ts";
import { RunningProgram } from "./run-program.ts";
import { settlesWithin } from "./settles-within.ts";

/** A program that has not ended by then is stuck. */
const RUN_MS = 30_000;
/** What rings when the node is stopped has this long. */
const STOP_MS = 2000;
/** Alarms of one precedence and reason that are rung at the same time; the others wait their turn. A bell that hangs may take every
 *  turn there is, so what is more urgent, or new among what is late, has turns of its own. */
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
  readonly #ringing: Map<string, Ringing> = new Map();

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
      if (this.#rung.has(alarm.id) || this.#ringing.has(alarm.id) || (this.#failedAt.get(alarm.id) ?? -Infinity) > rest) continue;
      const kind = `${alarm.reason} ${alarm.act.header.precedence}`;
      if ([...this.#ringing.values()].filter((ringing) => ringing.kind === kind).length < AT_ONCE_MAX) this.#ring(alarm, kind);
    }
  }

  #ring(alarm: Alarm, kind: string): void {
    const program = new RunningProgram(this.#program);
    program.sayLast(`${JSON.stringify(this.#noticeOf(alarm))}\n`);
    this.#ringing.set(alarm.id, { kind, program, done: this.#rang(alarm.id, program) });
  }

  async #rang(id: string, program: RunningProgram): Promise<void> {
    if (!(await settlesWithin(program.ended, RUN_MS))) program.kill();
    const why = await program.ended;
    if (why === undefined) this.#rung.add(id);
    else {
      this.#failedAt.set(id, performance.now());
      this.#told(`${this.#line.party.id}: the alarm program ${this.#program[0]} failed: ${why}; it is tried again while the alarm stands`);
    }
    this.#ringing.delete(id);
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

  /** Resolves when no program runs any more: one that takes longer than 2 s is killed, and rings again at the next start. */
  async stop(): Promise<void> {
    const ended = [...this.#ringing.values()].map(async ({ program, done }) => {
      await program.endWithin(STOP_MS);
      await done;
    });
    await Promise.all(ended);
  }
}

interface Ringing {
  /** Reason and precedence. */
  readonly kind: string;
  readonly program: RunningProgram;
  readonly done: Promise<void>;
}
