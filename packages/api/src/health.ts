import { type Static, Type } from "typebox";

/** `GET /readyz`: whether this node can do its work. How a line is doing is no part of it: a peer that is silent is no ill health. */
export const Unready = Type.Object(
  {
    party: Type.String(),
    /** `fault`: it has stopped. `starting`: it may not place yet. `store`: it cannot be read, or its files are gone. `full`: its disk has no room for more. `clock`: it stands before the log's last
     *  entry. `stalled`: time does not pass for it. */
    why: Type.Union([
      Type.Literal("fault"),
      Type.Literal("starting"),
      Type.Literal("store"),
      Type.Literal("full"),
      Type.Literal("clock"),
      Type.Literal("stalled"),
    ]),
  },
  { title: "Unready" },
);
export type Unready = Static<typeof Unready>;
export const Readiness = Type.Object({ ready: Type.Boolean(), unready: Type.Array(Unready) }, { title: "Readiness" });
export type Readiness = Static<typeof Readiness>;
export const Liveness = Type.Object({ live: Type.Literal(true) }, { title: "Liveness" });
