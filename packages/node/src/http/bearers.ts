import { Bearers, LineParams, Problem } from "@openline/api";
import { formatTime, secondsOf } from "@openline/core";
import type { Api } from "./api.ts";
import { lineOf } from "./lookup.ts";
import type { Served } from "./served.ts";

/** How this node's ways of talking to the other parties do: its own observation. */
export function bearerRoutes(api: Api, served: Served): void {
  const schema = { params: LineParams, response: { 200: Bearers, "4xx": Problem } };
  api.get("/api/v1/lines/:line/bearers", { schema }, (request) => {
    const line = lineOf(served, request.params.line);
    return { at: formatTime(secondsOf(line.node.options.world.clock.now())), bearers: [...line.bearers()] };
  });
}
