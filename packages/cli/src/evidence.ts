import { readFile, stat, writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { type Choice, type Language, limits, makePack, parseLogId, parsePartyId } from "@openline/core";
import { nativeSuite, readFolder, recordSource } from "@openline/node/operate";
import { packReportLines, verifyPack } from "@openline/verify";
import { EXIT, Ended } from "./exit.ts";
import { entryOption, languageOption, several } from "./options.ts";
import { printJson, printLines } from "./output.ts";

interface MakeOptions {
  readonly dir: string;
  readonly entry: readonly ReturnType<typeof entryOption>[];
  readonly out: string;
  readonly json?: true;
}

/** `openline evidence make` and `openline evidence verify`. */
export function evidenceCommand(program: Command): void {
  const evidence = program.command("evidence").description("take an extract of a record that verifies offline, and verify one");
  evidence
    .command("make")
    .description("put entries into an evidence pack, each with its author's keys, its place and its receipt")
    .requiredOption("--dir <dir>", "the party's folder")
    .requiredOption("--entry <log/index...>", "an entry, such as usa/17; may be given several times", several(entryOption))
    .requiredOption("-o, --out <file>", "where the pack goes")
    .option("--json", "print what was written as JSON")
    .action(async (options: MakeOptions) => {
      const folder = await readFolder(options.dir);
      try {
        const pack = makePack(nativeSuite, await recordSource(nativeSuite, folder), options.entry.map(choiceOf));
        await writeFile(options.out, pack, { flag: "wx" }).catch((cause: unknown) => {
          throw new Ended(EXIT.usage, `${options.out}: ${cause instanceof Error ? cause.message : "cannot be written"}`);
        });
        const entries = new Set(options.entry.map(({ log, index }) => `${log}/${index}`)).size;
        if (options.json === true) printJson({ out: options.out, bytes: pack.length, entries });
        else printLines([`${options.out}: ${entries} entries, ${pack.length} bytes`]);
      } finally {
        await folder.store.close();
      }
    });
  evidence
    .command("verify")
    .description("check an evidence pack offline and say what it proves and what it does not")
    .argument("<file>", "the pack")
    .option("--language <language>", "en or zh", languageOption, "en")
    .option("--json", "print the report as JSON")
    .addHelpText("after", "\nExit 0 if it verifies, else 3 with the first bad thing named.")
    .action(async (file: string, options: { readonly language: Language; readonly json?: true }) => {
      const report = verifyPack(nativeSuite, await packFile(file));
      if (options.json === true) printJson(report);
      else printLines(packReportLines(report, options.language));
      if (!report.ok) process.exitCode = EXIT.notVerified;
    });
}

function choiceOf({ log, index }: ReturnType<typeof entryOption>): Choice {
  const [party = "", incarnation] = log.split("@");
  return { party: parsePartyId(party), index, ...(incarnation === undefined ? {} : { log: parseLogId(incarnation) }) };
}

async function packFile(file: string): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new Ended(EXIT.usage, `${file} is no file that can be read`);
  if (found.size > limits.packBytesMax)
    throw new Ended(EXIT.notVerified, `not verified: ${file} is longer than ${limits.packBytesMax} bytes`);
  return readFile(file);
}
