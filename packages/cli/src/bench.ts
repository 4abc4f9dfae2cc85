import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { figureTable } from "./figure-table.ts";
import { printJson, printLines } from "./output.ts";

/** `openline bench`: what a line costs on this machine. Figures, never a test. */
export function benchCommand(program: Command): void {
  program
    .command("bench")
    .description("measure what a line costs on this machine: two nodes over TLS on loopback, their record and their restart")
    .option("--quick", "smaller samples: at most a minute instead of ten")
    .option("--least", "hardly anything: seconds, which show that everything is measured and say nothing of this machine")
    .option("--in <dir>", "measure on the disk of this folder (default: the system's temporary one)", (dir) => resolve(dir))
    .option("--json", "print the figures as JSON")
    .action(run);
}

interface Options {
  readonly quick?: true;
  readonly least?: true;
  readonly in?: string;
  readonly json?: true;
}

async function run(options: Options): Promise<void> {
  const folder = await mkdtemp(join(options.in ?? tmpdir(), "openline-bench-"));
  try {
    // Loaded only here: no other command measures.
    const { measure } = await import("@openline/node/measure");
    const measured = await measure(folder, options.least === true ? "least" : options.quick === true ? "quick" : "usual");
    if (options.json === true) printJson(measured);
    else printLines(figureTable(measured));
  } finally {
    await rm(folder, { recursive: true });
  }
}
