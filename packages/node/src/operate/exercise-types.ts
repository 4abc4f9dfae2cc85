import type { ChannelId, DateSeconds, PartyId, PostId, UnixSeconds } from "@openline/core";
import type { Cbor } from "@openline/core";
import type { ExerciseAct } from "./exercise-acts.ts";

/** What an exercise file says, resolved: ids checked, times in seconds, the acting post of every event known.
 *  Source: the exercise format, exercises/README.md. */

/** Line and column in the file, both from 1. */
export interface Where {
  readonly line: number;
  readonly column: number;
}

/** One text in one or more of the exercise's languages, by language tag. Never empty. */
export type Texts = ReadonlyMap<string, string>;

/** Longitude and latitude in decimal degrees, as decimal text: signed bytes hold no floats. */
export type PositionText = readonly [longitude: string, latitude: string];

export const EXERCISE_PRECEDENCES = ["ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH"] as const;
export type ExercisePrecedence = (typeof EXERCISE_PRECEDENCES)[number];

export interface ExerciseParty {
  readonly where: Where;
  readonly id: PartyId;
  readonly name: Texts;
  readonly language: string;
  /** IANA time zone, for display only. */
  readonly zone: string;
  /** Of its posts those that the file names; one without a name is called by its id. */
  readonly posts: ReadonlyMap<string, ExercisePost>;
}

export interface ExercisePost {
  readonly where: Where;
  readonly name: Texts;
}

export interface ExerciseBasis {
  readonly text: string;
  readonly inForce: DateSeconds;
  readonly expires: DateSeconds | null;
  readonly sure: boolean;
}

/** Seconds per precedence; a precedence that is absent has no clock. */
export type ExerciseClock = Readonly<Partial<Record<ExercisePrecedence, number>>>;

export interface ExerciseClocks {
  readonly acknowledge: ExerciseClock;
  readonly answer: ExerciseClock;
  readonly callRequestS: number | null;
}

export interface ExerciseTimetable {
  readonly caller: PartyId | "alternate";
  /** Seconds after 00:00Z, ascending. */
  readonly timesS: readonly number[];
  /** 1 = Monday to 7 = Sunday, ascending. */
  readonly weekdays: readonly number[];
  /** UTC days without slots, each as its 00:00Z. */
  readonly except: readonly UnixSeconds[];
  readonly graceS: number;
}

export interface ExerciseChannel {
  readonly where: Where;
  readonly id: ChannelId;
  readonly name: Texts;
  readonly kind: "military" | "diplomatic" | "leaders";
  readonly basis: ExerciseBasis;
  /** Only parties that have a post on the channel; posts in file order. */
  readonly posts: ReadonlyMap<PartyId, readonly PostId[]>;
  readonly clocks: ExerciseClocks;
  readonly timetable: ExerciseTimetable | null;
  readonly proofWindowS: number;
}

export interface ExerciseEvent {
  readonly kind: "event";
  readonly where: Where;
  readonly on: UnixSeconds;
  readonly party: PartyId;
  readonly act: ExerciseAct;
  /** `null` = the line itself. */
  readonly channel: ChannelId | null;
  readonly id?: string;
  /** Id of an earlier event. */
  readonly ref?: string;
  /** The acting post: `from` or `for`, else the post addressed by `ref`, else the party's first on the channel. */
  readonly post: PostId;
  /** Posts addressed, as the file gives them; without `to`, the post that made the `ref`; empty when neither says. */
  readonly to: readonly PostId[];
  readonly precedence: ExercisePrecedence;
  /** For message and answer only. */
  readonly wantsAnswer?: boolean;
  readonly source?: string;
  readonly sure: boolean;
  readonly subject?: Texts;
  readonly text?: Texts;
  readonly reason?: Texts;
  readonly ground?: Texts;
  readonly title?: Texts;
  readonly characterisation?: Texts;
  readonly conditions?: readonly Texts[];
  readonly until?: UnixSeconds;
  readonly effective?: UnixSeconds;
  readonly review?: UnixSeconds;
  readonly scope?: "until-further-notice" | readonly string[];
  readonly windows?: readonly (readonly [from: UnixSeconds, to: UnixSeconds])[];
  /** 1 to 5. */
  readonly quality?: number;
  readonly place?: string;
  readonly position?: PositionText;
  readonly with?: readonly string[];
  readonly way?: string;
  readonly form?: string;
  /** Decimal fractions stand as decimal text, as bodies carry them. */
  readonly fields?: ReadonlyMap<string, Cbor>;
}

/** Exchange stops or starts again. */
export interface ExerciseLink {
  readonly kind: "link";
  readonly where: Where;
  readonly on: UnixSeconds;
  readonly link: "down" | "up";
}

export type ExerciseReading = "contact" | "agreed-channels" | "principals";

export interface ExerciseClaim {
  readonly kind: "claim";
  readonly where: Where;
  readonly on: UnixSeconds;
  readonly party: PartyId;
  /** The party's first post on the line, which enters the claim. */
  readonly post: PostId;
  readonly text: Texts;
  readonly reading?: ExerciseReading;
  readonly source: string;
  readonly sure: boolean;
}

/** A date without time compares the UTC date. */
export interface ExpectedTime {
  readonly at: UnixSeconds;
  readonly dateOnly: boolean;
}

export interface ExpectedPrincipals {
  readonly lastRequest?: string;
  readonly outcome?: string;
  readonly by?: readonly PartyId[];
  readonly at?: ExpectedTime;
}

/** Compares only the keys that are there. Keys of the channel's state need `channel`, those of a notification `notification`. */
export interface ExerciseExpect {
  readonly kind: "expect";
  readonly where: Where;
  readonly on: UnixSeconds;
  readonly channel?: ChannelId;
  /** The state of this debtor instead of the channel's. */
  readonly debtor?: PartyId;
  readonly verdict?: string;
  readonly standing?: string;
  readonly by?: readonly PartyId[];
  readonly since?: ExpectedTime;
  readonly days?: number;
  /** Event whose entry is `reasons[0].entry`. */
  readonly because?: string;
  readonly responsible?: readonly PartyId[];
  readonly basis?: string;
  readonly missed?: ReadonlyMap<PartyId, number>;
  readonly partial?: ReadonlyMap<PartyId, readonly string[]>;
  readonly principals?: ExpectedPrincipals;
  readonly reading?: ExerciseReading;
  readonly result?: "supported" | "contradicted" | "not-decided";
  readonly notification?: string;
  readonly held?: boolean;
  readonly acknowledged?: boolean;
  readonly complete?: boolean | "not-checked";
  /** As a set. */
  readonly missing?: readonly string[];
}

/** One step of the replay: `on` is when. */
export type ExerciseItem = ExerciseEvent | ExerciseLink | ExerciseClaim | ExerciseExpect;

export interface Exercise {
  readonly fileName: string;
  readonly id: string;
  readonly title: Texts;
  readonly note: string;
  readonly languages: readonly string[];
  readonly parties: readonly ExerciseParty[];
  readonly channels: readonly ExerciseChannel[];
  readonly events: readonly (ExerciseEvent | ExerciseLink)[];
  readonly claims: readonly ExerciseClaim[];
  readonly expects: readonly ExerciseExpect[];
  /** Everything in replay order: by time; at one instant events, then claims, then expects, each in file order. */
  readonly items: readonly ExerciseItem[];
  /** Time of the earliest item, when the ceremony takes place. */
  readonly start: UnixSeconds;
}
