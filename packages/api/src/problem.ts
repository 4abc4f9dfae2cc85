import { type Static, Type } from "typebox";

/** Why a request was not done. `code` is a refusal code of docs/spec/refusals.md, a fault code, or one of the API's own; it never
 *  changes its meaning. `detail` is for people and never parsed. */
export const Problem = Type.Object({ code: Type.String(), detail: Type.String() }, { title: "Problem" });
export type Problem = Static<typeof Problem>;

/** Codes of the API itself, beside those of the protocol. */
export const API_CODES = [
  "bad-request",
  "draft-behind",
  "draft-state",
  "not-found",
  "not-signed-in",
  "too-many",
  "unavailable",
  "wrong-origin",
  "wrong-token",
] as const;
export type ApiCode = (typeof API_CODES)[number];

/** A request that the node answered with a problem, or did not answer at all (`unavailable`). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  /** HTTP status; 0 where the node gave none. */
  readonly status: number;
  readonly problem: Problem;
  constructor(status: number, problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.status = status;
    this.problem = problem;
  }
}
