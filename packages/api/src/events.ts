import { type Static, Type } from "typebox";
import { BearerView } from "./bearers.ts";
import { DraftState } from "./drafts.ts";
import { EntryPlace, LineId, Time } from "./values.ts";

/** `GET /api/v1/events`, as server-sent events: what has changed, so that a console asks again for what it shows. An event is a reason
 *  to ask and never the evidence itself. `id` resumes by `Last-Event-ID`; where that is too old the first event is `reset`. */
export const EntryEvent = Type.Object(
  {
    line: LineId,
    ...EntryPlace.properties,
    kind: Type.Union([Type.String(), Type.Null()]),
    channel: Type.Union([Type.String(), Type.Null()]),
    precedence: Type.Union([Type.String(), Type.Null()]),
  },
  { title: "EntryEvent" },
);
export type EntryEvent = Static<typeof EntryEvent>;
export const StateEvent = Type.Object({ line: LineId, channel: Type.String(), verdict: Type.String() }, { title: "StateEvent" });
export type StateEvent = Static<typeof StateEvent>;
export const BearersEvent = Type.Object({ line: LineId, bearers: Type.Array(BearerView) }, { title: "BearersEvent" });
export type BearersEvent = Static<typeof BearersEvent>;
/** Something was done with a draft. */
export const DraftEvent = Type.Object(
  { line: LineId, draft: Type.Integer(), state: DraftState, version: Type.Integer() },
  { title: "DraftEvent" },
);
export type DraftEvent = Static<typeof DraftEvent>;
/** What somebody has typed and not said was kept, or emptied. */
export const UnsentEvent = Type.Object(
  { line: LineId, post: Type.String(), field: Type.String(), version: Type.Integer() },
  { title: "UnsentEvent" },
);
export type UnsentEvent = Static<typeof UnsentEvent>;
/** `ready` begins a stream, `reset` says that events were missed, `now` comes every 2 s: a stream without it is broken. */
export const ClockEvent = Type.Object({ at: Time }, { title: "ClockEvent" });
export type ClockEvent = Static<typeof ClockEvent>;

export type NodeEvent =
  | { readonly event: "entry"; readonly data: EntryEvent }
  | { readonly event: "state"; readonly data: StateEvent }
  | { readonly event: "bearers"; readonly data: BearersEvent }
  | { readonly event: "draft"; readonly data: DraftEvent }
  | { readonly event: "unsent"; readonly data: UnsentEvent };
