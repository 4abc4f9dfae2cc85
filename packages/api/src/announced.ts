import { type Static, Type } from "typebox";
import { EntryPlace, Time } from "./values.ts";

/** `POST /api/v1/lines/{line}/announcements`, on the control socket only: where this party's node may be called from a time on, and which TLS
 *  keys it shows then. It goes to the other parties as a service note, signed by the node. */
export const Announce = Type.Object(
  {
    from: Time,
    /** `host:port`; left out: as before. */
    addresses: Type.Optional(Type.Array(Type.String({ maxLength: 260 }), { minItems: 1, maxItems: 16 })),
    /** The TLS identity shown from then on, PEM; left out: as before. */
    identity: Type.Optional(Type.Object({ key: Type.String({ maxLength: 16_384 }), certificate: Type.String({ maxLength: 16_384 }) })),
  },
  { title: "Announce", additionalProperties: false },
);
export type Announce = Static<typeof Announce>;
export const Announced = EntryPlace;
export type Announced = Static<typeof Announced>;
