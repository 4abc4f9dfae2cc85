import { lstat, readFile, writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { encodeQR } from "qr";
import { type Result, type UnixSeconds, limits, parseUnixSeconds, refusableAsync } from "@openline/core";
import {
  type Imported,
  acceptTerms,
  confirmDigits,
  enterForce,
  importFile,
  nodeSecrets,
  progressOf,
  proposeTerms,
  readCeremony,
  readYamlFile,
  signCeremony,
  signElsewhere,
  termsDraft,
  termsOf,
  termsYaml,
} from "@openline/node/operate";
import { progressLines } from "./ceremony-words.ts";
import { EXIT, Ended, refused } from "./exit.ts";
import { several, timeOption } from "./options.ts";
import { printJson, printLines } from "./output.ts";
import { type KeyOptions, unlockerOf, withKeyOptions } from "./passphrases.ts";

interface DirOptions {
  readonly dir: string;
  readonly json?: true;
}

/** `openline accord …`: the ceremony of a line, step by step. */
export function accordCommand(program: Command): void {
  const accord = program.command("accord").description("agree on a line: terms, digits, signatures; each step says what comes next");
  const step = (name: string, description: string): Command =>
    accord.command(name).description(description).requiredOption("--dir <dir>", "the folder of the line");
  draftCommand(step("draft", "print terms to change, with the shipped defaults explained"));
  step("show", "what is done, whose turn it is, what comes next")
    .option("--terms", "the terms themselves, word for word as they will be signed")
    .option("--json", "as JSON")
    .action(show);
  digestCommand(step("digest", "the 80 digits that both sides compare, and as a picture"));
  step("propose", "take terms that your own people wrote, and lay them out for the other side")
    .requiredOption("--terms <file>", "the terms as YAML")
    .option("--replace", "they replace terms accepted before; what was compared and signed is void")
    .action(propose);
  step("accept", "say yes to the terms that are here").action(async ({ dir }: DirOptions) => {
    await taken(() => acceptTerms(dir));
    await printNext(dir);
  });
  importCommand(step("import", "take files of the other side: party file, terms, signatures, contribution"));
  withKeyOptions(
    step("confirm", "the digits agree; or, when all is here, put the accord in force").option(
      "--digits <digits>",
      "the 80 digits as the other side read them",
    ),
  ).action(confirm);
  signCommand(accord);
}

/** What the steps refuse ends the command with its code and one line. */
async function taken<T>(run: () => Promise<T>): Promise<T> {
  const result: Result<T> = await refusableAsync(run);
  if (!result.ok) throw refused(result.refusal);
  return result.value;
}

async function printNext(dir: string): Promise<void> {
  printLines(progressLines(progressOf(await taken(() => readCeremony(dir))), dir));
}

function draftCommand(command: Command): void {
  command
    .option(
      "--language <tag>",
      "a language of the texts; may be given several times (default: that of this party)",
      several((text) => text),
    )
    .option(
      "--channel <id>",
      "a channel; may be given several times (default: those of your posts)",
      several((text) => text),
    )
    .option("--from <date>", "the day from which the channels are in force (default: today)", timeOption)
    .action(async (options: DirOptions & { language?: readonly string[]; channel?: readonly string[]; from?: UnixSeconds }) => {
      const { own, files, config } = await taken(() => readCeremony(options.dir));
      const today = Math.floor(Date.now() / 86_400_000) * 86_400;
      const channels = options.channel ?? [...new Set(own.posts.flatMap((post) => post.channels))];
      const from = options.from ?? parseUnixSeconds(today);
      const parties = [...files.keys(), ...(config.absent === undefined ? [] : [config.absent])];
      process.stdout.write(termsDraft({ mode: config.mode, languages: options.language ?? [own.language], parties, channels, from }));
    });
}

async function show(options: DirOptions & { readonly terms?: true }): Promise<void> {
  const ceremony = await taken(() => readCeremony(options.dir));
  if (options.terms === true) {
    if (ceremony.terms === undefined) throw new Ended(EXIT.refused, "no terms are here yet");
    if (options.json === true) printJson(ceremony.terms.value);
    else process.stdout.write(termsYaml(ceremony.terms.value));
    return;
  }
  const progress = progressOf(ceremony);
  if (options.json === true) printJson(progress);
  else printLines(progressLines(progress, options.dir));
}

function digestCommand(command: Command): void {
  command
    .option("--no-picture", "digits only")
    .option("--json", "as JSON")
    .action(async (options: DirOptions & { readonly picture: boolean }) => {
      const progress = progressOf(await taken(() => readCeremony(options.dir)));
      const { digits } = progress;
      if (digits === null)
        throw new Ended(EXIT.refused, "refused: wrong-accord: terms or a party file are still missing, so there are no digits yet");
      if (options.json === true) return printJson({ digits, mode: progress.mode });
      printLines(digestLines(digits, options.picture));
    });
}

/** Four rows of four groups; under them the same digits for a camera. */
function digestLines(digits: string, picture: boolean): readonly string[] {
  const groups = digits.split(" ");
  const rows = [0, 4, 8, 12].map((at) => `  ${groups.slice(at, at + 4).join("  ")}`);
  const code = picture
    ? ["", ...encodeQR(digits.replaceAll(" ", ""), "ascii", { ecc: "low", encoding: "numeric" }).trimEnd().split("\n")]
    : [];
  return ["All 80 digits must be the same on both sides:", "", ...rows, ...code];
}

async function propose(options: DirOptions & { readonly terms: string; readonly replace?: true }): Promise<void> {
  const { dir, replace } = options;
  const path = await taken(async () =>
    proposeTerms(dir, await readYamlFile(options.terms, (root) => termsOf(root, null)), replace === true),
  );
  printLines([`Hand over ${path}`, ""]);
  await printNext(dir);
}

function importCommand(command: Command): void {
  withKeyOptions(
    command
      .argument("<files...>", "files of the other side, in any order that makes sense")
      .option("--replace", "other terms, or another party file, than before: take them and begin again from there")
      .option("--json", "print what was taken as JSON"),
  ).action(async (files: readonly string[], options: DirOptions & KeyOptions & { readonly replace?: true }) => {
    const { dir } = options;
    const unlocker = unlockerOf(options);
    const seal = async (): Promise<Uint8Array> => (await nodeSecrets(dir, unlocker)).secrets.seal;
    const taking: Imported[] = [];
    for (const file of files) {
      const content = await handedOver(file);
      taking.push(...(await named(file, () => importFile(dir, content, { replace: options.replace === true, seal }))));
    }
    if (options.json === true) return printJson(taking);
    printLines([
      ...taking.map((item) => `${item.news ? "taken" : "here already"}: ${item.kind}${item.from === null ? "" : ` of ${item.from}`}`),
      "",
    ]);
    await printNext(dir);
  });
}

/** The name of the file stands before what is wrong with it. */
async function named<T>(file: string, run: () => Promise<T>): Promise<T> {
  const result = await refusableAsync(run);
  if (!result.ok) throw refused({ ...result.refusal, detail: `${file}: ${result.refusal.detail}` });
  return result.value;
}

/** A file from outside: a regular one, and no larger than any file of a ceremony. */
async function handedOver(path: string): Promise<Uint8Array> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) throw new Ended(EXIT.usage, `${path} cannot be read`);
  if (!found.isFile()) throw new Ended(EXIT.usage, `${path} is no regular file`);
  if (found.size > limits.accordFileBytesMax) throw refused({ code: "oversized", detail: `${path} has ${found.size} bytes` });
  return new Uint8Array(await readFile(path));
}

async function confirm(options: DirOptions & KeyOptions & { readonly digits?: string }): Promise<void> {
  const { dir, digits } = options;
  const unlocker = unlockerOf(options);
  const ceremony = await taken(() => readCeremony(dir));
  if (digits !== undefined) {
    const files = await taken(() => confirmDigits(dir, digits, unlocker));
    printLines(["The digits agree.", ...files.map((file) => `Hand over ${file} (sealed to its receiver; by hand all the same)`), ""]);
  } else if (!ceremony.confirmed) throw new Ended(EXIT.usage, 'the digits come first: --digits "WHAT THE OTHER SIDE READ"');
  else await taken(() => enterForce(dir, unlocker));
  await printNext(dir);
}

interface SignOptions extends KeyOptions {
  readonly dir?: string;
  readonly accord?: string;
  readonly key: string;
  readonly digits?: string;
  readonly out?: string;
}

function signCommand(accord: Command): void {
  withKeyOptions(
    accord
      .command("sign")
      .description("a root holder signs: in the folder of the line, or on a machine of their own")
      .option("--dir <dir>", "the folder of the line")
      .option("--accord <file>", "elsewhere: the accord, out/line.accord of the folder")
      .requiredOption("--key <file>", "the root holder's key")
      .option("--digits <digits>", "elsewhere: the 80 digits as both sides have compared them")
      .option("-o, --out <file>", "elsewhere: where the signature goes; it is then imported like any other file"),
  ).action(async (options: SignOptions) => (options.dir === undefined ? signAway(options) : signHere(options.dir, options)));
}

async function signHere(dir: string, options: SignOptions): Promise<void> {
  const { holder, signed, threshold, handOver } = await taken(() => signCeremony(dir, options.key, unlockerOf(options)));
  printLines([
    `Root holder ${holder} has signed: ${signed} of ${threshold}.`,
    ...(handOver === undefined ? [] : [`Hand over ${handOver}`]),
    "",
  ]);
  await printNext(dir);
}

async function signAway({ accord, digits, out, key, ...rest }: SignOptions): Promise<void> {
  if (accord === undefined || digits === undefined || out === undefined)
    throw new Ended(EXIT.usage, "sign needs --dir, or --accord with --digits and --out; see openline accord sign --help");
  const accordFile = await handedOver(accord);
  const file = await taken(() => signElsewhere({ accordFile, digits, keyFile: key, unlocker: unlockerOf(rest) }));
  await writeFile(out, file, { flag: "wx" }).catch((cause: unknown) => {
    throw new Ended(EXIT.usage, `${out}: ${cause instanceof Error ? cause.message : "cannot be written"}`);
  });
  printLines([`Signed. Bring ${out} to the folder of the line: openline accord import --dir DIR ${out}`]);
}
