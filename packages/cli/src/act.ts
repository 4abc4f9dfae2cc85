import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { KIND_NAMES, KINDS, FACTS, type KindName, type UnixSeconds, formatTime, millisOf, parseUnixSeconds } from "@openline/core";
import { placeAct, plainYaml } from "@openline/node/operate";
import { EXIT, Ended, refused } from "./exit.ts";
import { timeOption } from "./options.ts";
import { printJson, printLines } from "./output.ts";

interface ActOptions {
  readonly dir: string;
  readonly file: string;
  readonly at?: UnixSeconds;
  readonly exchange?: true;
  readonly json?: true;
}

/** `openline act KIND --file FILE`: any act, signed with the keys in an exercise folder. */
export function actCommand(program: Command): void {
  program
    .command("act")
    .description("sign and place an act of any kind in an exercise folder")
    .argument("<kind>", "the kind of act, such as message, suspend or call-request")
    .requiredOption("--dir <dir>", "the party's folder")
    .requiredOption("--file <file>", "the act as YAML or JSON: channel, precedence, from, to, refs, facts, body (- for standard input)")
    .option("--at <time>", "the exercise clock (default: now)", timeOption)
    .option("--exchange", "exchange with the other parties' folders beside this one, before and after")
    .option("--json", "print where the act came to stand as JSON")
    .addHelpText(
      "after",
      `\nKinds: ${KIND_NAMES.join(", ")}\nFacts: ${Object.keys(FACTS).join(", ")}\nrefs: LOG/INDEX, such as usa/17, or a leaf hash.\nTimes are RFC 3339, hashes and keys lower-case hex.`,
    )
    .action(async (kind: string, options: ActOptions) => {
      const at = options.at ?? parseUnixSeconds(Math.floor(Date.now() / 1000));
      const act: unknown = await readActFile(options.file);
      const result = await placeAct({
        dir: resolve(options.dir),
        kind: kindOption(kind),
        act,
        now: millisOf(at),
        exchange: options.exchange === true,
      });
      if (!result.ok) throw refused(result.refusal);
      const { log, index, leaf, placedAt } = result.value;
      if (options.json === true) printJson({ log, index, leaf, placedAt: formatTime(placedAt) });
      else {
        const later = placedAt > at ? [`at ${formatTime(placedAt)}, since its log was already there`] : [];
        printLines([`placed as ${log}/${index}, leaf ${leaf}`, ...later]);
      }
    });
}

function kindOption(text: string): KindName {
  const kind = KIND_NAMES.find((name) => name === text);
  if (kind === undefined) throw new Ended(EXIT.usage, `no kind of act is called "${text}"; see openline act --help`);
  if (KINDS[kind].control === true && KINDS[kind].by === "node") throw new Ended(EXIT.usage, `${kind} is placed by the node itself`);
  return kind;
}

async function readActFile(file: string): Promise<unknown> {
  const content = file === "-" ? Buffer.concat(await Array.fromAsync(process.stdin)) : await readFile(file).catch(unreadable(file));
  return plainYaml(content, file === "-" ? "standard input" : basename(file));
}

const unreadable =
  (file: string) =>
  (error: unknown): never => {
    throw new Ended(EXIT.usage, `${file} cannot be read: ${error instanceof Error ? error.message : ""}`);
  };
