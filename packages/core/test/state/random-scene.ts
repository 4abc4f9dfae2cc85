import { type ChannelTerms, type LineRecord, parseUnixSeconds, readingsAt, statesAt, type KindName, type Terms } from "@openline/core";
import fc from "fast-check";
import { DAY, HOUR, START, Scene, type SceneAct } from "./scene.ts";

/** Scenes made of chance: several accords, any kind of act, references to anything, clocks that are ahead, behind or frozen,
 *  receipts withheld, given late or refused. */

const KINDS: readonly KindName[] = [
  "beat",
  "beat",
  "beat",
  "message",
  "message",
  "acknowledge",
  "answer",
  "decline",
  "holding-reply",
  "withdraw-request",
  "correction",
  "notification",
  "suspend",
  "resume",
  "cancel",
  "withdraw",
  "call-request",
  "call-accept",
  "call-counter",
  "call-decline",
  "call-record",
  "test",
  "test-answer",
  "incident-open",
  "note",
  "refusal",
];

interface Step {
  readonly party: number;
  readonly kind: KindName;
  readonly wait: number;
  readonly skew: number;
  readonly ref: number;
  readonly names: number;
  readonly channel: number;
  readonly flash: boolean;
  readonly form: number;
  readonly later: number;
  readonly ahead: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  party: fc.nat(2),
  kind: fc.constantFrom(...KINDS),
  wait: fc.oneof(fc.nat(120), fc.nat(HOUR), fc.nat(12 * HOUR), fc.constantFrom(0, 15 * 60, HOUR, 8 * HOUR, DAY, 31 * DAY)),
  skew: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }) }),
  ref: fc.nat(12),
  names: fc.nat(9),
  channel: fc.integer({ min: 1, max: 2 }),
  flash: fc.boolean(),
  form: fc.nat(3),
  later: fc.nat(3 * DAY),
  ahead: fc.boolean(),
});

const HELD = { FLASH: 5 * 60, ROUTINE: HOUR };
const channel: Partial<ChannelTerms> = {
  clocks: { held: HELD, acknowledge: { FLASH: 5 * 60, ROUTINE: 2 * HOUR }, answer: { ROUTINE: 6 * HOUR }, callRequest: 8 * HOUR },
  proofWindow: 40 * DAY,
};
const table = { caller: "alternate", times: [6 * HOUR, 6 * HOUR + 2400], weekdays: [1, 2, 4, 5, 7], except: [START + DAY], grace: 1800 };
const channels: readonly (readonly Partial<ChannelTerms>[])[] = [
  [channel, {}],
  [{ ...channel, timetable: table, quietPeriod: 1800 }, channel],
  [
    {
      ...channel,
      basis: { text: "agreed", from: START + HOUR, to: START + 50 * DAY, sure: true },
      timetable: { ...table, caller: "aland" },
    },
    channel,
  ],
];
const lines: readonly Partial<Terms>[] = [
  {},
  { silentAfter: 600 },
  { holdingReplyMax: DAY },
  { rates: { flashPerHour: 2, immediatePerHour: 2, entriesPerDay: 40 } },
];

export interface RandomScene {
  readonly parties: number;
  readonly channels: number;
  readonly line: number;
  readonly steps: readonly Step[];
}
export const randomScene: fc.Arbitrary<RandomScene> = fc.record({
  parties: fc.integer({ min: 2, max: 3 }),
  channels: fc.nat(channels.length - 1),
  line: fc.nat(lines.length - 1),
  steps: fc.array(step, { minLength: 1, maxLength: 30 }),
});

const FORMS = [undefined, undefined, "f1", "f2"];

export function build(options: RandomScene, bodies = false): Scene {
  const ids = ["aland", "bland", "cland"].slice(0, options.parties);
  const hours = [
    { from: 480, to: 1200 },
    { from: 1920, to: 9000 },
  ];
  const scene = new Scene({
    parties: ids,
    channels: channels[options.channels] ?? [],
    terms: lines[options.line] ?? {},
    files: options.line === 2 ? { bland: { hours, holidays: [START + 2 * DAY] } } : {},
    bodies,
  });
  const leaves: string[] = [];
  let now = START + HOUR;
  for (const item of options.steps) {
    now += item.wait;
    leaves.push(scene.write(actOf(item, { by: ids[item.party % ids.length] ?? "aland", ids, now, leaves })));
  }
  return scene;
}

function actOf(item: Step, scene: { by: string; ids: readonly string[]; now: number; leaves: readonly string[] }): SceneAct {
  const { by, ids, now, leaves } = scene;
  const leaf = leaves[leaves.length - 1 - item.ref];
  const late = parseUnixSeconds(now + item.later);
  const form = FORMS[item.form];
  const whole = { beat: {}, ...(leaf === undefined ? {} : { refs: [leaf] }) };
  const facts = {
    message: { ...(item.flash ? {} : { wantsAnswer: true }), ...(form === undefined ? {} : { form }) },
    notification: form === undefined ? {} : { form },
    "holding-reply": { replyBy: late },
    suspend: { ...(form === undefined ? {} : { scope: [form] }), ...(item.ahead ? { effective: late } : {}) },
    resume: { ...(form === undefined ? {} : { scope: [form] }), ...(item.ahead ? { effective: late } : {}) },
    cancel: item.ahead ? { effective: late } : {},
    withdraw: item.ahead ? { effective: late } : {},
    refusal: { code: "missing-disclosure" },
  }[item.kind as "message"];
  const posts = item.kind === "call-request" ? { from: "minister", to: ids.filter((id) => id !== by).map((id) => `${id}/minister`) } : {};
  return {
    by,
    kind: item.kind,
    at: now + item.skew,
    channel: item.kind === "beat" ? 0 : item.channel,
    precedence: item.flash ? "FLASH" : "ROUTINE",
    facts: facts ?? {},
    ...(whole.refs === undefined || ["message", "beat", "call-request", "test", "incident-open", "note"].includes(item.kind)
      ? {}
      : { refs: whole.refs }),
    names: item.names === 0 ? [] : item.names === 1 ? ids.slice(0, 2) : ids,
    ...(item.names === 0 && item.ahead && leaf !== undefined ? { ahead: [leaf] } : {}),
    ...posts,
  };
}

/** Everything that must be equal, as plain data; `leaves`: with the entries it rests on. */
export function summary(record: LineRecord, at: number, leaves = true): unknown {
  const states = statesAt(record, at);
  const shown = states.map((state) => ({
    id: state.id,
    verdict: state.verdict,
    reasons: state.reasons.map(({ code, by, since, entry, params }) => [code, by, since, leaves ? entry?.leaf : "", params]),
    responsible: state.responsible,
    debtors: state.debtors.map(({ party, verdict, reasons }) => [party, verdict, reasons.map((reason) => reason.code)]),
    basis: state.basis.value,
    standing: [
      state.standing.value,
      state.standing.by,
      state.standing.since,
      state.standing.parties.map((party) => [...party.forms.keys()]),
    ],
    reach: state.reach,
    missed: [...state.watch.missed].toSorted(([a], [b]) => a - b),
    whileSuspended: state.watch.whileSuspended,
    principals: [state.principals.outcome, state.principals.by, state.principals.at, leaves ? state.principals.act?.leaf : ""],
    evidence: leaves ? state.evidence.map((act) => act.leaf) : state.evidence.length,
  }));
  return { shown, readings: readingsAt(record, at, states).map(({ reading, result }) => [reading, result]) };
}

/** Instants worth asking about: around every entry, and well after the last. */
export function instants(scene: Scene): readonly number[] {
  const times = [...scene.logs.values()].flatMap((log) => log.times);
  const last = Math.max(...times);
  const around = times.flatMap((time) => [time - 1, time, time + 1, time + 5 * 60]);
  return [...new Set([...around, last + HOUR, last + DAY, last + 29 * DAY, last + 33 * DAY, last + 100 * DAY])].filter((at) => at >= START);
}
