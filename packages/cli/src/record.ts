import type { Command } from "commander";
import { type Language, recordFiles } from "@openline/core";
import { nativeSuite, readFolder, recordSource } from "@openline/node/operate";
import { recordReportLines, unreadableRecord, verifyRecord } from "@openline/verify";
import { EXIT } from "./exit.ts";
import { NoFileOfARecord, readFiles, writeFiles } from "./folders.ts";
import { languageOption } from "./options.ts";
import { printJson, printLines } from "./output.ts";

/** `openline record export` and `openline record verify`. */
export function recordCommand(program: Command): void {
  const record = program.command("record").description("export a party's record in open formats, and verify an export");
  record
    .command("export")
    .description("write the whole record for outside tools: accord, logs as C2SP tiles, checkpoints, disclosures")
    .argument("<out>", "an empty or new folder")
    .requiredOption("--dir <dir>", "the party's folder")
    .option("--json", "print what was written as JSON")
    .action(async (out: string, options: { readonly dir: string; readonly json?: true }) => {
      const folder = await readFolder(options.dir);
      try {
        const source = await recordSource(nativeSuite, folder);
        const files = await writeFiles(out, recordFiles(nativeSuite, source));
        const logs = source.logs.map((log) => ({ log: log.current ? log.party : `${log.party}@${log.log}`, size: log.checkpoint.size }));
        if (options.json === true) printJson({ out, files, logs });
        else printLines([`${files} files written to ${out}`, ...logs.map(({ log, size }) => `  ${log}: ${size} entries`)]);
      } finally {
        await folder.store.close();
      }
    });
  record
    .command("verify")
    .description("check an export from its files alone: every tile, signature, rule and body")
    .argument("<out>", "the exported folder")
    .option("--language <language>", "en or zh", languageOption, "en")
    .option("--json", "print the report as JSON")
    .addHelpText("after", "\nExit 0 if every byte is as it was written, else 3 with the first bad thing named.")
    .action(async (out: string, options: { readonly language: Language; readonly json?: true }) => {
      const report = await readFiles(out).then(
        (files) => verifyRecord(nativeSuite, files),
        (cause: unknown) => {
          if (cause instanceof NoFileOfARecord) return unreadableRecord(cause.bad);
          throw cause;
        },
      );
      if (options.json === true) printJson(report);
      else printLines(recordReportLines(report, options.language));
      if (!report.ok) process.exitCode = EXIT.notVerified;
    });
}
