import { type LineSummary, LineList, LineParams, Paging, Problem, Signing } from "@openline/api";
import { accordNow, formatTime, inUseNow, parseUnixSeconds, secondsOf, toHex } from "@openline/core";
import type { Api } from "./api.ts";
import { lineOf } from "./lookup.ts";
import { pageOf } from "./page.ts";
import type { Served, ServedLine } from "./served.ts";

/** Which lines this node serves, and what an act of one must say of it. */
export function lineRoutes(api: Api, served: Served): void {
  const list = {
    operationId: "lines",
    summary: "the lines that this node serves",
    tags: ["line"],
    querystring: Paging,
    response: { 200: LineList, "4xx": Problem },
  };
  api.get("/api/v1/lines", { schema: list }, ({ query }) => {
    const { items, next } = pageOf(served.lines, ({ accord }) => accord.line, query);
    return { lines: items.map(summary), next };
  });

  const signing = {
    operationId: "signing",
    summary: "what an act must say of its line before it is signed",
    tags: ["line"],
    params: LineParams,
    response: { 200: Signing, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/signing", { schema: signing }, (request) => {
    const { node, accord, party } = lineOf(served, request.params.line);
    const log = node.record.logs.get(node.own.log);
    return {
      line: accord.line,
      partyKey: party.key,
      accordDigest: toHex((log === undefined ? party : inUseNow(log).party).accordDigest),
      now: formatTime(secondsOf(node.options.world.clock.now())),
      logTime: formatTime(parseUnixSeconds(node.own.time)),
    };
  });
}

/** As our own log has it now: an amended accord may have other channels, and parties change their posts. */
function summary({ node, accord, party }: ServedLine): LineSummary {
  const log = node.record.logs.get(node.own.log);
  const now = secondsOf(node.options.world.clock.now());
  const { line, terms, parties } = log === undefined ? accord : accordNow(node.record, log, now);
  return {
    line,
    party: party.id,
    mode: terms.mode,
    title: { ...terms.title },
    languages: [...terms.languages],
    forms: [...terms.forms],
    channels: terms.channels.map(({ number, id, kind, name, release }) => ({ number, id, kind, name: { ...name }, release })),
    parties: parties.map(({ id, file }) => ({
      id,
      name: { ...file.name },
      language: file.language,
      posts: file.posts.map((post) => ({ id: post.id, name: { ...post.name }, channels: [...post.channels], principal: post.principal })),
    })),
  };
}
