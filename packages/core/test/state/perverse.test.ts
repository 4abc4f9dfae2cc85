import {
  type ChannelTerms,
  type Facts,
  type KindName,
  type Verdict,
  VERDICTS,
  channelState,
  parseUnixSeconds,
  trackOf,
} from "@openline/core";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE, START, Scene, type SceneAct } from "./scene.ts";

/** Each perverse move against its honest course: B moves (or A does), the other side is honest. At no instant is the mover's
 *  own verdict better than without the move, and the other side's is worse only where a test says so. */

const T0 = START + DAY;
const channel: Partial<ChannelTerms> = {
  clocks: {
    held: { FLASH: 5 * MINUTE, ROUTINE: HOUR },
    acknowledge: { FLASH: 5 * MINUTE, ROUTINE: 15 * MINUTE },
    answer: { ROUTINE: 2 * HOUR },
    callRequest: 4 * HOUR,
  },
};
const LINE = { silentAfter: 10 * MINUTE };

type Moves = (line: Played) => void;
interface Options {
  readonly channels?: readonly Partial<ChannelTerms>[];
  readonly silentAfter?: number | null;
  /** How far a party's clock is from the truth at an instant. */
  readonly clock?: (by: string, at: number) => number;
  /** Whether a party's node runs: it beats and takes receipt. */
  readonly runs?: (by: string, at: number) => boolean;
  /** Whether it names the other's head when it says something. */
  readonly names?: (by: string, at: number) => boolean;
  readonly hours?: number;
}

/** Two nodes that beat every five minutes, and acts between. */
class Played {
  readonly scene: Scene;
  readonly #acts: { readonly at: number; readonly act: (leaf: (id: string) => string) => SceneAct; readonly id?: string }[] = [];
  readonly #options: Options;
  constructor(options: Options) {
    this.#options = options;
    const silentAfter = options.silentAfter === undefined ? LINE.silentAfter : options.silentAfter;
    this.scene = new Scene({ parties: ["aland", "bland"], channels: options.channels ?? [channel, channel], terms: { silentAfter } });
  }

  say(
    at: number,
    by: string,
    kind: KindName,
    more: { id?: string; ref?: string; facts?: Facts; channel?: number; flash?: boolean } = {},
  ): void {
    const act = (leaf: (id: string) => string): SceneAct => ({
      by,
      kind,
      at: T0 + at,
      channel: more.channel ?? 1,
      precedence: more.flash === true ? "FLASH" : "ROUTINE",
      facts: more.facts ?? {},
      ...(more.ref === undefined ? {} : { refs: [leaf(more.ref)] }),
    });
    this.#acts.push({ at: T0 + at, act, ...(more.id === undefined ? {} : { id: more.id }) });
  }

  run(): this {
    const { clock, runs, names, hours = 8 } = this.#options;
    const leaves = new Map<string, string>();
    const write = (act: SceneAct): string => {
      const named = names === undefined || names(act.by, act.at) ? ["aland", "bland"] : [];
      return this.scene.write({ ...act, at: Math.max(START, act.at + (clock?.(act.by, act.at) ?? 0)), names: named });
    };
    const beats = Array.from({ length: hours * 12 + 13 }, (_, i) => T0 + (i - 12) * 5 * MINUTE);
    const instants = [...new Set([...beats, ...this.#acts.map((item) => item.at)])].toSorted((a, b) => a - b);
    for (const at of instants) {
      for (const { act, id } of this.#acts.filter((item) => item.at === at)) {
        const leaf = write(act((name) => leaves.get(name) ?? name));
        if (id !== undefined) leaves.set(id, leaf);
      }
      for (const by of ["bland", "aland", "bland"]) if (runs === undefined || runs(by, at)) write({ by, kind: "beat", at });
      this.#sizes.set(at, Object.fromEntries([...this.scene.logs].map(([party, log]) => [party, log.entries.length])));
    }
    return this;
  }

  /** Each debtor's verdict about `at`, as the record has it now or as it was known at an instant. */
  verdicts(at: number, knownAt?: number): readonly Verdict[] {
    const record =
      knownAt === undefined ? (this.#record ??= this.scene.record()) : this.scene.record({ sizes: this.#sizes.get(knownAt) ?? {} });
    return channelState(record, trackOf(record, "main"), at).debtors.map((debtor) => debtor.verdict);
  }
  #record: ReturnType<Scene["record"]> | undefined;
  /** How long each log was at each instant. */
  readonly #sizes: Map<number, Readonly<Record<string, number>>> = new Map();
}

const rank = (verdict: Verdict | undefined): number => VERDICTS.indexOf(verdict ?? "open");
const proofs: Moves = (line) => {
  line.say(-50 * MINUTE, "aland", "incident-open");
  line.say(-50 * MINUTE, "bland", "incident-open");
};
const asked: Moves = (line) => {
  proofs(line);
  line.say(0, "aland", "message", { id: "m", facts: { wantsAnswer: true } });
};

/** Compares at every ten minutes, and beyond the end of the line at longer steps. */
function compare(options: {
  readonly mover: "aland" | "bland";
  readonly honest: Moves;
  readonly move: Moves;
  readonly how?: Options;
  readonly both?: Options;
  readonly from?: number;
  readonly to?: number;
}): { better: number[]; worse: { at: number; verdict: Verdict }[] } {
  const [honest, moved] = [new Played({ ...options.both }), new Played({ ...options.both, ...options.how })];
  options.honest(honest);
  options.move(moved);
  honest.run();
  moved.run();
  const mover = options.mover === "aland" ? 0 : 1;
  const better: number[] = [];
  const worse: { at: number; verdict: Verdict }[] = [];
  for (let at = options.from ?? 0; at <= (options.to ?? 8 * HOUR); at += 5 * MINUTE) {
    const [without, withMove] = [honest.verdicts(T0 + at), moved.verdicts(T0 + at)];
    if (rank(withMove[mover]) > rank(without[mover])) better.push(at);
    const other = withMove[1 - mover];
    if (other !== undefined && rank(other) < rank(without[1 - mover])) worse.push({ at, verdict: other });
  }
  return { better, worse };
}

/** Nobody gains and nobody else loses. */
const NOTHING = { better: [], worse: [] };

describe("a debtor that does not want to answer", () => {
  const B = { mover: "bland", honest: asked, move: asked } as const;

  test("unplugs: it is silent instead of overdue", () => {
    expect(compare({ ...B, how: { runs: (by, at) => by === "aland" || at < T0 } })).toEqual(NOTHING);
  });

  test("takes no receipt and goes on signing: silent, or not-received where the line has no limit for silence", () => {
    const how = { names: (by: string, at: number) => by === "aland" || at < T0 };
    expect(compare({ ...B, how }).worse).toEqual([]);
    // Until the limit of the first of these clocks a receipt withheld is a receipt under way: nobody can tell them apart.
    expect(compare({ ...B, how, from: 15 * MINUTE }).better).toEqual([]);
    const flash: Moves = (line) => {
      proofs(line);
      line.say(0, "aland", "message", { id: "m", flash: true });
    };
    const both = { silentAfter: null };
    const found = compare({ mover: "bland", honest: flash, move: flash, both, how });
    expect(found).toEqual(NOTHING);
  });

  test("says falsely that a body is missing: the held clock runs on; before it ends, loss and withholding look alike", () => {
    const move: Moves = (line) => {
      asked(line);
      line.say(1, "bland", "refusal", { ref: "m", facts: { code: "missing-disclosure" } });
    };
    const how = { names: (by: string, at: number) => by === "aland" || at !== T0 };
    const found = compare({ ...B, move, how });
    expect(found.worse).toEqual([]);
    expect(found.better.every((at) => at < HOUR)).toBe(true);
  });

  test("waits out 30 days: unproven, and never by itself open", () => {
    const line = new Played({ silentAfter: null, hours: 1 });
    asked(line);
    line.say(45 * DAY, "aland", "incident-open");
    line.run();
    expect(line.verdicts(T0 + 30 * DAY)[1]).toBe("unanswered");
    for (let day = 31; day < 200; day++) expect(line.verdicts(T0 + day * DAY)[1]).toBe("unproven");
  });

  test("suspends, resumes, and suspends again: it is suspended while it is and owes all the same", () => {
    const move: Moves = (line) => {
      asked(line);
      for (let i = 0; i < 6; i++) {
        line.say((20 + i * 40) * MINUTE, "bland", "suspend", { id: `s${i}` });
        line.say((40 + i * 40) * MINUTE, "bland", "resume", { ref: `s${i}` });
      }
    };
    expect(compare({ ...B, move })).toEqual(NOTHING);
  });

  test.each([
    ["long before", -30 * DAY],
    ["just before it says so", 3 * HOUR - 1],
  ])("promises a reply for %s: it owes what it owed, and for as long", (_, by) => {
    const acknowledged: Moves = (line) => {
      asked(line);
      line.say(MINUTE, "bland", "acknowledge", { ref: "m" });
    };
    const move: Moves = (line) => {
      acknowledged(line);
      line.say(3 * HOUR, "bland", "holding-reply", { ref: "m", facts: { replyBy: parseUnixSeconds(T0 + by) } });
    };
    const both = { silentAfter: null };
    expect(compare({ ...B, honest: acknowledged, move, both })).toEqual(NOTHING);
    const found = compare({ ...B, honest: acknowledged, move, both, from: 29 * DAY, to: 31 * DAY });
    expect(found).toEqual(NOTHING);
  });

  test("promises a reply for a moment after it says so, with a clock put back: the thirty days end no sooner", () => {
    const acknowledged: Moves = (line) => {
      asked(line);
      line.say(MINUTE, "bland", "acknowledge", { ref: "m" });
    };
    const move: Moves = (line) => {
      acknowledged(line);
      line.say(3 * HOUR, "bland", "holding-reply", { ref: "m", facts: { replyBy: parseUnixSeconds(T0 + 3 * MINUTE) } });
    };
    const clock = (by: string, at: number): number => (by === "bland" && at > T0 + 2 * MINUTE ? T0 + 2 * MINUTE - at : 0);
    const both = { silentAfter: null };
    const found = compare({ ...B, honest: acknowledged, move, both, how: { clock }, from: 29 * DAY, to: 31 * DAY });
    expect(found.better).toEqual([]);
  });

  test("acknowledges late and dates it back", () => {
    const late: Moves = (line) => {
      asked(line);
      line.say(3 * HOUR, "bland", "answer", { ref: "m" });
    };
    const how = { clock: (by: string, at: number) => (by === "bland" && at >= T0 + 5 * MINUTE ? T0 + 5 * MINUTE - at : 0) };
    const found = compare({ mover: "bland", honest: late, move: late, how });
    // Looking back, its stopped clock may have been right until twice the limit of silence; then it is silent.
    expect(found.better.every((at) => at < 25 * MINUTE)).toBe(true);
    // At the time, nobody held what was dated back later.
    const line = new Played(how);
    late(line);
    line.run();
    for (const at of [15 * MINUTE, 20 * MINUTE]) expect(line.verdicts(T0 + at, T0 + at)[1]).toBe("unanswered");
  });

  test.each([
    ["ahead by an hour", 60 * MINUTE],
    ["ahead by two years", 730 * DAY],
    ["behind by an hour", -60 * MINUTE],
  ])("keeps a clock that is %s", (_, offset) => {
    const how = { clock: (by: string, at: number) => (by === "bland" && at >= T0 - 30 * MINUTE ? offset : 0) };
    expect(compare({ ...B, how }).better).toEqual([]);
  });

  test("stops its clock", () => {
    const how = { clock: (by: string, at: number) => (by === "bland" && at > T0 ? T0 - at : 0) };
    expect(compare({ ...B, how, from: 25 * MINUTE }).better).toEqual([]);
  });

  test("talks about its own messages, answers itself, withdraws what is not its own", () => {
    const move: Moves = (line) => {
      asked(line);
      line.say(MINUTE, "bland", "message", { id: "own", channel: 2 });
      line.say(2 * MINUTE, "bland", "acknowledge", { ref: "own", channel: 2 });
      line.say(3 * MINUTE, "bland", "withdraw-request", { ref: "m" });
    };
    expect(compare({ ...B, move })).toEqual(NOTHING);
  });

  test("writes itself that the call took place: no better than having accepted", () => {
    const call: Moves = (line) => {
      proofs(line);
      line.say(0, "aland", "call-request", { id: "c" });
    };
    const accepts: Moves = (line) => {
      call(line);
      line.say(HOUR, "bland", "call-accept", { ref: "c" });
    };
    const records: Moves = (line) => {
      call(line);
      line.say(HOUR, "bland", "call-record", { ref: "c" });
    };
    expect(compare({ mover: "bland", honest: accepts, move: records })).toEqual(NOTHING);
  });

  test("answers on another channel: no better than answering here", () => {
    const answers =
      (on: number): Moves =>
      (line) => {
        asked(line);
        line.say(HOUR, "bland", "answer", { ref: "m", channel: on });
      };
    expect(compare({ mover: "bland", honest: answers(1), move: answers(2) }).better).toEqual([]);
  });
});

describe("a party that wants the other to look bad", () => {
  test("floods with a thousand requests: within the quiet period one debt, answered once", () => {
    const quiet = [{ ...channel, quietPeriod: 8 * HOUR }];
    const one: Moves = (line) => {
      asked(line);
      line.say(10 * MINUTE, "bland", "answer", { ref: "m" });
      line.say(11 * MINUTE, "aland", "acknowledge", { ref: "m" });
    };
    const flood: Moves = (line) => {
      one(line);
      for (let i = 0; i < 1000; i++) line.say(12 * MINUTE + i, "aland", "message", { facts: { wantsAnswer: true } });
    };
    expect(compare({ mover: "aland", honest: one, move: flood, both: { channels: quiet } })).toEqual(NOTHING);
  });

  test("suspends, and asks for things on the channel it has suspended", () => {
    const suspends: Moves = (line) => {
      proofs(line);
      line.say(0, "aland", "suspend");
    };
    const uses: Moves = (line) => {
      suspends(line);
      line.say(HOUR, "aland", "message", { facts: { wantsAnswer: true } });
    };
    expect(compare({ mover: "aland", honest: suspends, move: uses })).toEqual(NOTHING);
  });

  test("withdraws its request after it was due: the debtor is better for it", () => {
    const move: Moves = (line) => {
      asked(line);
      line.say(4 * HOUR, "aland", "withdraw-request", { ref: "m" });
    };
    expect(compare({ mover: "aland", honest: asked, move })).toEqual(NOTHING);
  });

  test.each([
    ["behind by an hour", -HOUR],
    ["ahead by an hour", HOUR],
  ])("keeps a clock that is %s: no debtor is overdue at the time that it says so", (_, offset) => {
    const move: Moves = (line) => {
      asked(line);
      line.say(10 * MINUTE, "bland", "answer", { ref: "m" });
      line.say(11 * MINUTE, "aland", "incident-open");
    };
    const how = { clock: (by: string, at: number) => (by === "aland" && at >= T0 - 30 * MINUTE ? offset : 0) };
    const found = compare({ mover: "aland", honest: move, move, how, both: { silentAfter: null }, from: 75 * MINUTE });
    expect(found.better).toEqual([]);
    expect(found.worse.filter(({ verdict }) => verdict === "unanswered")).toEqual([]);
  });

  test("takes no receipt of the answer: a pending answer has no effect, which is the one thing that withholding can do", () => {
    const answered: Moves = (line) => {
      asked(line);
      line.say(10 * MINUTE, "bland", "answer", { ref: "m" });
      line.say(11 * MINUTE, "aland", "incident-open");
    };
    const how = { names: (by: string, at: number) => by === "bland" || at < T0 + 10 * MINUTE };
    const found = compare({ mover: "aland", honest: answered, move: answered, how });
    expect(found.better).toEqual([]);
    expect(found.worse.every(({ verdict }) => verdict === "unanswered")).toBe(true);
    // The one that withholds is silent on the other's log, which is worse than what it does to the other.
    const line = new Played(how);
    answered(line);
    line.run();
    expect(line.verdicts(T0 + 2 * HOUR)).toEqual(["silent", "unanswered"]);
  });
});

test("a caller that dates a test back into its slot is no better off, and the other is not blamed for it", () => {
  const table = { caller: "aland", times: [6 * HOUR], weekdays: [1, 2, 3, 4, 5, 6, 7], except: [], grace: 30 * MINUTE };
  const both = { channels: [{ ...channel, timetable: table }], hours: 12 };
  const late: Moves = (line) => {
    proofs(line);
    line.say(7 * HOUR + 10 * MINUTE, "aland", "test", { id: "t" });
  };
  const stopped = (by: string, at: number): number => (by === "aland" && at >= T0 + 6 * HOUR ? T0 + 6 * HOUR - at : 0);
  const found = compare({ mover: "aland", honest: late, move: late, how: { clock: stopped }, both, to: 9 * HOUR });
  expect(found.better).toEqual([]);
  expect(found.worse.filter(({ verdict }) => verdict === "untested")).toEqual([]);
});

test.each<readonly [string, readonly number[]]>([
  ["as the slot begins", [0, 5 * MINUTE]],
  ["within its window and resumes after it", [-10 * MINUTE, 35 * MINUTE - 1]],
  ["at the slot and again when its window closes", [0, 5 * MINUTE, 30 * MINUTE - 1, 35 * MINUTE]],
])("a caller that suspends %s is no better off than one that does not test", (_, moments) => {
  const table = { caller: "aland", times: [6 * HOUR], weekdays: [1, 2, 3, 4, 5, 6, 7], except: [START], grace: 30 * MINUTE };
  const both = { channels: [{ ...channel, timetable: table }], hours: 12, silentAfter: null };
  const move: Moves = (line) => {
    proofs(line);
    moments.forEach((at, i) => line.say(6 * HOUR + at, "aland", i % 2 === 0 ? "suspend" : "resume"));
  };
  const found = compare({ mover: "aland", honest: proofs, move, both, from: 5 * HOUR, to: 12 * HOUR });
  // A window that its author's suspension covered to the end is one on a suspended channel.
  const covered = moments[1] === 35 * MINUTE - 1;
  expect(found.better.length > 0).toBe(covered);
  expect(found.worse).toEqual([]);
});

test("an act named far too early by a hostile clock is not pushed out of effect", () => {
  const scene = new Scene();
  scene.beat("bland", START + 700 * DAY);
  scene.write({ by: "aland", kind: "suspend", at: T0, facts: { review: parseUnixSeconds(T0 + DAY) } });
  scene.beat("bland", START + 701 * DAY);
  scene.beat("aland", T0 + MINUTE);
  const record = scene.record();
  expect(channelState(record, trackOf(record, "main"), T0 + HOUR).standing.value).toBe("suspended");
});
