import { resolve } from "node:path";
import type { Command } from "commander";
import type { Telephone } from "@openline/api";
import { type Language, visibleLine } from "@openline/core";
import { languageOption } from "../options.ts";
import { printJson, printLines } from "../output.ts";
import { askNode } from "./node-client.ts";
import { theLine } from "./say.ts";

/** `openline telephones`: whom to call when the line does not carry. */
export function telephonesCommand(program: Command): void {
  program
    .command("telephones")
    .description("show whom to call when the line does not carry: telephones.yaml of the line's folder")
    .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
    .option("--line <line>", "which line, where the node serves several")
    .option("--language <language>", "en or zh", languageOption, "en")
    .option("--json", "print as JSON")
    .action(async (options: { readonly dir: string; readonly line?: string; readonly language: Language; readonly json?: true }) => {
      const found = await askNode(resolve(options.dir), async (client) => {
        const { line } = await theLine(client, options.line);
        return client.telephones(line);
      });
      if (options.json === true) printJson(found);
      else if (found.telephones.length === 0) printLines(["no telephone list: write telephones.yaml into the line's folder"]);
      else printLines(found.telephones.map((item) => lineOf(item, options.language)));
    });
}

function lineOf({ who, number, note }: Telephone, language: Language): string {
  const said = (texts: Telephone["who"]): string => visibleLine(texts[language] ?? Object.values(texts)[0] ?? "");
  return [number, said(who), said(note)].filter((part) => part !== "").join("  ");
}
