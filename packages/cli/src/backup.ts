import type { Command } from "commander";
import { type Language, OpenlineError } from "@openline/core";
import { backUp, restoreBackup, verifyFolder } from "@openline/node/operate";
import { recordReportLines } from "@openline/verify";
import { EXIT, Ended } from "./exit.ts";
import { languageOption } from "./options.ts";
import { printJson, printLines } from "./output.ts";

/** `openline backup` and `openline restore`. */
export function backupCommands(program: Command): void {
  program
    .command("backup")
    .description(
      "copy a party's folder, also while its node runs; without the second place, the keys of sealing epochs and who is signed in",
    )
    .argument("<out>", "a new or empty folder")
    .requiredOption("--dir <dir>", "the party's folder")
    .option("--json", "print what was written as JSON")
    .action(async (out: string, options: { readonly dir: string; readonly json?: true }) => {
      const files = await backUp(options.dir, out);
      if (options.json === true) printJson({ out, files });
      else printLines([`${files.length} files written to ${out}: ${files.join(", ")}`]);
    });
  program
    .command("restore")
    .description("put a backup into a folder in which its node can be started, or only verify it")
    .argument("<backup>", "the backup")
    .option("--dir <dir>", "a new or empty folder")
    .option("--verify-only", "recompute everything in the backup against the heads that both parties signed, and write nothing")
    .option("--language <language>", "en or zh", languageOption, "en")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      "\nA restored node opens a new incarnation of its log and says so; what the backup lacks comes back from the other side.",
    )
    .action(restore);
}

interface RestoreOptions {
  readonly dir?: string;
  readonly verifyOnly?: true;
  readonly language: Language;
  readonly json?: true;
}

async function restore(backup: string, { dir, verifyOnly, language, json }: RestoreOptions): Promise<void> {
  if ((dir === undefined) === (verifyOnly === undefined)) throw new Ended(EXIT.usage, "restore needs either --dir or --verify-only");
  if (dir === undefined) {
    const report = await verifyFolder(backup).catch((error: unknown) => {
      if (error instanceof OpenlineError && error.code === "damaged") throw new Ended(EXIT.notVerified, `damaged: ${error.message}`);
      throw error;
    });
    if (json === true) printJson(report);
    else printLines(recordReportLines(report, language));
    if (!report.ok) process.exitCode = EXIT.notVerified;
    return;
  }
  const files = await restoreBackup(backup, dir);
  if (json === true) printJson({ dir, files });
  else printLines([`${files.length} files written to ${dir}; its node opens a new incarnation when it is started`]);
}
