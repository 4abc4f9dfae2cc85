import { type Static, Type } from "typebox";
import { Bytes, EntryPlace } from "./values.ts";

/** `POST /api/v1/lines/{line}/acts`: an act that posts have signed. The node holds no post's key. The answer comes when the entry
 *  is durable and a checkpoint over it has been signed; a refusal comes with its code and nothing has been placed. */
export const SubmitAct = Type.Object({ act: Bytes, disclosure: Type.Optional(Bytes) }, { title: "SubmitAct", additionalProperties: false });
export type SubmitAct = Static<typeof SubmitAct>;

export const ActPlaced = EntryPlace;
export type ActPlaced = Static<typeof ActPlaced>;
