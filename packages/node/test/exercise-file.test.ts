import { readdirSync, readFileSync } from "node:fs";
import { limits, parseDate, parseTime } from "@openline/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plansOf } from "../src/operate/exercise-accord.ts";
import { actOfEvent } from "../src/operate/exercise-act.ts";
import { type Exercise, type ExerciseEvent, readExercise } from "../src/operate/exercise-file.ts";

const vectors = new URL("../../../vectors/exercises/", import.meta.url);
const shipped = new URL("../../../exercises/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", vectors), "utf8")) as {
  valid: { comment: string; file: string }[];
  invalid: { comment: string; file: string; line: number; message: string }[];
};

function exerciseIn(folder: URL, file: string): Exercise {
  const result = readExercise(readFileSync(new URL(file, folder)), file);
  if (!result.ok) throw new Error(result.message);
  return result.exercise;
}

const eventsOf = (exercise: Exercise): ExerciseEvent[] => exercise.events.filter((event) => event.kind === "event");

function eventOf(exercise: Exercise, id: string): ExerciseEvent {
  const event = eventsOf(exercise).find((item) => item.id === id);
  if (event === undefined) throw new Error(`no event ${id}`);
  return event;
}

test.each(manifest.invalid)("$file is refused: $comment", ({ file, line, message }) => {
  const result = readExercise(readFileSync(new URL(file, vectors)), file);
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.message).toContain(message);
  expect(result.message).not.toContain("\n");
  expect(result.message.startsWith(`${file}:${result.line}:${result.column}: `)).toBe(true);
  expect(result.line, result.message).toBe(line);
});

test("what the format allows and the act has no fact for stands in its remarks", () => {
  const text = readFileSync(new URL("event-quality-six.yaml", vectors), "utf8");
  const acts = [
    "act: withdraw, review: 2023-01-01",
    "act: resume, review: 2023-01-01",
    "act: call-record, ref: m1, windows: [[2023-01-01, 2023-01-02]]",
    "act: cancel, review: 2023-01-01",
  ];
  const said = acts.map((act) => {
    const read = readExercise(Buffer.from(text.replace("act: test, channel: main, quality: 6", `channel: main, ${act}`)), "small.yaml");
    if (!read.ok) throw new Error(read.message);
    const made = actOfEvent(read.exercise, [], eventsOf(read.exercise).at(-1)!, () => undefined);
    return [made.body.get("remarks"), made.said.facts?.review];
  });
  const day = "2023-01-01T12:00:00Z";
  expect(said).toEqual([
    [new Map([["en", `review: ${day}`]]), undefined],
    [new Map([["en", `review: ${day}`]]), undefined],
    [new Map([["en", `windows: ${day} to 2023-01-02T12:00:00Z`]]), undefined],
    [undefined, parseTime(day)],
  ]);
});

test("the keys that are known are named once each", () => {
  const result = readExercise(readFileSync(new URL("event-unknown-key.yaml", vectors)), "event-unknown-key.yaml");
  const known = result.ok ? undefined : /\(known: (.*)\)$/.exec(result.message)?.[1]?.split(", ");
  expect(known).toContain("text");
  expect(new Set(known).size).toBe(known?.length);
});

test.each(manifest.valid)("$file is read: $comment", ({ file }) => {
  expect(exerciseIn(vectors, file).items.length).toBeGreaterThan(0);
});

test("the manifest names every file of the corpus", () => {
  const named = [...manifest.valid, ...manifest.invalid].map(({ file }) => file);
  const present = readdirSync(vectors).filter((file) => file.endsWith(".yaml"));
  expect(named.toSorted()).toEqual(present.toSorted());
});

describe("notice-2025-12-06", () => {
  const exercise = exerciseIn(shipped, "notice-2025-12-06.yaml");

  test("terms are resolved", () => {
    const [radio, hotline] = exercise.channels;
    expect(radio?.clocks).toEqual({ acknowledge: { IMMEDIATE: 900 }, answer: {}, callRequestS: null });
    expect(hotline?.clocks.callRequestS).toBe(1800);
    expect(radio?.basis.inForce).toBe(parseDate("2018-06-08"));
    expect(radio?.timetable).toBeNull();
    expect(radio?.proofWindowS).toBe(90 * 86_400);
  });

  test("events carry place, post, precedence and fields", () => {
    const n1 = eventOf(exercise, "n1");
    expect(n1.where).toEqual({ line: 40, column: 5 });
    expect([n1.post, n1.precedence, n1.channel]).toEqual(["ship", "IMMEDIATE", "radio"]);
    expect([...(n1.fields ?? [])]).toEqual([
      ["unit", "task group"],
      ["activity", "carrier flight training"],
      ["start", "2025-12-06T06:00:00Z"],
      ["duration", "PT6H"],
    ]);
    const update = eventsOf(exercise)[2];
    expect([update?.act, update?.precedence, update?.ref]).toEqual(["notification-update", "IMMEDIATE", "n1"]);
    expect(eventsOf(exercise)[1]?.to).toEqual(["ship"]);
  });

  test("items stand in replay order", () => {
    expect(exercise.items.map(({ kind }) => kind)).toEqual(["event", "event", "expect", "event", "event", "expect"]);
    expect(exercise.start).toBe(parseTime("2025-12-06T05:10:00Z"));
  });
});

describe("us-china-2022-2024", () => {
  const exercise = exerciseIn(shipped, "us-china-2022-2024.yaml");

  test("everything is read, in order of time", () => {
    expect(exercise.items).toHaveLength(61);
    expect(exercise.claims).toHaveLength(2);
    const times = exercise.items.map(({ on }) => on);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(exercise.start).toBe(parseTime("2022-06-10T12:00:00Z"));
  });

  test("at one instant claims stand before expects", () => {
    const at = parseTime("2023-09-28T12:00:00Z");
    const kinds = exercise.items.filter(({ on }) => on === at).map(({ kind }) => kind);
    expect(kinds[0]).toBe("claim");
    expect(kinds.slice(1).every((kind) => kind === "expect")).toBe(true);
  });

  test("an act answers from the post that was asked", () => {
    const accepted = eventsOf(exercise).find(({ act }) => act === "call-accept");
    expect(accepted?.post).toBe("chief-joint-staff");
    expect(accepted?.to).toEqual(["chairman-joint-chiefs"]);
    expect(eventOf(exercise, "t3").position).toEqual(["177.44", "-17.80"]);
    expect(eventOf(exercise, "m1").wantsAnswer).toBe(true);
  });
});

test("three parties: posts, timetable, windows and fields are resolved", () => {
  const exercise = exerciseIn(vectors, "valid-three-parties.yaml");
  const pair = exercise.channels[1];
  expect(pair?.timetable).toEqual({
    caller: "alternate",
    timesS: [21_600, 64_800],
    weekdays: [1, 3, 5],
    except: [parseDate("2022-01-03")],
    graceS: 1800,
  });
  expect(pair?.clocks.acknowledge).toEqual({ ROUTINE: 900, PRIORITY: 900, IMMEDIATE: 900, FLASH: 900 });
  expect(eventOf(exercise, "c1").to).toEqual(["minister", "attache"]);
  expect(eventOf(exercise, "c2").post).toBe("minister");
  expect(eventOf(exercise, "i1").channel).toBeNull();
  expect(eventOf(exercise, "n2").precedence).toBe("IMMEDIATE");
  expect(eventOf(exercise, "n1").fields).toEqual(
    new Map<string, unknown>([
      ["height", "1.5"],
      ["list", [1, "a", new Map([["b", true]])]],
      ["7", "seven"],
      ["nothing", null],
    ]),
  );
});

test("the accord calls a post by the name that the file gives, and any other by its id", () => {
  const namesIn = (file: string) =>
    plansOf(exerciseIn(vectors, file)).map((plan) => Object.fromEntries(plan.posts.map((post) => [post.id, post.name])));
  const blue = { watch: { en: "watch" }, attache: { en: "attache" } };
  expect(namesIn("valid-post-names.yaml")).toEqual([{ watch: { zh: "值班员" }, minister: { en: "Minister", zh: "部长" } }, blue]);
  expect(namesIn("valid-smallest.yaml")).toEqual([{ watch: { en: "watch" }, minister: { en: "minister" } }, blue]);
});

test.each(readdirSync(shipped).filter((file) => file.endsWith(".yaml")))("%s names every post in every language", (file) => {
  const exercise = exerciseIn(shipped, file);
  for (const post of plansOf(exercise).flatMap((plan) => plan.posts))
    expect([post.id, Object.keys(post.name)]).toEqual([post.id, [...exercise.languages]]);
});

test("a basis older than 1970 has the day that the file gives", () => {
  const [channel] = exerciseIn(vectors, "valid-one-language.yaml").channels;
  expect(channel?.basis.inForce).toBe(Date.parse("1963-06-20") / 1000);
});

test("a file above the limit and one of nothing but brackets are refused", () => {
  const large = readExercise(`# ${"x".repeat(limits.exerciseBytesMax)}`, "large.yaml");
  expect(large).toMatchObject({ ok: false, line: 1 });
  const deep = readExercise("[".repeat(200_000), "deep.yaml");
  expect(deep).toMatchObject({ ok: false });
});

test("a damaged file is read or refused, and never anything else", () => {
  const whole = readFileSync(new URL("valid-three-parties.yaml", vectors), "utf8");
  fc.assert(
    fc.property(
      fc.nat(whole.length - 1),
      fc.constantFrom("", "{", "]", ":", "\n", "*", "&a ", "- ", "'", "null", "#"),
      fc.nat(3),
      (at, put, cut) => {
        const result = readExercise(whole.slice(0, at) + put + whole.slice(at + cut), "damaged.yaml");
        if (!result.ok) expect(result.message).toMatch(/^damaged\.yaml:\d+:\d+: \S/);
      },
    ),
    { numRuns: 400 },
  );
});
