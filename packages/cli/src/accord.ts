import type { Command } from "commander";
import { encodeQR } from "qr";
import { type UnixSeconds, parseUnixSeconds, refusableAsync } from "@openline/core";
import {
  type Imported,
  acceptTerms,
  confirmDigits,
  enterForce,
  importFile,
  isAmendment,
  isInForce,
  nodeSecrets,
  progressOf,
  proposeTerms,
  readCeremony,
  readYamlFile,
  termsDraft,
  termsOf,
  termsYaml,
} from "@openline/node/operate";
import { signCommand } from "./accord-sign.ts";
import {
  type AmendOptions,
  type Written,
  acceptNext,
  accordOf,
  confirmNext,
  draftNext,
  importWritten,
  printAccord,
  proposeWritten,
  proposedDigits,
  showChanges,
  showTerms,
  takeBack,
} from "./amend.ts";
import { printNext } from "./ceremony-next.ts";
import { progressLines } from "./ceremony-words.ts";
import { EXIT, Ended, refused } from "./exit.ts";
import { handedOver } from "./handed-over.ts";
import { digitsOption, several, timeOption } from "./options.ts";
import { printJson, printLines } from "./output.ts";
import { type KeyOptions, unlockerOf, withKeyOptions } from "./passphrases.ts";
import { taken } from "./taken.ts";

interface DirOptions {
  readonly dir: string;
  readonly json?: true;
}

/** `openline accord …`: the ceremony of a line, step by step; once its accord is in force, how it is replaced (`amend.ts`). */
export function accordCommand(program: Command): void {
  const accord = program.command("accord").description("agree on a line: terms, digits, signatures; each step says what comes next");
  const step = (name: string, description: string): Command =>
    accord.command(name).description(description).requiredOption("--dir <dir>", "the folder of the line");
  draftCommand(step("draft", "print terms to change: the shipped defaults explained, or those in force"));
  step("show", "what is done, whose turn it is, what comes next")
    .option("--terms", "the terms themselves, word for word as they will be signed; in force: those in force")
    .option("--proposed", "in force: the terms proposed, word for word")
    .option("--changes [file]", "in force: what the terms proposed, or those in FILE, would change")
    .option("--party", "with --changes FILE: it is our own party file")
    .option("--entry <entry>", "in force: which proposal, as LOG/INDEX, where there are several")
    .option("--json", "as JSON")
    .action(show);
  digestCommand(step("digest", "the 80 digits that both sides compare, and as a picture; in force: those of the terms proposed"));
  withDirectoryKeys(
    step("propose", "take terms that your own people wrote, and lay them out for the other side; in force: propose them on the line")
      .option("--terms <file>", "the terms as YAML")
      .option("--party <file>", "in force: what our own party is to say of itself, as YAML; nobody has to accept it")
      .option("--replace", "they replace terms accepted before; what was compared and signed is void")
      .option("--take-back", "in force: take back what we proposed"),
  ).action(propose);
  withDirectoryKeys(
    step("accept", "say yes to the terms that are here; in force: to the terms proposed that have these digits").option(
      "--digits <digits>",
      "in force: the 80 digits as the other side read them",
      digitsOption,
    ),
  ).action(accept);
  importCommand(
    step("import", "take files of the other side: party file, terms, signatures, contribution; in force: signatures made elsewhere"),
  );
  withDirectoryKeys(
    step(
      "confirm",
      "the digits agree; or, when all is here, put the accord in force; in force: confirm our terms that were accepted",
    ).option("--digits <digits>", "the 80 digits as the other side read them", digitsOption),
  ).action(confirm);
  signCommand(accord);
}

/** On a line in force two persons of the directory sign what is said of its accord. */
const withDirectoryKeys = (command: Command): Command =>
  withKeyOptions(
    command
      .option(
        "--directory-key <file>",
        "in force: a directory key that signs; given twice, for two persons",
        several((text) => text),
      )
      .option("--json", "in force: print where the act came to stand as JSON"),
  );

interface DraftOptions extends DirOptions {
  readonly language?: readonly string[];
  readonly channel?: readonly string[];
  readonly from?: UnixSeconds;
  readonly party?: true;
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
    .option("--party", "in force: what our own party says of itself, instead of the terms")
    .action(async (options: DraftOptions) => {
      const { own, files, config, inForce } = await taken(() => readCeremony(options.dir));
      if (inForce) return draftNext(options.dir, options.party === true ? "party" : "terms");
      const today = Math.floor(Date.now() / 86_400_000) * 86_400;
      const channels = options.channel ?? [...new Set(own.posts.flatMap((post) => post.channels))];
      const from = options.from ?? parseUnixSeconds(today);
      const parties = [...files.keys(), ...(config.absent === undefined ? [] : [config.absent])];
      process.stdout.write(termsDraft({ mode: config.mode, languages: options.language ?? [own.language], parties, channels, from }));
    });
}

interface ShowOptions extends DirOptions {
  readonly terms?: true;
  readonly proposed?: true;
  readonly changes?: true | string;
  readonly entry?: string;
  readonly party?: true;
}

function writtenBy(file: true | string, isParty: boolean): Written {
  if (file === true && isParty) throw new Ended(EXIT.usage, "--party goes with --changes FILE");
  return file === true ? {} : isParty ? { party: file } : { terms: file };
}

async function show(options: ShowOptions): Promise<void> {
  const { dir, terms, proposed, changes, entry } = options;
  const ceremony = await taken(() => readCeremony(dir));
  if (ceremony.inForce) {
    const how = { ...(entry === undefined ? {} : { entry }), json: options.json === true };
    if (changes !== undefined) return showChanges(dir, { ...how, written: writtenBy(changes, options.party === true) });
    if (proposed === true || terms === true) return showTerms(dir, { ...how, proposed: proposed === true });
  } else if (changes !== undefined || proposed === true)
    throw new Ended(EXIT.usage, "the accord is not in force yet: --terms shows what will be");
  if (options.terms === true) {
    if (ceremony.terms === undefined) throw new Ended(EXIT.refused, "no terms are here yet");
    if (options.json === true) printJson(ceremony.terms.value);
    else process.stdout.write(termsYaml(ceremony.terms.value));
    return;
  }
  const progress = progressOf(ceremony);
  const accord = ceremony.inForce ? await accordOf(dir) : undefined;
  if (options.json === true) return printJson({ ...progress, ...(accord === undefined ? {} : { accord }) });
  printLines(progressLines(progress, dir));
  if (accord !== undefined) printAccord(accord, progress.party, dir);
}

function digestCommand(command: Command): void {
  command
    .option("--no-picture", "digits only")
    .option("--entry <entry>", "in force: which proposal, as LOG/INDEX, where there are several")
    .option("--json", "as JSON")
    .action(async (options: DirOptions & { readonly picture: boolean; readonly entry?: string }) => {
      const progress = progressOf(await taken(() => readCeremony(options.dir)));
      const proposed = progress.inForce ? await proposedDigits(options.dir, options.entry) : undefined;
      const digits = proposed?.digits ?? progress.digits;
      if (digits === null) throw noDigits(options.dir);
      if (options.json === true)
        return printJson({ digits, mode: progress.mode, ...(proposed === undefined ? {} : { entry: proposed.entry }) });
      printLines([...(proposed === undefined ? [] : [`Terms proposed as ${proposed.entry}.`]), ...digestLines(digits, options.picture)]);
    });
}

/** Nothing is wrong with what is here: something has not come. */
const noDigits = (dir: string): Ended =>
  new Ended(
    EXIT.refused,
    `refused: terms or a party file are still missing, so there are no digits yet. openline accord show --dir ${dir} says what`,
  );

/** Four rows of four groups; under them the same digits for a camera. */
function digestLines(digits: string, picture: boolean): readonly string[] {
  const groups = digits.split(" ");
  const rows = [0, 4, 8, 12].map((at) => `  ${groups.slice(at, at + 4).join("  ")}`);
  const code = picture
    ? ["", ...encodeQR(digits.replaceAll(" ", ""), "ascii", { ecc: "low", encoding: "numeric" }).trimEnd().split("\n")]
    : [];
  return ["All 80 digits must be the same on both sides:", "", ...rows, ...code];
}

async function propose(options: AmendOptions & Written & { readonly replace?: true; readonly takeBack?: true }): Promise<void> {
  const { dir, replace, terms } = options;
  const amending = await isInForce(dir);
  if (options.takeBack === true) {
    if (!amending)
      throw new Ended(EXIT.usage, "--take-back is for a line in force; here other terms replace these: --terms FILE --replace");
    return takeBack(options);
  }
  if (amending) return proposeWritten(options, options);
  if (terms === undefined) throw new Ended(EXIT.usage, "--terms FILE: the terms to propose, as openline accord draft prints them");
  const path = await taken(async () => proposeTerms(dir, await readYamlFile(terms, (root) => termsOf(root, null)), replace === true));
  printLines([`Hand over ${path}`, ""]);
  await printNext(dir);
}

async function accept(options: AmendOptions & { readonly digits?: string }): Promise<void> {
  const { dir } = options;
  if (await isInForce(dir)) return acceptNext(options, options.digits);
  await taken(() => acceptTerms(dir));
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
    // Anything else is refused below: the ceremony is over.
    const contents = (await isInForce(dir)) ? await Promise.all(files.map(handedOver)) : [];
    if (contents.length > 0 && contents.every(isAmendment)) return importWritten(dir, contents, options.json === true);
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

async function confirm(options: AmendOptions & { readonly digits?: string }): Promise<void> {
  const { dir, digits } = options;
  const unlocker = unlockerOf(options);
  const ceremony = await taken(() => readCeremony(dir));
  if (ceremony.inForce && (digits !== undefined || options.directoryKey !== undefined)) return confirmNext(options, digits);
  if (digits !== undefined) {
    if (ceremony.accord === undefined) throw noDigits(dir);
    if (!ceremony.accepted)
      throw new Ended(EXIT.refused, `refused: the terms have not been accepted here. openline accord accept --dir ${dir} comes first`);
    const files = await taken(() => confirmDigits(dir, digits, unlocker));
    printLines(["The digits agree.", ...files.map((file) => `Hand over ${file} (sealed to its receiver; by hand all the same)`), ""]);
  } else if (!ceremony.confirmed) throw new Ended(EXIT.usage, 'the digits come first: --digits "WHAT THE OTHER SIDE READ"');
  else await taken(() => enterForce(dir, unlocker));
  await printNext(dir);
}
