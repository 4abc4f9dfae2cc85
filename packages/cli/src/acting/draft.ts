import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { Draft, DraftState, DraftSummary, LineSummary, NodeClient } from "@openline/api";
import { type Kid, type Language, kidOf, refusable, renderText } from "@openline/core";
import { labelOf, nativeSuite, readKeyFile } from "@openline/node/operate";
import { refused } from "../exit.ts";
import { countOption, draftOption, languageOption } from "../options.ts";
import { printJson, printLines } from "../output.ts";
import { signCommand } from "./draft-sign.ts";
import { cautions, differences, draftLine, found, letGoLine, readingOf, rendered } from "./draft-text.ts";
import { askNode } from "./node-client.ts";
import { theLine } from "./say.ts";
import { unsentCommand } from "./unsent.ts";

interface OfLine {
  readonly dir: string;
  readonly line?: string;
  readonly json?: true;
}

const STATES: readonly DraftState[] = ["writing", "waiting", "returned", "leaving", "released", "placed", "withdrawn"];

/** `openline draft …`: what our own people write before it is said. A verb with `--draft` makes one. */
export function draftCommand(program: Command): void {
  const draft = program
    .command("draft")
    .description("drafts: list, read, sign, return, place, recall, withdraw; any verb that speaks makes one with --draft");
  listCommand(draft);
  showCommand(draft);
  signCommand(draft);
  unsentCommand(draft);
  stepCommand(draft, "return", "return a draft to its author, with a remark", (command) =>
    command.requiredOption("--remark <text>", "why it is not released"),
  );
  stepCommand(draft, "withdraw", "withdraw a draft: nobody goes on with it");
  stepCommand(draft, "place", "let go of what has been signed: where no second person is asked for, or what was released and not placed");
  stepCommand(draft, "recall", "take back what was let go of and is not placed yet: it waits again");
}

function listCommand(draft: Command): void {
  draft
    .command("list")
    .description("list the drafts that are not over")
    .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
    .option("--line <line>", "which line, where the node serves several")
    .addOption(new Option("--state <state>", "those of one state").choices([...STATES]))
    .option("--json", "print as JSON")
    .action(async (options: OfLine & { readonly state?: DraftState }) => {
      const drafts = await askNode(resolve(options.dir), async (client) => {
        const { line } = await theLine(client, options.line);
        return client.allDrafts(line, options.state === undefined ? {} : { state: options.state });
      });
      if (options.json === true) printJson(drafts);
      else printLines(drafts.length === 0 ? ["no draft"] : drafts.map(draftLine));
    });
}

type Which = ReturnType<typeof draftOption>;

interface ShowOptions extends OfLine {
  readonly since?: number;
  readonly key?: string;
  readonly language: Language;
}

function showCommand(draft: Command): void {
  draft
    .command("show")
    .description("read a draft as it would be signed")
    .argument("<draft>", "NUMBER, or NUMBER/VERSION for another version than the one that stands", draftOption)
    .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
    .option("--line <line>", "which line, where the node serves several")
    .option("--since <version>", "what differs from this version", countOption)
    .option("--key <file>", "your watch key, unopened: what differs from the version that you saw last, and that you have seen this one")
    .option("--language <language>", "en or zh", languageOption, "en")
    .option("--json", "print as JSON")
    .action(async (which: Which, options: ShowOptions) => {
      const kid = options.key === undefined ? undefined : await kidOfFile(options.key);
      const { line, found, before } = await askNode(resolve(options.dir), (client) => shownDraft(client, which, { ...options, kid }));
      if (options.json === true) printJson(found);
      else printLines(textOf(line, found, { before, dir: options.dir, language: options.language }));
    });
}

async function shownDraft(
  client: NodeClient,
  { number, version }: Which,
  options: ShowOptions & { readonly kid: Kid | undefined },
): Promise<{ readonly line: LineSummary; readonly found: Draft; readonly before: Draft | undefined }> {
  const { kid } = options;
  const line = await theLine(client, options.line);
  const found = await client.draft(line.line, number, version === undefined ? {} : { version });
  const seen = found.seen.find((item) => item.kid === kid)?.version;
  const isKept = found.versions.some(({ version }) => version === seen);
  const since = options.since ?? (isKept ? seen : undefined);
  const before =
    since === undefined || since === found.shown.version ? undefined : await client.draft(line.line, number, { version: since });
  if (kid !== undefined) await client.seeDraft(line.line, number, { version: found.shown.version, kid });
  return { line, found, before };
}

function textOf(
  line: LineSummary,
  draft: Draft,
  { before, dir, language }: { readonly before: Draft | undefined; readonly dir: string; readonly language: Language },
): readonly string[] {
  const reading = readingOf(draft);
  const lines = rendered(reading, line, language);
  const changed = before === undefined ? [] : differences(rendered(readingOf(before), line, language), lines, language);
  const beside = draft.versions
    .filter((version) => version.beside)
    .map(({ version, base }) => `${draft.draft}/${version} (made from ${draft.draft}/${base})`);
  return [
    draftLine(draft),
    ...(draft.shown.version === draft.version ? [] : [`this is ${draft.draft}/${draft.shown.version}, which does not stand`]),
    ...(beside.length === 0 ? [] : [`kept beside: ${beside.join(", ")}`]),
    "",
    renderText([...lines, ...found(draft, reading, language)], language),
    draft.shown.readBackCode,
    `digest ${reading.digest}`,
    ...(before === undefined ? [] : ["", `changed since ${draft.draft}/${before.shown.version}:`, ...changed]),
    ...["", ...cautions(draft)].slice(cautions(draft).length === 0 ? 1 : 0),
    ...nextStep(draft, reading.digest, dir),
  ];
}

function nextStep(draft: DraftSummary & Pick<Draft, "shown">, digest: string, dir: string): readonly string[] {
  if (draft.shown.version !== draft.version || draft.late) return [];
  const at = `${draft.draft}/${draft.version} --dir ${dir}`;
  if (draft.state === "waiting" && draft.twoPersons)
    return ["", `to release exactly this: openline release ${at} --digest ${digest.slice(0, 32)} --key FILE`];
  if (draft.state === "waiting" || draft.state === "released") return ["", `to place it: openline draft place ${at}`];
  return [];
}

async function kidOfFile(file: string): Promise<Kid> {
  const read = await readKeyFile(file);
  const label = refusable(() => labelOf(read));
  if (!label.ok) throw refused({ ...label.refusal, detail: `${file}: ${label.refusal.detail}` });
  return kidOf(nativeSuite, label.value.public);
}

function stepCommand(
  draft: Command,
  name: "return" | "withdraw" | "place" | "recall",
  about: string,
  more: (command: Command) => Command = (command) => command,
): void {
  more(
    draft
      .command(name)
      .description(about)
      .argument("<draft>", "NUMBER, or NUMBER/VERSION for another version than the one that stands", draftOption)
      .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
      .option("--line <line>", "which line, where the node serves several")
      .option("--json", "print as JSON"),
  ).action(async ({ number, version: given }: Which, options: OfLine & { readonly remark?: string }) => {
    const done = await askNode(resolve(options.dir), async (client) => {
      const { line } = await theLine(client, options.line);
      const version = given ?? (await client.draft(line, number)).version;
      if (name === "return") return client.returnDraft(line, number, { version, remark: options.remark?.normalize("NFC") ?? "" });
      if (name === "withdraw") return client.withdrawDraft(line, number, { version });
      return name === "recall" ? client.recallDraft(line, number, { version }) : client.placeDraft(line, number, { version });
    });
    if (options.json === true) printJson(done);
    else printLines([name === "place" ? letGoLine(done, options.dir) : draftLine(done)]);
  });
}
