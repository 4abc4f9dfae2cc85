import type { Problem } from "./problem-schema.ts";

/** Codes of the API itself, beside those of the protocol. */
export const API_CODES = [
  "bad-request",
  "draft-behind",
  "draft-state",
  "not-found",
  "not-signed-in",
  "too-many",
  "unavailable",
  "unsent-behind",
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

/** The code of what a request threw: `unavailable` where the node gave none. */
export const codeOf = (error: unknown): string => (error instanceof ApiProblem ? error.problem.code : "unavailable");

/** Whether an answer is a problem as `Problem` describes it. Written out, so that a page of the console loads no reader of schemas. */
export const isProblem = (value: unknown): value is Problem =>
  typeof value === "object" &&
  value !== null &&
  "code" in value &&
  typeof value.code === "string" &&
  "detail" in value &&
  typeof value.detail === "string";
