import { resolve } from "node:path";
import type { Command } from "commander";
import type { DraftSummary, Inbox } from "@openline/api";
import { visibleLine } from "@openline/core";
import { printJson, printLines } from "../output.ts";
import { draftLine } from "./draft-text.ts";
import { askNode } from "./node-client.ts";

/** `openline inbox`: what the other side said and somebody here owes something for. */
export function inboxCommand(program: Command): void {
  program
    .command("inbox")
    .description("list what the other side said and somebody here still owes, the most pressing first, and drafts that wait for release")
    .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
    .option("--all", "also what nothing is owed for")
    .option("--json", "print as JSON")
    .action(async (options: { readonly dir: string; readonly all?: true; readonly json?: true }) => {
      const inbox = await askNode(resolve(options.dir), async (client) => {
        const lines = await client.allLines();
        const found: InboxHere[] = [];
        for (const { line } of lines) {
          const drafts = (await client.allDrafts(line)).filter(({ state }) => state === "waiting" || state === "released");
          found.push({ ...(await client.wholeInbox(line, options.all === true ? { all: true } : {})), drafts });
        }
        return found;
      });
      if (options.json === true) printJson(inbox.length === 1 ? inbox[0] : inbox);
      else printLines(inbox.flatMap(linesOf));
    });
}

/** What is owed, and what waits for one of us. */
interface InboxHere extends Inbox {
  readonly drafts: readonly DraftSummary[];
}

const linesOf = ({ items, drafts }: InboxHere): readonly string[] => [
  ...(items.length === 0 ? ["nothing is owed here"] : items.map(lineOf)),
  ...drafts.map(draftLine),
];

function lineOf({ entry, owed }: Inbox["items"][number]): string {
  const fields: Readonly<Record<string, unknown>> = entry;
  const word = (key: string): string => (typeof fields[key] === "string" ? visibleLine(fields[key]) : "");
  const debts = owed.map(({ clock, due, overdue }) => (due === null ? clock : `${clock} ${overdue ? "OVERDUE since" : "by"} ${due}`));
  return [
    `${entry.log}/${entry.index}`,
    word("precedence"),
    word("kind"),
    word("channel"),
    word("placed"),
    debts.join(", "),
    firstWords(fields),
  ].join("  ");
}

/** The first words of its text in whichever language comes first, kept to one line. */
function firstWords(fields: Readonly<Record<string, unknown>>): string {
  const { body } = fields;
  if (typeof body !== "object" || body === null || !("text" in body) || typeof body.text !== "object" || body.text === null) return "";
  const [first]: unknown[] = Object.values(body.text);
  if (typeof first !== "string") return "";
  const text = visibleLine(first);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
