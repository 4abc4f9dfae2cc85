import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { type PartyId, parsePartyId } from "@openline/core";
import {
  type InitOptions as InitLineOptions,
  type Initialised,
  initLine,
  partyDescriptionOf,
  partyDraft,
  readYamlFile,
} from "@openline/node/operate";
import { EXIT, Ended } from "./exit.ts";
import { complain, printJson, printLines } from "./output.ts";
import { type KeyOptions, protectionOf, withKeyOptions } from "./passphrases.ts";

interface InitOptions extends KeyOptions {
  readonly draft?: string;
  readonly exercise?: true;
  readonly dir?: string;
  readonly party?: string;
  readonly keys?: string;
  readonly second?: string;
  readonly tlsKey?: string;
  readonly tlsCertificate?: string;
  readonly plainKeys?: true;
  readonly alone?: PartyId;
  readonly json?: true;
}

/** `openline init`. */
export function initCommand(program: Command): void {
  withKeyOptions(
    program
      .command("init")
      .description("make a party's folder for a new line: its keys, its party file, its second place")
      .addOption(
        new Option("--draft <id>", "print a party description to change, for the party with this short name").conflicts(["dir", "party"]),
      )
      .option("--exercise", "with --draft: for a drill")
      .option("--dir <dir>", "the folder of the line; the node lives in it")
      .option("--party <file>", "the party description")
      .option("--keys <dir>", "where the keys of root holders and of the directory go (default: DIR-keys); never into DIR")
      .option("--second <dir>", "the second durable place, on another disk and in no backup (default: DIR-second)")
      .option("--tls-key <file>", "the node's TLS key, PEM")
      .option("--tls-certificate <file>", "its certificate, PEM")
      .option("--plain-keys", "write every key without protection: for drills, or where you say that the disk is protection enough")
      .option("--alone <other>", "keep the line alone: OTHER is named in the terms and is not there", partyOption)
      .option("--json", "print what was made as JSON"),
  )
    .addHelpText(
      "after",
      "\nThe guide is docs/operating/ceremony.md. Before anything is signed, init again with another description keeps the keys.",
    )
    .action(async (options: InitOptions) => {
      if (options.draft !== undefined) return printDraft(options.draft, options.exercise === true);
      const made = await init(options);
      if (options.json === true) printJson(made);
      else printLines(initLines(made, options));
    });
}

function partyOption(text: string): PartyId {
  try {
    return parsePartyId(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof RangeError ? error.message : "a party id expected");
  }
}

function printDraft(id: string, exercise: boolean): void {
  try {
    process.stdout.write(partyDraft({ id: parsePartyId(id), mode: exercise ? "exercise" : "live" }));
  } catch (error) {
    throw new Ended(EXIT.usage, error instanceof RangeError ? error.message : "a party id expected");
  }
}

async function init(options: InitOptions): Promise<Initialised> {
  const { dir, party } = options;
  if (dir === undefined || party === undefined)
    throw new Ended(EXIT.usage, "init needs --dir and --party, or --draft ID; see openline init --help");
  const plan = await readYamlFile(party, partyDescriptionOf);
  if (options.plainKeys === true) complain(`keys are written WITHOUT protection, as asked (mode ${plan.mode})`);
  return initLine({
    dir: resolve(dir),
    keysDir: resolve(options.keys ?? `${dir}-keys`),
    second: resolve(options.second ?? `${dir}-second`),
    plan,
    certificate: await certificateOf(options),
    protect: protectionOf(options),
    ...(options.alone === undefined ? {} : { absent: options.alone }),
  });
}

/** A TLS key and certificate that are there already; the node checks that they are a pair. */
async function certificateOf({ tlsKey, tlsCertificate }: InitOptions): Promise<InitLineOptions["certificate"]> {
  if (tlsKey === undefined && tlsCertificate === undefined) return undefined;
  if (tlsKey === undefined || tlsCertificate === undefined) throw new Ended(EXIT.usage, "--tls-key and --tls-certificate go together");
  const read = (path: string): Promise<string> =>
    readFile(path, "utf8").catch((): never => {
      throw new Ended(EXIT.usage, `${path} cannot be read`);
    });
  return { key: await read(tlsKey), certificate: await read(tlsCertificate) };
}

function initLines(made: Initialised, options: InitOptions): readonly string[] {
  const dir = options.dir ?? made.dir;
  const done = {
    made: `${made.party}: keys made, ${made.keyFiles.length} files; the folder of the line is ${dir}`,
    redescribed: `${made.party}: described anew, with the same keys`,
    unchanged: `${made.party}: nothing has changed`,
  }[made.what];
  const people = made.keyFiles.filter((file) => !file.startsWith(`${made.dir}/`));
  return [
    done,
    ...(people.length === 0
      ? []
      : [
          "",
          "Keys of people. Give each to the person it belongs to, on a medium of their own; none may stay on the node's machine:",
          ...people.map((file) => `  ${file}`),
        ]),
    ...(made.secondOnSameDisk
      ? ["", "WARNING: the second place is on the same disk as the folder. One failure, or one restored image, takes both."]
      : []),
    "",
    ...(options.alone === undefined
      ? [
          `Next: hand ${join(dir, "out", `${made.party}.party`)} to the other side, and take theirs:`,
          `  openline accord import --dir ${dir} THEIRS.party`,
        ]
      : [`Next: write the terms of the line that ${made.party} keeps alone: openline accord draft --dir ${dir} > terms.yaml`]),
  ];
}
