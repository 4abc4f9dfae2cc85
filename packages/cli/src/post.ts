import type { Command } from "commander";
import { type UnixSeconds, formatTime } from "@openline/core";
import { loadSigningKey, makeWatchKey } from "@openline/node/operate";
import { placeOfDirectory } from "./acting/directory.ts";
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
      .requiredOption("-o, --out <file>", "where the watch key goes; FILE.person beside it is for your auditor")
      .option("--plain-keys", "write the watch key without protection: for drills, or where you say so")
      .option("--json", "print where the act came to stand as JSON"),
  ).action(assign);
}

async function assign(options: AssignOptions): Promise<void> {
  const unlocker = unlockerOf(options);
  const { post: posts, person, until, out } = options;
  const placed = await placeOfDirectory(options.dir, unlocker, async (line) => {
    const directory = await loadSigningKey(options.directoryKey, { kind: "directory", party: line.party.id }, unlocker);
    const label = { kind: "watch" as const, party: line.party.id, name: posts.join("+"), public: new Uint8Array(32) };
    const { said } = await makeWatchKey(line, { posts, person, until, out, protect: await protectionOf(options)(label) });
    return { said, keys: [directory] };
  });
  if (options.json === true) return printJson({ index: placed.index, leaf: placed.leaf, key: out });
  printLines([
    `${posts.join(" and ")}: watch key in ${out}, until ${formatTime(until)}; entry ${placed.index} of our log`,
    `${out}.person opens the commitment; give it to your auditor and keep it from the node's machine.`,
  ]);
}
