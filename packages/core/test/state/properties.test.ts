import {
  type ChannelState,
  type KindName,
  type LineRecord,
  channelState,
  countedTime,
  effectAt,
  trackOf,
  validUntil,
} from "@openline/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { build, instants, randomScene, summary } from "./random-scene.ts";
import { DAY, HOUR, START, Scene } from "./scene.ts";

const RUNS = { numRuns: Number(process.env["OPENLINE_RUNS"] ?? 40) };
const some = fc.infiniteStream(fc.nat(1_000_000));
const pick = <T>(items: readonly T[], chance: Iterator<number>, count: number): readonly T[] =>
  Array.from({ length: count }, () => items[Number(chance.next().value) % items.length]).filter((item) => item !== undefined);

describe("equal cuts give equal states", () => {
  test("whatever the order in which the entries of different logs are offered", () => {
    fc.assert(
      fc.property(randomScene, some, (options, chance) => {
        const scene = build(options);
        const left = new Map([...scene.logs].map(([party, log]) => [party, log.entries.length]));
        const turns: string[] = [];
        while (left.size > 0) {
          const [party] = pick([...left.keys()], chance, 1);
          if (party === undefined) break;
          turns.push(party);
          const rest = (left.get(party) ?? 1) - 1;
          if (rest === 0) left.delete(party);
          else left.set(party, rest);
        }
        const [shuffled, loaded] = [scene.interleaved(turns), scene.record()];
        // A leaf listed ahead of a gap before it came: such a record says itself that it must be loaded anew.
        fc.pre(!shuffled.outdated);
        expect(shuffled.waiting).toBe(0);
        for (const at of pick(instants(scene), chance, 6)) expect(summary(shuffled, at)).toEqual(summary(loaded, at));
      }),
      RUNS,
    );
  });

  test("whether the record of a call is read before a counter that crossed it, or after", () => {
    const scene = new Scene({ channels: [{ clocks: { held: {}, acknowledge: {}, answer: {}, callRequest: 2 * DAY } }] });
    const say = (at: number, by: string, kind: KindName, refs: readonly string[], names?: readonly string[]) =>
      scene.write({ by, kind, at: START + at, channel: 1, from: "watch", refs, ...(names === undefined ? {} : { names }) });
    const request = say(HOUR, "aland", "call-request", []);
    scene.beat("bland", START + HOUR + 60);
    say(2 * HOUR, "bland", "call-counter", [request]);
    say(3 * HOUR, "aland", "call-record", [request], []);
    for (const by of ["aland", "bland", "aland"]) scene.beat(by, START + 4 * HOUR);
    const first = scene.interleaved(scene.turns);
    const second = scene.interleaved(scene.turns.toSorted());
    const overdue = (record: LineRecord): unknown => JSON.stringify(summary(record, START + 5 * DAY)).includes("call-request-overdue");
    expect([first.waiting, second.waiting, overdue(first), overdue(second)]).toEqual([0, 0, false, false]);
    expect(summary(second, START + 5 * DAY)).toEqual(summary(first, START + 5 * DAY));
  });

  test("whatever was asked before, in whatever order", () => {
    fc.assert(
      fc.property(randomScene, some, (options, chance) => {
        const scene = build(options);
        const asked = scene.record();
        for (const at of pick(instants(scene), chance, 12)) expect(summary(asked, at)).toEqual(summary(scene.record(), at));
      }),
      RUNS,
    );
  });

  test("whether a record grew entry by entry and was asked on the way, or was loaded at that size", () => {
    fc.assert(
      fc.property(randomScene, some, (options, chance) => {
        const scene = build(options);
        const grown = scene.interleaved([]);
        const sizes: Record<string, number> = {};
        for (const party of scene.turns) {
          const log = scene.log(party);
          const index = sizes[party] ?? 0;
          const [bytes, leaf] = [log.entries[index], log.leaves[index]];
          if (bytes === undefined || leaf === undefined) throw new RangeError("a turn without an entry");
          grown.offer({ log: log.id, index, leaf, bytes });
          sizes[party] = index + 1;
          const [now, before] = [(log.times.at(index) ?? START) + 60, pick(instants(scene), chance, 1)[0] ?? START];
          summary(grown, now);
          const none = Object.fromEntries([...scene.logs.keys()].map((id) => [id, 0]));
          expect(summary(grown, before)).toEqual(summary(scene.record({ sizes: { ...none, ...sizes } }), before));
        }
      }),
      { numRuns: Math.ceil(RUNS.numRuns / 3) },
    );
  });

  test("whatever bodies say: only that there are any changes the entries, and nothing but their hashes", () => {
    fc.assert(
      fc.property(randomScene, some, (options, chance) => {
        const [without, withheld] = [build(options), build(options, true)];
        for (const at of pick(instants(without), chance, 4))
          expect(summary(withheld.record(), at, false)).toEqual(summary(without.record(), at, false));
      }),
      RUNS,
    );
  });
});

const signature = (state: ChannelState): unknown => [
  state.verdict,
  state.reasons.map((reason) => reason.code),
  state.responsible,
  state.standing.value,
  state.basis.value,
  state.principals.outcome,
];

describe("validUntil", () => {
  const stateAt = (record: LineRecord, channel: string, at: number): ChannelState => channelState(record, trackOf(record, channel), at);

  test("nothing changes before it, and something does at it", () => {
    fc.assert(
      fc.property(randomScene, some, (options, chance) => {
        const scene = build(options);
        const record = scene.record();
        for (const at of pick(instants(scene), chance, 3)) {
          for (const channel of ["main", "channel-2"]) {
            const state = stateAt(record, channel, at);
            const until = validUntil(record, trackOf(record, channel), state);
            if (until !== null) expect(signature(stateAt(record, channel, until))).not.toEqual(signature(state));
            const end = until ?? at + 200 * DAY;
            const within = Array.from({ length: 12 }, () => at + (Number(chance.next().value) % Math.max(1, end - at)));
            const known = instants(scene).filter((instant) => instant > at && instant < end);
            for (const instant of [...within, ...pick(known, chance, 6), end - 1].filter((item) => item >= at && item < end))
              expect([instant, signature(stateAt(record, channel, instant))]).toEqual([instant, signature(state)]);
          }
        }
      }),
      RUNS,
    );
  });
});

describe("open", () => {
  test("implies a proof by every debtor within the window, and nothing overdue", () => {
    fc.assert(
      fc.property(randomScene, (options) => {
        const scene = build(options);
        const record = scene.record();
        for (const at of instants(scene)) {
          for (const track of record.channels.values()) {
            const state = channelState(record, track, at);
            if (state.verdict !== "open") continue;
            expect(state.reasons.map((reason) => reason.code)).toEqual(state.debtors.map(() => "proof"));
            for (const { entry } of state.reasons) {
              if (entry === undefined) throw new RangeError("a proof without its entry");
              expect(effectAt(record, entry, at)).toBeLessThanOrEqual(at);
              const placed = countedTime(record, entry.log, entry.index);
              expect(at).toBeLessThan(Math.max(placed, at - 1) + track.terms.proofWindow);
            }
            expect(state.watch.overdue).toEqual([]);
          }
        }
      }),
      RUNS,
    );
  });
});

describe("since", () => {
  const late = (record: LineRecord, at: number): readonly unknown[] =>
    [...record.channels.values()].flatMap((track) =>
      channelState(record, track, at).reasons.flatMap(({ code, since }) => (since <= at ? [] : [[track.terms.id, code, since - at]])),
    );

  test("is never later than the instant asked about, before the line began and after", () => {
    fc.assert(
      fc.property(randomScene, (options) => {
        const scene = build(options);
        const record = scene.record();
        for (const at of [0, START - 400 * DAY, START - 1, START, ...instants(scene)]) expect(late(record, at)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("nor on a line of one party, where what the other side is observed to do proves nothing", () => {
    const scene = new Scene({ parties: ["aland", "bland"], absent: "bland" });
    scene.write({ by: "aland", kind: "message", at: START + HOUR });
    scene.write({ by: "aland", kind: "observed", at: START + 2 * HOUR, facts: { outcome: "message" } });
    for (const at of [START - 1, START, START + HOUR, START + 3 * HOUR, START + 200 * DAY]) expect(late(scene.record(), at)).toEqual([]);
  });

  test("a line without an entry has not begun; a side that has not begun is proven nothing since the other began", () => {
    const scene = new Scene();
    const cut = (sizes: Readonly<Record<string, number>>): ChannelState => {
      const record = scene.record({ sizes });
      return channelState(record, trackOf(record, "main"), START + DAY);
    };
    const none = cut({ aland: 0, bland: 0 });
    expect(none).toMatchObject({ verdict: "not-in-force", basis: { value: "not-yet" }, responsible: [] });
    expect(none.reasons).toMatchObject([{ code: "not-yet", since: 0, params: { fromAt: null } }]);
    const half = cut({ aland: 2, bland: 0 });
    expect(half).toMatchObject({ verdict: "unproven", basis: { value: "in-force" } });
    for (const reason of half.reasons) expect(reason).toMatchObject({ code: "no-proof", since: START });
  });
});

test("placement never falls along a log: an entry that goes back has no effect", () => {
  const scene = new Scene();
  scene.act({ by: "aland", kind: "suspend", at: START + HOUR });
  const log = scene.log("aland");
  log.times.push(0);
  scene.act({ by: "aland", kind: "resume", at: START });
  log.times.splice(-2, 1);
  const record = scene.record();
  expect(record.logs.get(log.id)?.times.every((time, i, all) => time >= (all[i - 1] ?? 0))).toBe(true);
});
