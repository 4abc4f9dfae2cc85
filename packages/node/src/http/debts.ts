import { type DebtView, Debts, DebtsQuery, LineParams, Problem } from "@openline/api";
import {
  type Owing,
  type UnixSeconds,
  formatTime,
  comparePressure,
  entryView,
  owingAt,
  parseDateSeconds,
  parseLogIndex,
  secondsOf,
  urgencyOf,
} from "@openline/core";
import type { Api } from "./api.ts";
import { shown } from "./entries.ts";
import { lineOf } from "./lookup.ts";
import { Asked } from "./problems.ts";
import type { Served, ServedLine } from "./served.ts";
import { unheldShown } from "./unheld.ts";

const PAGE = 50;

/** What anybody owes anybody. */
export function debtRoutes(api: Api, served: Served): void {
  const schema = {
    operationId: "debts",
    summary: "what anybody owes anybody, the most urgent first, and what nobody can owe an answer for yet",
    tags: ["line"],
    params: LineParams,
    querystring: DebtsQuery,
    response: { 200: Debts, "4xx": Problem },
  };
  api.get("/api/v1/lines/:line/debts", { schema }, (request) => debtsPage(lineOf(served, request.params.line), request.query));
}

async function debtsPage(line: ServedLine, { cursor, limit = PAGE }: DebtsQuery): Promise<Debts> {
  const { node, accord, party } = line;
  const at = secondsOf(node.options.world.clock.now());
  const after = cursor === undefined ? undefined : numbersOf(cursor);
  const found = owingAt(node.record, { party: accord.parties.indexOf(party), at });
  const rest = after === undefined ? found : found.filter((owing) => comparePressure(urgencyOf(owing), after) > 0);
  const page = rest.slice(0, limit);
  const debts: DebtView[] = [];
  for (const owing of page) {
    const view = await debtView(line, owing, at);
    if (view !== undefined) debts.push(view);
  }
  const last = page.at(-1);
  const unheld = cursor === undefined ? await unheldShown(line) : [];
  return { at: formatTime(at), debts, unheld, next: last !== undefined && rest.length > page.length ? urgencyOf(last).join(".") : null };
}

function numbersOf(cursor: string): readonly number[] {
  if (!/^[0-9]{1,16}(\.[0-9]{1,16}){6}$/.test(cursor)) throw new Asked("bad-request", "cursor: as the page before gave it");
  return cursor.split(".").map(Number);
}

async function debtView(line: ServedLine, { now, rings, pending }: Owing, at: UnixSeconds): Promise<DebtView | undefined> {
  const { debt, held, start, deadline, status } = now;
  const [stored] = await line.store.entries(debt.opener.log.id, parseLogIndex(debt.opener.index), 1);
  if (stored === undefined) return undefined;
  return {
    clock: debt.clock,
    by: line.accord.parties[debt.debtor]?.id ?? "",
    since: formatTime(parseDateSeconds(start <= at ? start : held)),
    due: Number.isFinite(deadline) ? formatTime(parseDateSeconds(deadline)) : null,
    overdue: status === "overdue" || status === "lapsed",
    rings: rings ?? null,
    pending: pending === undefined ? null : entryView(line.node.record, pending),
    entry: await shown(line, debt.opener.log, stored),
  };
}
