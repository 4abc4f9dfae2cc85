import { type Accord, type ChannelTerms, type Suite, type Terms } from "@openline/core";
import { type PartySecrets, setUpLine } from "@openline/node/line-setup";
import { Chance } from "./chance.ts";

/** 2026-01-05T00:00:00Z, a Monday. */
export const START_S = 1_767_571_200;

/** What the accord of a run says beyond what is the same in all of them. */
export interface LineShape {
  readonly parties: 2 | 3;
  /** Seconds. */
  readonly beat: number;
  readonly silentAfter: number;
}

export interface SimulatedLine {
  readonly accord: Accord;
  readonly secrets: readonly PartySecrets[];
}

const en = (text: string): { readonly en: string } => ({ en: text });
const PARTIES = ["north", "south", "east"];
const MINUTE = 60;

function channel(number: number, id: string, more: Partial<ChannelTerms> = {}): ChannelTerms {
  return {
    number,
    id,
    kind: "military",
    name: en(id),
    purpose: en("a line in a simulator"),
    basis: { text: "agreed", from: START_S - 86_400, to: null, sure: true },
    clocks: {
      held: { FLASH: 5 * MINUTE, IMMEDIATE: 5 * MINUTE, PRIORITY: 30 * MINUTE, ROUTINE: 240 * MINUTE },
      acknowledge: { FLASH: 10 * MINUTE, IMMEDIATE: 30 * MINUTE, PRIORITY: 60 * MINUTE, ROUTINE: 240 * MINUTE },
      answer: { FLASH: 30 * MINUTE, IMMEDIATE: 60 * MINUTE, PRIORITY: 240 * MINUTE, ROUTINE: 480 * MINUTE },
      callRequest: 30 * MINUTE,
    },
    timetable: null,
    proofWindow: 12 * 3600,
    quietPeriod: null,
    transit: 0,
    release: "one",
    disclosure: { term: "own", embargo: null },
    ...more,
  };
}

/** Every four hours, and on the second channel at times that are not on the hour. */
const hours = (first: number, every: number): number[] => Array.from({ length: Math.floor(86_400 / every) }, (_, i) => first + i * every);

function termsOf({ parties, beat, silentAfter }: LineShape): Terms {
  const weekdays = [1, 2, 3, 4, 5, 6, 7];
  return {
    version: 1,
    mode: "live",
    suite: 1,
    base: null,
    title: en("A line in a simulator"),
    languages: ["en"],
    parties: PARTIES.slice(0, parties),
    channels: [
      channel(1, "watch", { timetable: { caller: "alternate", times: hours(600, 4 * 3600), weekdays, except: [], grace: 600 } }),
      channel(2, "leaders", { release: "two", quietPeriod: 3600 }),
      channel(3, "border", { timetable: { caller: "north", times: hours(5400, 12 * 3600), weekdays, except: [], grace: 1800 } }),
    ],
    forms: [],
    beat,
    silentAfter,
    holdingReplyMax: 4 * 3600,
    notice: 0,
    rates: { flashPerHour: 6, immediatePerHour: 20, entriesPerDay: 100_000 },
    legal: en("none"),
    retention: en("none"),
    ending: en("none"),
  };
}

const made = new Map<string, SimulatedLine>();

/** The line of this shape. Its keys depend on the shape alone, so that a sweep holds each ceremony once. */
export function lineOf(suite: Suite, shape: LineShape): SimulatedLine {
  const key = JSON.stringify(shape);
  const known = made.get(key);
  if (known !== undefined) return known;
  const terms = termsOf(shape);
  const channels = terms.channels.map(({ id }) => id);
  const posts = ["watch", "minister"].map((id) => ({ id, name: en(id), channels, principal: id === "minister", deputy: null }));
  const plans = terms.parties.map((id) => ({ id: id, name: en(id), language: "en", zone: "UTC", posts }));
  const chance = new Chance(shape.parties * 1_000_000 + shape.beat);
  const line = setUpLine(suite, (count) => chance.bytes(count), terms, plans);
  made.set(key, line);
  return line;
}
