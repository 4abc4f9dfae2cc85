import type { KeyRequest } from "@openline/api";
import type { Command } from "commander";
import { type UnixSeconds, formatTime } from "@openline/core";
import { giveWatchKey, loadSigningKey, makeWatchKey, saltOfPerson } from "@openline/node/operate";
import { placeOfDirectory } from "./acting/directory.ts";
import { EXIT, Ended } from "./exit.ts";
import { askNode } from "./acting/node-client.ts";
import { bytesOf } from "./acting/through-node.ts";
import { theLine } from "./acting/say.ts";
import { several, timeOption } from "./options.ts";
import { printJson, printLines } from "./output.ts";
import { type KeyOptions, protectionOf, unlockerOf, withKeyOptions } from "./passphrases.ts";

interface AssignOptions extends KeyOptions {
  readonly dir: string;
  readonly post: readonly string[];
  readonly person: string;
  readonly until: UnixSeconds;
  readonly directoryKey: string;
  readonly out: string;
  readonly request?: string;
  readonly samePerson?: string;
  readonly plainKeys?: true;
  readonly json?: true;
}

/** `openline post assign`. */
export function postCommand(program: Command): void {
  const post = program.command("post").description("give posts to officers");
  withKeyOptions(
    post
      .command("assign")
      .description("make a watch key for one officer and one shift, and enrol it")
      .requiredOption("--dir <dir>", "the folder of the line")
      .requiredOption(
        "--post <id>",
        "a post the officer holds; may be given several times",
        several((text) => text),
      )
      .requiredOption("--person <name>", "the officer; the other side sees a salted commitment, your auditor can open it")
      .requiredOption("--until <time>", "when the shift ends, such as 2026-12-01T06:00:00Z", timeOption)
      .requiredOption("--directory-key <file>", "the directory key of the person who assigns")
      .requiredOption(
        "-o, --out <file>",
        "where the watch key goes; FILE.person beside it is for your auditor. With --request: only FILE.person",
      )
      .option("--request <kid>", "instead of making a key: the one that a console asked for, as openline post requests names it")
      .option(
        "--same-person <file>",
        "the .person file of a key that this officer has had: then nobody takes the two for two persons, and one never releases what the other drafted",
      )
      .option("--plain-keys", "write the watch key without protection: for drills, or where you say so")
      .option("--json", "print where the act came to stand as JSON"),
  ).action(assign);
  post
    .command("requests")
    .description("keys that consoles have made and asked for, to be given with openline post assign --request")
    .requiredOption("--dir <dir>", "the folder of the line, in which its node runs")
    .option("--json", "print as JSON")
    .action(async ({ dir, json }: { readonly dir: string; readonly json?: true }) => {
      const { requests } = await askNode(dir, async (client) => client.keyRequests((await theLine(client, undefined)).line));
      if (json === true) return printJson({ requests });
      printLines(requests.length === 0 ? ["No console waits for a key."] : requests.map(requestLine));
    });
}

const requestLine = ({ kid, post, asked }: KeyRequest): string => `${kid}  ${post}  asked ${asked}`;

async function assign(options: AssignOptions): Promise<void> {
  const unlocker = unlockerOf(options);
  const { post: posts, person, until, out } = options;
  if (until * 1000 <= Date.now())
    throw new Ended(EXIT.usage, `--until ${formatTime(until)} has passed: a key until then could sign nothing`);
  const placed = await placeOfDirectory(options.dir, unlocker, async (line) => {
    const directory = await loadSigningKey(options.directoryKey, { kind: "directory", party: line.party.id }, unlocker);
    const label = { kind: "watch" as const, party: line.party.id, name: posts.join("+"), public: new Uint8Array(32) };
    const { samePerson } = options;
    const salt = samePerson === undefined ? undefined : await saltOfPerson(samePerson, { party: line.party.id, person }, unlocker);
    const shift = { posts, person, salt, until, protect: await protectionOf(options)(label) };
    if (options.request === undefined) return { said: (await makeWatchKey(line, { ...shift, out })).said, keys: [directory] };
    const asked = await requestOf(options.dir, options.request);
    return { said: await giveWatchKey(line.party.id, { ...shift, ...asked, out: `${out}.person` }), keys: [directory] };
  });
  const made = options.request === undefined;
  if (options.json === true) return printJson({ index: placed.index, leaf: placed.leaf, key: made ? out : null });
  printLines([
    `${posts.join(" and ")}: ${made ? `watch key in ${out}` : `key ${options.request} of a console`}, until ${formatTime(until)}; entry ${placed.index} of our log`,
    `${out}.person opens the commitment; give it to your auditor and keep it from the node's machine.`,
  ]);
}

/** What the console with this key has asked the running node for. The person of the directory has compared the digits with whoever
 *  sits at it. */
async function requestOf(dir: string, kid: string): Promise<{ readonly key: Uint8Array; readonly possession: Uint8Array }> {
  const { requests } = await askNode(dir, async (client) => client.keyRequests((await theLine(client, undefined)).line));
  const found = requests.find((request) => request.kid === kid.replaceAll(" ", ""));
  if (found === undefined) throw new Ended(EXIT.refused, `no console waits for key ${kid}; see openline post requests --dir ${dir}`);
  return { key: bytesOf(found.key), possession: bytesOf(found.possession) };
}
