import { History, HistoryQuery, type HistoryStep, LineParams, Problem } from "@openline/api";
import {
  type Moment,
  type PastState,
  type Placed,
  actsOf,
  formatTime,
  moments,
  parseLogIndex,
  parseUnixSeconds,
  pastState,
  readingView,
  readingsAt,
  secondsOf,
  stateView,
  statesChanged,
  wholeRange,
} from "@openline/core";
import type { Api } from "./api.ts";
import { shown } from "./entries.ts";
import { type Known, knownNow, knownThen } from "./known.ts";
import { lineOf, timeOf } from "./lookup.ts";
import { Asked } from "./problems.ts";
import type { Served, ServedLine } from "./served.ts";
import { plainReading } from "./states.ts";
import { withWords } from "./words.ts";

const PAGE = 100;
/** Instants looked at for one page, most of which change nothing: a page may end early, and says where it goes on. */
const LOOKED_AT_MAX = 2000;
const SAID_MAX = 20;

/** What was open when, and what was said meanwhile. */
export function historyRoutes(api: Api, served: Served): void {
  const schema = {
    operationId: "history",
    summary: "states of every channel over a range, step by step, and what was said",
    tags: ["line"],
    params: LineParams,
    querystring: HistoryQuery,
    response: { 200: History, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/history", { schema }, async (request) => {
    const line = lineOf(served, request.params.line);
    const { from, until, known = "now", channel, limit = PAGE, cursor } = request.query;
    if (channel !== undefined && numberOf(line, channel) === undefined) throw new Asked("not-found", "the line has no such channel");
    const whole = wholeRange(line.node.record, secondsOf(line.node.options.world.clock.now()));
    const range = { from: from === undefined ? whole.from : timeOf(from), until: until === undefined ? whole.until : timeOf(until) };
    if (range.from > range.until) throw new Asked("bad-request", "from: not after until");
    const start = cursor === undefined ? range.from : parseInstant(cursor, range);
    const past = known === "then" ? await knownThen(line) : knownNow(line);
    const page = await pageOfSteps(line, past, { from: start, until: range.until, limit, channel });
    return { line: line.accord.line, from: timeText(range.from), until: timeText(range.until), known, ...page };
  });
}

const timeText = (seconds: number): string => formatTime(parseUnixSeconds(seconds));

const numberOf = ({ node }: ServedLine, id: string): number | undefined =>
  [...node.record.channels.values()].find(({ terms }) => terms.id === id)?.terms.number;

interface Page {
  /** Undefined: all, and what stands on the line itself. */
  readonly channel: string | undefined;
  readonly from: number;
  readonly until: number;
  readonly limit: number;
}

/** The cursor of a page is the instant at which the next one begins. */
async function pageOfSteps(
  line: ServedLine,
  known: Known,
  { from, until, limit, channel }: Page,
): Promise<{ steps: HistoryStep[]; next: string | null }> {
  const steps: HistoryStep[] = [];
  const acts = actsOf(line.node.record);
  const number = channel === undefined ? undefined : numberOf(line, channel);
  let before: Said | undefined;
  let looked = 0;
  for (const moment of moments(known.at, acts, { from, until })) {
    const full = steps.length >= limit || looked >= LOOKED_AT_MAX || known.spent();
    if (full && before !== undefined) return { steps, next: String(moment.at) };
    looked++;
    const now = ofChannel(await saidAt(line, moment), channel);
    const placed = (acts.bySecond.get(moment.at) ?? []).filter(({ header }) => channel === undefined || header.channel === number);
    const step = await stepOf(line, { placed, moment, before, now });
    if (before === undefined || step.channels.length + step.readings.length + step.said.length > 0) steps.push(step);
    before = now;
  }
  return { steps, next: null };
}

/** What a moment says, in the words of the API. */
interface Said {
  readonly channels: ReadonlyMap<string, PastState>;
  readonly readings: HistoryStep["readings"];
}

async function saidAt({ store, node }: ServedLine, { at, record, states }: Moment): Promise<Said> {
  const views = await withWords({ store, suite: node.options.suite }, (words) =>
    states.map((state) => pastState(stateView(record, state, { validUntil: null, words }))),
  );
  const readings = readingsAt(record, at, states).map((reading) => plainReading(readingView(record, reading)));
  return { channels: new Map(views.map((view) => [view.id, view])), readings };
}

/** What is said of one channel. The readings are of the whole line. */
function ofChannel(said: Said, id: string | undefined): Said {
  if (id === undefined) return said;
  return { channels: new Map([...said.channels].filter(([channel]) => channel === id)), readings: [] };
}

async function stepOf(
  line: ServedLine,
  {
    placed,
    moment: { at },
    before,
    now,
  }: { readonly placed: readonly Placed[]; readonly moment: Moment; readonly before: Said | undefined; readonly now: Said },
): Promise<HistoryStep> {
  const sameReadings = JSON.stringify(before?.readings) === JSON.stringify(now.readings);
  return {
    at: timeText(at),
    channels: [...statesChanged(before?.channels, now.channels.values())],
    readings: sameReadings ? [] : now.readings,
    said: await inWords(line, placed.slice(0, SAID_MAX)),
    moreSaid: Math.max(0, placed.length - SAID_MAX),
  };
}

async function inWords(line: ServedLine, placed: readonly Placed[]): Promise<HistoryStep["said"]> {
  const views: HistoryStep["said"] = [];
  for (const { log, index } of placed) {
    const [stored] = await line.store.entries(log.id, parseLogIndex(index), 1);
    // An own entry has its place before it is durable; until then nobody is shown it.
    if (stored !== undefined) views.push(await shown(line, log, stored));
  }
  return views;
}

function parseInstant(text: string, { from, until }: { readonly from: number; readonly until: number }): number {
  const at = /^[0-9]{1,12}$/.test(text) ? Number(text) : NaN;
  if (!(at > from && at <= until)) throw new Asked("bad-request", "cursor: as the page before gave it");
  return at;
}
