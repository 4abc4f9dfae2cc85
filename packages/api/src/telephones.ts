import { type Static, Type } from "typebox";
import { Texts } from "./values.ts";

/** `GET /api/v1/lines/{line}/telephones`: whom to call when the line does not carry, in the order of the party's own list. It is on no wire. */
export const Telephone = Type.Object({ who: Texts, number: Type.String(), note: Texts }, { title: "Telephone" });
export type Telephone = Static<typeof Telephone>;

export const Telephones = Type.Object({ telephones: Type.Array(Telephone) }, { title: "Telephones" });
export type Telephones = Static<typeof Telephones>;
