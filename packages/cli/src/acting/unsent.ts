import { resolve } from "node:path";
import type { Command } from "commander";
import type { UnsentSummary } from "@openline/api";
import { OpenlineError, visibleLine } from "@openline/core";
import { printJson, printLines } from "../output.ts";
import { askNode } from "./node-client.ts";
import { theLine } from "./say.ts";

interface UnsentOptions {
  readonly dir: string;
  readonly line?: string;
  readonly post?: string;
  readonly field?: string;
  readonly forget?: true;
  readonly json?: true;
}

/** `openline draft unsent`: what was typed at a console and never said. Of one field its text, and no longer kept with `--forget`. */
export function unsentCommand(draft: Command): void {
  draft
    .command("unsent")
    .description("what was typed at a console and not said: the list, or with --post and --field the text itself")
    .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
    .option("--line <line>", "which line, where the node serves several")
    .option("--post <post>", "who typed it")
    .option("--field <field>", 'into which field, as the list names it, such as "send"')
    .option("--forget", "print it, and keep it no longer")
    .option("--json", "print as JSON")
    .action(async (options: UnsentOptions) => {
      if (options.field === undefined) await list(options);
      else await one(options, options.field);
    });
}

async function list({ dir, line: name, post, forget, json }: UnsentOptions): Promise<void> {
  if (forget === true) throw new OpenlineError("usage", "--forget needs --post and --field: one text is forgotten at a time");
  const found = await askNode(resolve(dir), async (client) => {
    const { line } = await theLine(client, name);
    return client.allUnsent(line, post === undefined ? {} : { post });
  });
  if (json === true) printJson(found);
  else printLines(found.length === 0 ? ["nothing unsent"] : found.map(summaryLine));
}

const summaryLine = ({ post, field, saved }: UnsentSummary): string => `${visibleLine(post)}  "${field}"  ${saved ?? ""}`;

async function one({ dir, line: name, post, forget, json }: UnsentOptions, field: string): Promise<void> {
  if (post === undefined) throw new OpenlineError("usage", "--field needs --post: whose field");
  const found = await askNode(resolve(dir), async (client) => {
    const { line } = await theLine(client, name);
    const standing = await client.unsent(line, { post, field });
    if (forget === true) await client.keepUnsent(line, { post, field }, { base: standing.version, text: "" });
    return standing;
  });
  if (json === true) printJson(found);
  else printLines(readable(found.text).split("\n").map(visibleLine));
}

/** A console keeps a message and a form as JSON: the words with what they were written for. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
