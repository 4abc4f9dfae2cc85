import { type Static, Type } from "typebox";
import { Next } from "./paging.ts";
import { Time } from "./values.ts";

/** `GET /api/v1/lines/{line}/bearers`: how this node's ways of talking to each party do. Its own observation, and no part of any state. */
export const DirectionHealth = Type.Object(
  {
    value: Type.Union([Type.Literal("proven"), Type.Literal("silent"), Type.Literal("failing"), Type.Literal("not-tested")]),
    since: Type.Union([Time, Type.Null()]),
    code: Type.Union([Type.String(), Type.Null()]),
  },
  { title: "DirectionHealth" },
);
export const BearerView = Type.Object(
  { id: Type.String(), kind: Type.String(), peer: Type.String(), out: DirectionHealth, in: DirectionHealth },
  { title: "Bearer" },
);
export type BearerView = Static<typeof BearerView>;
/** How far a peer's clock lies outside what both logs allow for its last entry: seconds, above zero where it is ahead of ours. `beyond`: more than
 *  the tolerance of a claimed time, so that one of the two clocks is wrong. */
export const PeerClock = Type.Object({ peer: Type.String(), offset: Type.Integer(), beyond: Type.Boolean() }, { title: "PeerClock" });
export type PeerClock = Static<typeof PeerClock>;
/** A peer with whom there is no pre-shared key any more. `said`: the party whose root holders say that it is lost, and when; null where
 *  nobody has said so and the key is not in this node's key file, so that nothing can be exchanged. */
export const LostPsk = Type.Object(
  { peer: Type.String(), said: Type.Union([Type.Object({ party: Type.String(), at: Time }), Type.Null()]) },
  { title: "LostPsk" },
);
export type LostPsk = Static<typeof LostPsk>;
/** A peer of whom nothing opens: so many envelopes since the last one that did. Its accord, its keys or its pre-shared key are not ours. */
export const Unopened = Type.Object({ peer: Type.String(), envelopes: Type.Integer() }, { title: "Unopened" });
export type Unopened = Static<typeof Unopened>;
/** What peers sent and was refused before it had a place in a log, by code, since the node's start; it is kept as evidence. */
export const FindingCount = Type.Object({ code: Type.String(), count: Type.Integer(), last: Time }, { title: "FindingCount" });
export type FindingCount = Static<typeof FindingCount>;
export const Bearers = Type.Object(
  {
    at: Time,
    bearers: Type.Array(BearerView),
    clocks: Type.Array(PeerClock),
    lostPsks: Type.Array(LostPsk),
    unopened: Type.Array(Unopened),
    findings: Type.Array(FindingCount),
    next: Next,
  },
  { title: "Bearers" },
);
export type Bearers = Static<typeof Bearers>;
