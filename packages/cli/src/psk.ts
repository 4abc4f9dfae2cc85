import type { Command } from "commander";
import { parseUnixSeconds } from "@openline/core";
import { readLineInForce, signPskLostHere } from "@openline/node/operate";
import { printJson, printLines } from "./output.ts";
import { type KeyOptions, unlockerOf, withKeyOptions } from "./passphrases.ts";
import { taken } from "./taken.ts";

interface LostOptions extends KeyOptions {
  readonly dir: string;
  readonly peer: string;
  readonly key: string;
  readonly json?: true;
}

/** `openline psk lost`. */
export function pskCommand(program: Command): void {
  const psk = program.command("psk").description("the pre-shared key with another party, made at the ceremony");
  withKeyOptions(
    psk
      .command("lost")
      .description("a root holder says that it is lost or no longer to be trusted: both sides then seal without it")
      .requiredOption("--dir <dir>", "the folder of the line")
      .requiredOption("--peer <party>", "with whom it was shared")
      .requiredOption("--key <file>", "the root holder's key")
      .option("--json", "print how many have signed as JSON"),
  ).action(lost);
}

async function lost(options: LostOptions): Promise<void> {
  const { dir, peer, key: keyFile } = options;
  const now = parseUnixSeconds(Math.floor(Date.now() / 1000));
  const done = await taken(async () => signPskLostHere(await readLineInForce(dir), { peer, now, keyFile, unlocker: unlockerOf(options) }));
  if (options.json === true) return printJson({ peer, ...done });
  const { holder, signed, threshold, complete } = done;
  printLines([
    `Root holder ${holder} has signed: ${signed} of ${threshold}.`,
    complete
      ? `The key with ${peer} counts as lost from the next start of the node: openline up --dir ${dir}. It tells ${peer} by itself.`
      : `${threshold - signed} more: openline psk lost --dir ${dir} --peer ${peer} --key FILE`,
  ]);
}
