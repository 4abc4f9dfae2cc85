import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { isInForce, signCeremony, signElsewhere, signNextElsewhere } from "@openline/node/operate";
import { layOutWritten, signWritten } from "./amend.ts";
import { printNext } from "./ceremony-next.ts";
import { EXIT, Ended } from "./exit.ts";
import { handedOver } from "./handed-over.ts";
import { printLines } from "./output.ts";
import { type KeyOptions, unlockerOf, withKeyOptions } from "./passphrases.ts";
import { taken } from "./taken.ts";

interface SignOptions extends KeyOptions {
  readonly dir?: string;
  readonly terms?: string;
  readonly party?: string;
  readonly accord?: string;
  readonly amendment?: string;
  readonly key?: string;
  readonly digits?: string;
  readonly out?: string;
}

/** `openline accord sign`: a root holder signs an accord, or terms that are to replace one in force. */
export function signCommand(accord: Command): void {
  withKeyOptions(
    accord
      .command("sign")
      .description("a root holder signs: in the folder of the line, or on a machine of their own")
      .option("--dir <dir>", "the folder of the line")
      .option("--terms <file>", "in force: the terms that are to be proposed, as YAML")
      .option("--party <file>", "in force: what our own party is to say of itself, as YAML")
      .option("--accord <file>", "elsewhere: the accord, out/line.accord or, in force, accord.cbor of the folder")
      .option("--amendment <file>", "elsewhere, in force: what is to be signed, as sign without --key lays it out")
      .option("--key <file>", "the root holder's key")
      .option("--digits <digits>", "elsewhere: the 80 digits as both sides have compared them")
      .option("-o, --out <file>", "elsewhere: where the signature goes; it is then imported like any other file"),
  ).action(async (options: SignOptions) => (options.dir === undefined ? signAway(options) : signHere(options.dir, options)));
}

async function signHere(dir: string, options: SignOptions): Promise<void> {
  const { key } = options;
  if (await isInForce(dir)) return key === undefined ? layOutWritten(dir, options) : signWritten(dir, options, { ...options, key });
  if (key === undefined) throw new Ended(EXIT.usage, "--key FILE: the root holder's key");
  const { holder, signed, threshold, handOver } = await taken(() => signCeremony(dir, key, unlockerOf(options)));
  printLines([
    `Root holder ${holder} has signed: ${signed} of ${threshold}.`,
    ...(handOver === undefined ? [] : [`Hand over ${handOver}`]),
    "",
  ]);
  await printNext(dir);
}

async function signAway({ accord, amendment, digits, out, key, ...rest }: SignOptions): Promise<void> {
  if (accord === undefined || digits === undefined || out === undefined || key === undefined)
    throw new Ended(EXIT.usage, "sign needs --dir, or --accord with --digits, --key and --out; see openline accord sign --help");
  const signing = { accordFile: await handedOver(accord), digits, keyFile: key, unlocker: unlockerOf(rest) };
  const amendmentFile = amendment === undefined ? undefined : await handedOver(amendment);
  const file = await taken(() => (amendmentFile === undefined ? signElsewhere(signing) : signNextElsewhere({ ...signing, amendmentFile })));
  await writeFile(out, file, { flag: "wx" }).catch((cause: unknown) => {
    throw new Ended(EXIT.usage, `${out}: ${cause instanceof Error ? cause.message : "cannot be written"}`);
  });
  printLines([`Signed. Bring ${out} to the folder of the line: openline accord import --dir DIR ${out}`]);
}
