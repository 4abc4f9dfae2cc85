import { AccordShown, LineParams, Problem } from "@openline/api";
import { accordView } from "@openline/core";
import type { Api } from "./api.ts";
import { lineOf } from "./lookup.ts";
import type { Served } from "./served.ts";

/** Which terms are in force, and what of the accord is being changed. */
export function accordRoutes(api: Api, served: Served): void {
  const schema = {
    operationId: "accord",
    summary: "the terms in force in each log, and amendments under way",
    tags: ["line"],
    params: LineParams,
    response: { 200: AccordShown, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/accord", { schema }, (request): AccordShown => {
    const { inForce, amendments } = accordView(lineOf(served, request.params.line).node.record);
    return {
      inForce: [...inForce],
      amendments: amendments.map((item) => ({
        ...item,
        accepted: [...item.accepted],
        inForce: [...item.inForce],
        next: item.next === null ? null : { step: item.next.step, by: [...item.next.by] },
      })),
    };
  });
}
