import { LineParams, Problem, Telephones } from "@openline/api";
import type { Api } from "./api.ts";
import { lineOf } from "./lookup.ts";
import type { Served } from "./served.ts";

/** Whom to call when the line does not carry. */
export function telephoneRoutes(api: Api, served: Served): void {
  const schema = {
    operationId: "telephones",
    summary: "whom to call when the line does not carry: the party's own list",
    tags: ["line"],
    params: LineParams,
    response: { 200: Telephones, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/telephones", { schema }, (request) => {
    const { telephones } = lineOf(served, request.params.line);
    return { telephones: telephones.map((item) => ({ ...item, who: { ...item.who }, note: { ...item.note } })) };
  });
}
