import { Entries, EntriesQuery, EntryParams, EntryShown, Inbox, InboxQuery, LineParams, Problem } from "@openline/api";
import {
  type LogTrack,
  comparePressure,
  formatTime,
  inboxOf,
  laterInbox,
  logLabel,
  parseLogIndex,
  parseUnixSeconds,
  pressureOf,
  secondsOf,
  shownEntry,
} from "@openline/core";
import type { StoredEntry } from "../store/store.ts";
import type { Api } from "./api.ts";
import { cursorOf, newestFirst, parseCursor } from "./newest-first.ts";
import { lineOf, logOf } from "./lookup.ts";
import { Asked } from "./problems.ts";
import type { Served, ServedLine } from "./served.ts";
import { withWords } from "./words.ts";

const PAGE = 50;
/** Entries looked at for one page: a page of a rare kind may end early, and says where it goes on. */
const LOOKED_AT_MAX = 2000;

/** Entries in words: one, a page of them, or those for which something is owed. */
export function entryRoutes(api: Api, served: Served): void {
  const tags = ["line"];
  const one = {
    operationId: "entry",
    summary: "one entry in words",
    tags,
    params: EntryParams,
    response: { 200: EntryShown, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/entries/:log/:index", { schema: one }, async (request) => {
    const line = lineOf(served, request.params.line);
    const log = logOf(line, request.params.log);
    const [stored] = await line.store.entries(log.id, request.params.index, 1);
    if (stored === undefined) throw new Asked("not-found", `log ${request.params.log} has no entry ${request.params.index}`);
    return shown(line, log, stored);
  });

  const page = {
    operationId: "entries",
    summary: "entries in words, newest first",
    tags,
    params: LineParams,
    querystring: EntriesQuery,
    response: { 200: Entries, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/entries", { schema: page }, (request) => entriesPage(lineOf(served, request.params.line), request.query));

  const inbox = {
    operationId: "inbox",
    summary: "what others said and somebody here owes something for, the most pressing first",
    tags,
    params: LineParams,
    querystring: InboxQuery,
    response: { 200: Inbox, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/inbox", { schema: inbox }, (request) => inboxView(lineOf(served, request.params.line), request.query));
}

/** An entry as every route shows it. */
export async function shown(line: ServedLine, log: LogTrack, stored: StoredEntry): Promise<EntryShown> {
  const { record, options } = line.node;
  const view = await withWords({ store: line.store, suite: options.suite }, (words) => {
    return shownEntry({ record, log: logLabel(record, log), stored, words }).view;
  });
  return { placed: "", ...view };
}

async function entriesPage(line: ServedLine, query: EntriesQuery): Promise<Entries> {
  const { record } = line.node;
  const entries: EntryShown[] = [];
  let looked = 0;
  for (const at of newestFirst(record, query.cursor === undefined ? undefined : parseCursor(query.cursor))) {
    if (entries.length >= (query.limit ?? PAGE) || looked >= LOOKED_AT_MAX) return { entries, next: cursorOf(at) };
    looked++;
    const log = record.logs.get(at.log);
    const [stored] = await line.store.entries(at.log, at.index, 1);
    // An own entry has its place before it is durable; until then nobody is shown it.
    if (log === undefined || stored === undefined) continue;
    const view = await shown(line, log, stored);
    if (matches(view, query)) entries.push(view);
  }
  return { entries, next: null };
}

function matches(view: EntryShown & Readonly<Record<string, unknown>>, { kind, channel }: EntriesQuery): boolean {
  return (kind === undefined || view.kind === kind) && (channel === undefined || view["channel"] === channel);
}

async function inboxView(line: ServedLine, { all, cursor, limit = PAGE }: InboxQuery): Promise<Inbox> {
  const { node, accord, party, store } = line;
  const at = secondsOf(node.options.world.clock.now());
  const after = cursor === undefined ? undefined : parsePressure(cursor);
  const found = inboxOf(node.record, { party: accord.parties.indexOf(party), at, all: all === true });
  const rest = after === undefined ? found : found.filter((item) => comparePressure(pressureOf(item), after) > 0);
  const page = rest.slice(0, limit);
  const items: Inbox["items"] = [];
  for (const { act, owed, testWaits } of page) {
    const [stored] = await store.entries(act.log.id, parseLogIndex(act.index), 1);
    if (stored === undefined) continue;
    items.push({
      entry: await shown(line, act.log, stored),
      owed: owed.map(({ clock, due, overdue }) => ({ clock, due: due === undefined ? null : formatTime(parseUnixSeconds(due)), overdue })),
      testWaits,
    });
  }
  const last = page.at(-1);
  const laterKinds = laterInbox(node.record, accord.parties.indexOf(party)).length;
  return {
    at: formatTime(at),
    items,
    laterKinds,
    next: last !== undefined && rest.length > page.length ? pressureOf(last).join(".") : null,
  };
}

function parsePressure(cursor: string): readonly number[] {
  if (!/^[0-9]{1,16}(\.[0-9]{1,16}){6}$/.test(cursor)) throw new Asked("bad-request", "cursor: as the page before gave it");
  return cursor.split(".").map(Number);
}
