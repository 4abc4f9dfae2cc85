import type { PastState } from "@openline/core";
import { type Static, Type } from "typebox";
import { EntryShown } from "./entries.ts";
import { Next, Paging } from "./paging.ts";
import { ReadingView } from "./states.ts";
import { LineId, Time } from "./values.ts";

/** `GET /api/v1/lines/{line}/history`: what each channel's state was over a range, step by step, and what was said meanwhile. */
export const HistoryQuery = Type.Object(
  {
    from: Type.Optional(Type.Unsafe<string>({ ...Time, description: "the ceremony unless said" })),
    until: Type.Optional(Type.Unsafe<string>({ ...Time, description: "now, or the last entry where that is later, unless said" })),
    known: Type.Optional(
      Type.Union([Type.Literal("now"), Type.Literal("then")], {
        description: "from everything this node holds now, or from what had been placed by each instant; `now` unless said",
      }),
    ),
    channel: Type.Optional(Type.String({ maxLength: 64, description: "of this channel alone: its states and what was said on it" })),
    ...Paging.properties,
  },
  { additionalProperties: false },
);
export type HistoryQuery = Static<typeof HistoryQuery>;

/** A channel's state as docs/spec/state.md §10 fixes it, without `validUntil`, `reach` and `closed`. */
export const PastStateView = Type.Unsafe<PastState>(
  Type.Object({ id: Type.String(), verdict: Type.String(), asOf: Time }, { title: "PastState", additionalProperties: true }),
);

export const HistoryStep = Type.Object(
  {
    at: Time,
    channels: Type.Array(PastStateView, {
      description: "channels whose state is another than in the step before; in the first step of a page all",
    }),
    readings: Type.Array(ReadingView, { description: "the three readings where one of them has changed; else none" }),
    said: Type.Array(EntryShown, { description: "acts that people signed, placed at this instant; the first 20" }),
    moreSaid: Type.Integer({ minimum: 0, description: "how many more were placed at this instant" }),
  },
  { title: "HistoryStep" },
);
export type HistoryStep = Static<typeof HistoryStep>;

export const History = Type.Object(
  { line: LineId, from: Time, until: Time, known: Type.String(), steps: Type.Array(HistoryStep), next: Next },
  { title: "History" },
);
export type History = Static<typeof History>;
