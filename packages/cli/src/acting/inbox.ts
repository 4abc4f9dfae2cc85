import { resolve } from "node:path";
import type { Command } from "commander";
import type { Inbox } from "@openline/api";
import { visibleLine } from "@openline/core";
import { printJson, printLines } from "../output.ts";
import { askNode } from "./node-client.ts";

/** `openline inbox`: what the other side said and somebody here owes something for. */
export function inboxCommand(program: Command): void {
  program
    .command("inbox")
    .description("list what the other side said and somebody here still owes, the most pressing first")
    .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
    .option("--all", "also what nothing is owed for")
    .option("--json", "print as JSON")
    .action(async (options: { readonly dir: string; readonly all?: true; readonly json?: true }) => {
      const inbox = await askNode(resolve(options.dir), async (client) => {
        const lines = await client.allLines();
        const found: Inbox[] = [];
        for (const { line } of lines) found.push(await client.wholeInbox(line, options.all === true ? { all: true } : {}));
        return found;
      });
      if (options.json === true) printJson(inbox.length === 1 ? inbox[0] : inbox);
      else printLines(inbox.flatMap((one) => (one.items.length === 0 ? ["nothing is owed here"] : one.items.map(lineOf))));
    });
}

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
