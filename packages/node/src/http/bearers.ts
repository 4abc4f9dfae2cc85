import { Bearers, LineParams, Paging, Problem } from "@openline/api";
import { formatTime, limits, secondsOf } from "@openline/core";
import { peersOf } from "../watch/peers.ts";
import type { Api } from "./api.ts";
import { lineOf } from "./lookup.ts";
import { pageOf } from "./page.ts";
import type { Served } from "./served.ts";

/** How this node's ways of talking to the other parties do: its own observation. */
export function bearerRoutes(api: Api, served: Served): void {
  const schema = {
    operationId: "bearers",
    summary: "how the ways to each party do: this node's own observation",
    tags: ["line"],
    params: LineParams,
    querystring: Paging,
    response: { 200: Bearers, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/bearers", { schema }, (request) => {
    const line = lineOf(served, request.params.line);
    const { items, next } = pageOf(line.bearers(), ({ peer, id }) => `${peer}/${id}`, request.query);
    const clocks = peersOf(line).map(({ id: peer, clockOffset: offset }) => ({
      peer,
      offset,
      beyond: Math.abs(offset) > limits.clockToleranceS,
    }));
    const at = formatTime(secondsOf(line.node.options.world.clock.now()));
    const findings = [...line.node.findings].map(([code, { count, last }]) => ({ code, count, last: formatTime(secondsOf(last)) }));
    const sealing = { lostPsks: [...line.lostPsks()], unopened: [...line.unopened()] };
    return { at, bearers: [...items], clocks, ...sealing, findings, next };
  });
}
