import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import { OpenlineError } from "@openline/core";
import { type KeyLabel, type Unlock, type Unlocker, credentialOf } from "@openline/node/operate";
import { several } from "./options.ts";

/** Where passphrases and credentials come from: a prompt without echo, a file, a file descriptor, a credential of the operating
 *  system. Never an argument and never the environment, which other processes can read. */

interface Source {
  /** Which key it opens; nothing: every key without a source of its own. */
  readonly name: string | undefined;
  readonly from: string;
}
export interface KeyOptions {
  readonly passphraseFile?: readonly Source[];
  readonly passphraseFd?: readonly Source[];
  readonly credential?: string;
}

/** Adds the options with which a command opens keys. */
export function withKeyOptions(command: Command): Command {
  return command
    .option(
      "--passphrase-file <[key=]file>",
      "passphrase of a key, or of every key: the first line of a file only you may read",
      several(sourceOf),
    )
    .option(
      "--passphrase-fd <[key=]number>",
      "the same from an open file descriptor",
      several((text) => fdOf(sourceOf(text))),
    )
    .option(
      "--credential <name>",
      "credential of the operating system that protects node.keys: a name in $CREDENTIALS_DIRECTORY, or a path with a / in it",
    );
}

function sourceOf(text: string): Source {
  const found = /^([a-z][a-z0-9-]*)=(.+)$/s.exec(text);
  return found === null ? { name: undefined, from: text } : { name: found[1], from: found[2] ?? "" };
}

function fdOf(source: Source): Source {
  if (!/^\d{1,4}$/.test(source.from)) throw new InvalidArgumentError("the number of an open file descriptor expected");
  return source;
}

/** Opens existing keys. */
export function unlockerOf(options: KeyOptions): Unlocker {
  return async (label) => {
    if (label.protection === "credential") {
      if (options.credential === undefined)
        throw new OpenlineError("locked", `${wordsOf(label)} is protected by a credential: add --credential`);
      return { by: "credential", secret: await credentialOf(options.credential) };
    }
    const given = await passphraseFor(label, options);
    return { by: "passphrase", passphrase: given ?? (await prompt(`Passphrase of ${wordsOf(label)}: `, label)) };
  };
}

/** Chooses how new keys are protected: `node.keys` by the credential where one is given, all others by a passphrase each. */
export function protectionOf(options: KeyOptions & { readonly plainKeys?: true }): (label: KeyLabel) => Promise<Unlock> {
  return async (label) => {
    if (options.plainKeys === true) return { by: "none" };
    if (label.kind === "node" && options.credential !== undefined)
      return { by: "credential", secret: await credentialOf(options.credential) };
    return { by: "passphrase", passphrase: (await passphraseFor(label, options)) ?? (await chosen(label)) };
  };
}

const wordsOf = ({ name, party }: KeyLabel): string => `${name} of ${party}`;

async function chosen(label: KeyLabel): Promise<string> {
  const first = await prompt(`New passphrase of ${wordsOf(label)}: `, label);
  if (first !== (await prompt("The same again: ", label))) throw new OpenlineError("usage", "the two passphrases differ");
  return first;
}

async function passphraseFor({ name }: KeyLabel, { passphraseFile, passphraseFd }: KeyOptions): Promise<string | undefined> {
  const file = pick(passphraseFile, name);
  if (file !== undefined) {
    await refuseOpen(file.from);
    return firstLine(file.from, file.from);
  }
  const fd = pick(passphraseFd, name);
  return fd === undefined ? undefined : fromFd(Number(fd.from));
}

const pick = (sources: readonly Source[] | undefined, name: string): Source | undefined =>
  sources?.find((source) => source.name === name) ?? sources?.find((source) => source.name === undefined);

async function refuseOpen(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new OpenlineError("usage", `${path} cannot be read`);
  if (found.isFile() && (found.mode & 0o077) !== 0) throw new OpenlineError("exposed", `${path} may be read by others; it must be 600`);
}

/** A descriptor gives its text once, and one passphrase may open several keys. */
const fromFds = new Map<number, string>();
function fromFd(fd: number): string {
  const known = fromFds.get(fd);
  if (known !== undefined) return known;
  const line = firstLine(fd, `file descriptor ${fd}`);
  fromFds.set(fd, line);
  return line;
}

function firstLine(from: string | number, what: string): string {
  try {
    return readFileSync(from, "utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (cause) {
    throw new OpenlineError("usage", `${what} cannot be read`, { cause });
  }
}

/** Asks on the terminal without showing what is typed. */
async function prompt(question: string, label: KeyLabel): Promise<string> {
  const { stdin } = process;
  if (!stdin.isTTY)
    throw new OpenlineError(
      "locked",
      `${wordsOf(label)} needs a passphrase: --passphrase-file ${label.name}=FILE, --passphrase-fd ${label.name}=N, or a terminal`,
    );
  // First, or the terminal would show what a quick typist begins with.
  stdin.setRawMode(true);
  process.stderr.write(question);
  try {
    return await typedLine();
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    process.stderr.write("\n");
  }
}

const [INTERRUPT, END, BACKSPACE, DELETE] = ["\u0003", "\u0004", "\b", "\u007f"];

function typedLine(): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    let typed: readonly string[] = [];
    const done = (finish: () => void): void => {
      stdin.off("data", onData);
      finish();
    };
    const onData = (chunk: Buffer): void => {
      for (const character of chunk.toString("utf8")) {
        if (character === "\r" || character === "\n" || character === END) return done(() => resolve(typed.join("")));
        if (character === INTERRUPT) return done(() => reject(new OpenlineError("usage", "stopped")));
        typed = character === BACKSPACE || character === DELETE ? typed.slice(0, -1) : [...typed, character];
      }
    };
    stdin.on("data", onData);
    stdin.resume();
  });
}
