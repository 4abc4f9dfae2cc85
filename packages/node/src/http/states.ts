import { LineParams, Problem, States, StatesQuery } from "@openline/api";
import { formatTime, logLabel, readingView, readingsAt, secondsOf, stateView, statesAt, trackOf, validUntil } from "@openline/core";
import type { Api } from "./api.ts";
import { lineOf, rootOfLog, timeOf } from "./lookup.ts";
import type { Served, ServedLine } from "./served.ts";
import { withWords } from "./words.ts";

/** What is open, computed from what this node holds now. */
export function stateRoutes(api: Api, served: Served): void {
  const schema = {
    operationId: "states",
    summary: "state of every channel and the three readings of open",
    tags: ["line"],
    params: LineParams,
    querystring: StatesQuery,
    response: { 200: States, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/states", { schema }, async (request) => {
    const line = lineOf(served, request.params.line);
    const { node, accord, party, store } = line;
    const { record } = node;
    const at = request.query.at === undefined ? secondsOf(node.options.world.clock.now()) : timeOf(request.query.at);
    const states = statesAt(record, at);
    const until = states.map((state) => validUntil(record, trackOf(record, state.id), state));
    const channels = await withWords({ store, suite: node.options.suite }, (words) =>
      states.map((state, i) => stateView(record, state, { validUntil: until[i] ?? null, words })),
    );
    const readings = readingsAt(record, at, states).map((reading) => readingView(record, reading));
    return {
      line: accord.line,
      party: party.id,
      at: formatTime(at),
      cut: await cutOf(line),
      channels,
      readings: readings.map(plainReading),
    };
  });
}

/** Sizes and roots of what has been read, which is what the states were computed from. */
async function cutOf(line: ServedLine): Promise<Record<string, { size: number; root: string }>> {
  const { record } = line.node;
  const logs = [...record.logs.values()].filter((log) => log.times.length > 0);
  const cut: [string, { size: number; root: string }][] = [];
  for (const log of logs) cut.push([logLabel(record, log), { size: log.times.length, root: await rootOfLog(line, log) }]);
  return Object.fromEntries(cut.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A reading with its entries and nothing more. */
export const plainReading = (reading: ReturnType<typeof readingView>) => ({
  ...reading,
  evidence: reading.evidence.map(({ log, index, leaf }) => ({ log, index, leaf })),
});
