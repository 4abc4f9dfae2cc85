import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { EXIT, Ended } from "./exit.ts";
import { printJson, printLines } from "./output.ts";

/** `openline verifier`: the page that checks packs and records in a browser, for somebody who has nothing of ours. */
export function verifierCommand(program: Command): void {
  program
    .command("verifier")
    .description("write the verifier as one HTML file that works from disk with the network off")
    .requiredOption("-o, --out <file>", "where the page goes")
    .option("--json", "print what was written as JSON")
    .addHelpText("after", "\nThe SHA-256 that is printed lets somebody who was sent the page compare it with one made elsewhere.")
    .action(async ({ out, json }: { readonly out: string; readonly json?: true }) => {
      const page = await readFile(fileURLToPath(import.meta.resolve("@openline/verify/verifier.html")));
      await writeFile(out, page, { flag: "wx" }).catch((cause: unknown) => {
        throw new Ended(EXIT.usage, `${out}: ${cause instanceof Error ? cause.message : "cannot be written"}`);
      });
      const sha256 = createHash("sha256").update(page).digest("hex");
      if (json === true) printJson({ out, bytes: page.length, sha256 });
      else printLines([`${out}: ${page.length} bytes, SHA-256 ${sha256}`]);
    });
}
