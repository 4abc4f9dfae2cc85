import type { StateView } from "@openline/core";
import { type Static, Type } from "typebox";
import { EntryPlace, LineId, Time } from "./values.ts";

/** `GET /api/v1/lines/{line}/states`: `state(cut, accord, at)` of every channel and the three readings, from what this node holds now. */
export const StatesQuery = Type.Object({ at: Type.Optional(Time) }, { additionalProperties: false });
export type StatesQuery = Static<typeof StatesQuery>;

/** One channel's state, as docs/spec/state.md §10 fixes it. */
export const ChannelStateView = Type.Unsafe<StateView>(
  Type.Object(
    {
      id: Type.String(),
      verdict: Type.String(),
      reasons: Type.Array(Type.Unknown()),
      responsible: Type.Array(Type.String()),
      asOf: Time,
      validUntil: Type.Union([Time, Type.Null()]),
    },
    { title: "ChannelState", additionalProperties: true },
  ),
);

export const ReadingView = Type.Object(
  { reading: Type.String(), result: Type.String(), evidence: Type.Array(EntryPlace) },
  { title: "Reading" },
);

export const States = Type.Object(
  {
    line: LineId,
    party: Type.String(),
    at: Time,
    cut: Type.Record(Type.String(), Type.Object({ size: Type.Integer(), root: Type.String() })),
    channels: Type.Array(ChannelStateView),
    readings: Type.Array(ReadingView),
  },
  { title: "States" },
);
export type States = Static<typeof States>;
