import { resolve } from "node:path";
import type { Command } from "commander";
import type { Draft, NodeClient } from "@openline/api";
import { type Hand, type Role, fromHex, parseTime, signAct } from "@openline/core";
import { EXIT, Ended } from "../exit.ts";
import { draftOption } from "../options.ts";
import { printJson, printLines } from "../output.ts";
import { withKeyOptions } from "../passphrases.ts";
import { cautions, draftLine, letGoLine, readingOf } from "./draft-text.ts";
import { type HandOptions, handsFor, watchKeysOf } from "./hands.ts";
import { askNode } from "./node-client.ts";
import { theLine } from "./say.ts";
import { base64 } from "./through-node.ts";

interface SignOptions extends HandOptions {
  readonly dir: string;
  readonly line?: string;
  readonly json?: true;
}

type Which = ReturnType<typeof draftOption>;

/** `openline draft sign`: the author's signature over the version that stands. */
export function signCommand(draft: Command): void {
  withKeyOptions(
    draft
      .command("sign")
      .description("sign a draft as its author: from then on it waits for release")
      .argument("<draft>", "NUMBER, or NUMBER/VERSION: the version that is meant, where it is not the one that stands", draftOption)
      .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
      .option("--line <line>", "which line, where the node serves several")
      .option("--key <file>", "the author's watch key (an exercise's lies in its folder)")
      .option("--json", "print the draft as JSON"),
  ).action(async ({ number, version }: Which, options: SignOptions) => {
    const dir = resolve(options.dir);
    const signed = await askNode(dir, async (client) => {
      const line = await theLine(client, options.line);
      const draft = await client.draft(line.line, number, version === undefined ? {} : { version });
      if (draft.from === null) throw new Ended(EXIT.usage, "no post speaks in this draft");
      const [hand] = await handsFor(dir, draft.from, { ...(await watchKeysOf(line.party, options)), releaser: undefined });
      if (hand === undefined) throw new Ended(EXIT.usage, "--key FILE: the author's watch key");
      const act = await signedBy(client, line.line, draft, { ...hand, role: "author" });
      return client.signDraft(line.line, number, { version: draft.shown.version, act });
    });
    if (options.json === true) printJson(signed);
    else printLines([draftLine(signed)]);
  });
}

/** `openline release`: a second person signs exactly the bytes whose digest they read, and lets go of them. */
export function releaseCommand(program: Command): void {
  withKeyOptions(
    program
      .command("release")
      .description("release a draft as its second person: sign exactly what its author signed, and let go of it")
      .argument("<draft>", "NUMBER, or NUMBER/VERSION: the version that is meant, where it is not the one that stands", draftOption)
      .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
      .requiredOption("--digest <hex>", "the digest that openline draft show printed: at least its first 16 digits", digestOption)
      .option("--line <line>", "which line, where the node serves several")
      .option("--key <file>", "the releaser's watch key")
      .option("--post <post>", "the post whose key an exercise's folder holds")
      .option("--json", "print the draft as JSON"),
  ).action(async ({ number, version }: Which, options: SignOptions & { readonly digest: string; readonly post?: string }) => {
    const dir = resolve(options.dir);
    const { draft, released } = await askNode(dir, async (client) => {
      const line = await theLine(client, options.line);
      const found = await client.draft(line.line, number, version === undefined ? {} : { version });
      if (!readingOf(found).digest.startsWith(options.digest))
        throw new Ended(
          EXIT.refused,
          `refused: draft-behind: draft ${number} is another one than you read; look at it again with: openline draft show ${number}`,
        );
      const hand = await releaserOf(dir, line.party, options);
      const act = await signedBy(client, line.line, found, { ...hand, role: "releaser" });
      return { draft: found, released: await client.releaseDraft(line.line, number, { version: found.shown.version, act }) };
    });
    if (options.json === true) printJson(released);
    else printLines([...cautions(draft), `released; ${letGoLine(released, options.dir)}`]);
  });
}

function digestOption(text: string): string {
  if (!/^[0-9a-f]{16,64}$/.test(text))
    throw new Ended(EXIT.usage, "--digest: 16 to 64 lower-case hex digits, as openline draft show prints them");
  return text;
}

async function releaserOf(dir: string, party: string, options: SignOptions & { readonly post?: string }): Promise<Hand> {
  const { author: key } = await watchKeysOf(party, { ...options });
  if (key === undefined && options.post === undefined) throw new Ended(EXIT.usage, "--key FILE: the releaser's watch key");
  const [hand] = await handsFor(dir, options.post ?? "", { author: key, releaser: undefined });
  if (hand === undefined) throw new Ended(EXIT.usage, "--key FILE: the releaser's watch key");
  return hand;
}

/** An act over the bytes that were shown, with one signature. */
async function signedBy(client: NodeClient, line: string, draft: Draft, hand: Hand & { readonly role: Role }): Promise<string> {
  const { payload } = readingOf(draft);
  const { accordDigest, now } = await client.signing(line);
  return base64(signAct(payload, { accordDigest: fromHex(accordDigest), time: parseTime(now), hands: [hand] }));
}
