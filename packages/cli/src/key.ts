import { type Command, InvalidArgumentError } from "commander";
import { type Kid, type Result, parseKid, refusable, refusableAsync, kidOf, toHex } from "@openline/core";
import {
  type SigningKey,
  type Unlocker,
  decodePersonSecret,
  controlOf,
  keepNewNodeKey,
  labelOf,
  loadKeyFile,
  loadSigningKey,
  makeDirectoryKey,
  nativeSuite,
  protectAnew,
  readKeyFile,
  readLineInForce,
  sayKeyAdd,
  sayKeyRevoke,
} from "@openline/node/operate";
import { type InForce, placeOfDirectory } from "./acting/directory.ts";
import { askNode } from "./acting/node-client.ts";
import { base64 } from "./acting/through-node.ts";
import { EXIT, Ended, refused } from "./exit.ts";
import { several } from "./options.ts";
import { printJson, printLines } from "./output.ts";
import { type KeyOptions, protectionOf, unlockerOf, withKeyOptions } from "./passphrases.ts";

/** `openline key …`. */
export function keyCommand(program: Command): void {
  const key = program.command("key").description("key files: look at one, make one, protect one anew; enrol and revoke keys");
  key
    .command("show")
    .description("what a key file is for, without opening it")
    .argument("<file>", "the key file")
    .option("--json", "as JSON")
    .action(show);
  withKeyOptions(
    key
      .command("person")
      .description("open the commitment to a person: for the party's own auditor")
      .argument("<file>", "the .person file")
      .option("--json", "as JSON"),
  ).action(person);
  withKeyOptions(
    key
      .command("protect")
      .description("put a key file under another passphrase, or node.keys under a credential of the operating system")
      .argument("<file>", "the key file")
      .option(
        "--with-credential <name>",
        "the credential that opens it from now on: a name in $CREDENTIALS_DIRECTORY, or a path with a / in it, such as ./cred",
      )
      .option("--with-passphrase-file <file>", "the new passphrase (default: asked on the terminal)"),
  ).action(protect);
  withKeyOptions(
    key
      .command("make")
      .description("make a directory key for one more person")
      .requiredOption("--party <id>", "the party")
      .requiredOption("--name <name>", "what to call it, such as directory-3")
      .requiredOption("--person <name>", "who will hold it")
      .requiredOption("-o, --out <file>", "where it goes; FILE.person beside it is for your auditor"),
  ).action(make);
  enrolling(
    key
      .command("add")
      .description("enrol a directory key, or make and enrol a node key; two persons of the directory sign")
      .option("--new-key <file>", "the directory key to enrol")
      .option("--node", "instead: a new key for the node's own acts, which goes into node.keys"),
  ).action(add);
  enrolling(
    key
      .command("revoke")
      .description("take a key away, from its log's next entry on")
      .requiredOption("--kid <hex>", "the key's id, 16 hex digits", kidOption)
      .option("--unknown", "take it away although our log does not know it: after a restore, where its enrolment was lost"),
  ).action(revoke);
}

interface ActOptions extends KeyOptions {
  readonly dir: string;
  readonly directoryKey: readonly string[];
  readonly json?: true;
}
const enrolling = (command: Command): Command =>
  withKeyOptions(
    command
      .requiredOption("--dir <dir>", "the folder of the line")
      .requiredOption(
        "--directory-key <file>",
        "a directory key that signs; may be given several times",
        several((text) => text),
      )
      .option("--json", "print where the act came to stand as JSON"),
  );

function kidOption(text: string): Kid {
  try {
    return parseKid(text);
  } catch {
    throw new InvalidArgumentError("16 lower-case hex digits expected, as openline party show prints them");
  }
}

async function show(file: string, { json }: { readonly json?: true }): Promise<void> {
  const read = await readKeyFile(file);
  const label = fileOf(
    file,
    refusable(() => labelOf(read)),
  );
  const { kind, party, name, protection } = label;
  const kid = kind === "person" ? toHex(label.public) : kidOf(nativeSuite, label.public);
  if (json === true) return printJson({ kind, party, name, kid, protection });
  printLines([
    `${kind} key ${name} of ${party}, ${kind === "person" ? "commitment" : "key"} ${kid}, protected by ${protection === "none" ? "NOTHING" : `a ${protection}`}`,
  ]);
}

function fileOf<T>(file: string, result: Result<T>): T {
  if (!result.ok) throw refused({ ...result.refusal, detail: `${file}: ${result.refusal.detail}` });
  return result.value;
}

async function person(file: string, options: KeyOptions & { readonly json?: true }): Promise<void> {
  const { label, secret } = await loadKeyFile(file, unlockerOf(options));
  if (label.kind !== "person") throw new Ended(EXIT.usage, `${file} is a ${label.kind} key; a .person file is needed`);
  const { salt, name } = fileOf(
    file,
    refusable(() => decodePersonSecret(secret)),
  );
  const opened = { party: label.party, commitment: toHex(label.public), salt: toHex(salt), person: name };
  if (options.json === true) printJson(opened);
  else printLines(Object.entries(opened).map(([key, value]) => `${key.padEnd(11)} ${value}`));
}

async function protect(
  file: string,
  options: KeyOptions & { readonly withCredential?: string; readonly withPassphraseFile?: string },
): Promise<void> {
  const label = fileOf(file, await refusableAsync(async () => labelOf(await readKeyFile(file))));
  if (options.withCredential !== undefined && label.kind !== "node")
    throw new Ended(EXIT.usage, "only node.keys is opened without a person; other keys stay under a passphrase");
  const { withCredential, withPassphraseFile } = options;
  const chosen: KeyOptions = {
    ...(withCredential === undefined ? {} : { credential: withCredential }),
    ...(withPassphraseFile === undefined ? {} : { passphraseFile: [{ name: undefined, from: withPassphraseFile }] }),
  };
  await protectAnew(file, unlockerOf(options), await protectionOf(chosen)(label));
  printLines([`${file} is now protected by ${withCredential === undefined ? "the new passphrase" : "the credential"}`]);
}

async function make(
  options: KeyOptions & { readonly party: string; readonly name: string; readonly person: string; readonly out: string },
): Promise<void> {
  const { party, name, out } = options;
  const protect = await protectionOf(options)({ kind: "directory", party, name, public: new Uint8Array(32) });
  await makeDirectoryKey({ party, name, person: options.person, out, protect });
  printLines([`${out}: directory key ${name} of ${party}; enrol it with openline key add --new-key ${out}`]);
}

async function add(options: ActOptions & { readonly newKey?: string; readonly node?: true }): Promise<void> {
  const { newKey } = options;
  if ((newKey === undefined) === (options.node === undefined)) throw new Ended(EXIT.usage, "--new-key FILE, or --node");
  if (newKey === undefined) return addNode(options);
  await place(options, async (line, unlocker) => {
    const added = await loadSigningKey(newKey, { kind: "directory", party: line.party.id }, unlocker);
    const opening = labelOf(await readKeyFile(`${newKey}.person`));
    return sayKeyAdd(line, added, opening.public);
  });
}

/** The key is kept before anybody is told of it, and the running node has it before its log says that it counts. */
async function addNode(options: ActOptions): Promise<void> {
  const { dir } = options;
  const others: Kid[] = [];
  await place(options, async ({ accord }, unlocker) => {
    const made = await keepNewNodeKey(await readLineInForce(dir), unlocker);
    others.push(...made.others);
    if ((await controlOf(dir)) !== undefined) await askNode(dir, (client) => client.takeNodeKey(accord.line, base64(made.seed)));
    if (options.json === undefined) printLines([`node key ${made.kid} is in node.keys: copy that file to where its copies are`]);
    return made.said;
  });
  if (options.json === undefined)
    printLines(others.map((kid) => `to take the one before away: openline key revoke --dir ${dir} --kid ${kid} --directory-key FILE`));
}

/** A mistyped id would leave the key that was meant in force, and say that all is well. */
async function revoke(options: ActOptions & { readonly kid: Kid; readonly unknown?: true }): Promise<void> {
  if (options.unknown === undefined) {
    const { log } = await readLineInForce(options.dir);
    const enrolled = log.ring.keys.get(options.kid);
    if (enrolled === undefined)
      throw new Ended(
        EXIT.refused,
        `no key ${options.kid} is enrolled in our log; if it was in a log that is lost, say so with --unknown. Enrolled: ${[...log.ring.keys.keys()].join(", ")}`,
      );
    if (enrolled.revokedAt !== null) throw new Ended(EXIT.refused, `key ${options.kid} has been taken away before`);
  }
  await place(options, async () => sayKeyRevoke(options.kid));
}

type Say = (line: InForce, unlocker: Unlocker) => Promise<ReturnType<typeof sayKeyRevoke>>;

async function place(options: ActOptions, say: Say): Promise<void> {
  const unlocker = unlockerOf(options);
  const { index, leaf } = await placeOfDirectory(options.dir, unlocker, async (line) => {
    const keys: SigningKey[] = [];
    for (const file of options.directoryKey) keys.push(await loadSigningKey(file, { kind: "directory", party: line.party.id }, unlocker));
    return { said: await say(line, unlocker), keys };
  });
  if (options.json === true) printJson({ index, leaf });
  else printLines([`entry ${index} of our log, leaf ${leaf}`]);
}
