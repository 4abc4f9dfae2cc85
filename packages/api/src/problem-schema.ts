import { type Static, Type } from "typebox";

/** Why a request was not done. `code` is a refusal code of docs/spec/refusals.md, a fault code, or one of the API's own; it never
 *  changes its meaning. `detail` is for people and never parsed. */
export const Problem = Type.Object({ code: Type.String(), detail: Type.String() }, { title: "Problem" });
export type Problem = Static<typeof Problem>;
