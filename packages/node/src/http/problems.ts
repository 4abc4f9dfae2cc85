import { OpenlineError, type Refusal } from "@openline/core";
import type { Problem } from "@openline/api";
import type { FastifyError, FastifyReply } from "fastify";

/** Something asked for that is not there, or asked in a way that cannot be understood. */
export class Asked extends Error {
  override readonly name = "Asked";
  readonly status: 400 | 404;
  readonly code: "bad-request" | "not-found";
  constructor(code: "bad-request" | "not-found", detail: string) {
    super(detail);
    this.code = code;
    this.status = code === "not-found" ? 404 : 400;
  }
}

/** A refusal is the answer to a well-made request: 422, under its own code. */
export const REFUSED = 422;
export const problemOf = ({ code, detail }: Refusal): Problem => ({ code, detail });

/** What a request ends in when its handler throws. A fault of the node is 503: it has stopped or is about to. */
export async function answerError(error: FastifyError | Error, reply: FastifyReply): Promise<void> {
  if (error instanceof Asked) return send(reply, error.status, { code: error.code, detail: error.message });
  if (error instanceof OpenlineError) return send(reply, 503, { code: error.code, detail: error.message });
  const status = "statusCode" in error ? error.statusCode : undefined;
  if (status !== undefined && status >= 400 && status < 500) return send(reply, status, { code: "bad-request", detail: error.message });
  return send(reply, 500, { code: "unavailable", detail: "the node could not answer; its own log says why" });
}

async function send(reply: FastifyReply, status: number, problem: Problem): Promise<void> {
  await reply.status(status).send(problem);
}
