import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { type Digest, parseDigest } from "@openline/core";
import { readFolder } from "@openline/node/operate";
import { EXIT, Ended } from "./exit.ts";
import { printJson, printLines } from "./output.ts";

interface SaveOptions {
  readonly dir: string;
  readonly out: string;
  readonly json?: true;
}

/** `openline attachment save`: what an act names, out of a folder, also while its node runs. */
export function attachmentCommand(program: Command): void {
  program
    .command("attachment")
    .description("what stands beside an act")
    .command("save")
    .description("write an attachment to a file; show names it by its SHA-256")
    .argument("<object>", "SHA-256 of the attachment, 64 hex digits, also in groups", objectOption)
    .requiredOption("--dir <dir>", "the party's folder")
    .requiredOption("-o, --out <file>", "where it goes")
    .option("--json", "print what was written as JSON")
    .action(async (object: Digest, options: SaveOptions) => {
      const { store } = await readFolder(options.dir);
      try {
        const known = await store.object(object);
        const bytes = known?.whole === true ? await store.objectBytes(object, 0, known.size) : undefined;
        if (known === undefined || bytes === undefined) throw new Ended(EXIT.unavailable, notHere(known));
        await writeFile(options.out, bytes, { flag: "wx", mode: 0o600 }).catch((cause: unknown) => {
          throw new Ended(EXIT.usage, `${options.out}: ${cause instanceof Error ? cause.message : "cannot be written"}`);
        });
        if (options.json === true) printJson({ out: options.out, object, bytes: known.size });
        else printLines([`${options.out}: ${known.size} bytes`]);
      } finally {
        await store.close();
      }
    });
}

function notHere(known: { readonly size: number; readonly ranges: readonly { readonly from: number; readonly to: number }[] } | undefined) {
  if (known === undefined) return "no act on this line names such an attachment";
  const here = known.ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  return `the attachment is not whole here yet: ${here} of ${known.size} bytes`;
}

function objectOption(text: string): Digest {
  try {
    return parseDigest(text.replaceAll(/\s/g, "").toLowerCase());
  } catch {
    throw new InvalidArgumentError("64 hex digits");
  }
}
