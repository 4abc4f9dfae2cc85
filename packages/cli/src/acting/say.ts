import { resolve } from "node:path";
import { Command } from "commander";
import type { ActPlaced, DraftSummary, EntryShown, LineSummary, NodeClient } from "@openline/api";
import {
  type LeafHash,
  PRECEDENCES,
  type Precedence,
  parseChannelNumber,
  parseLeafHash,
  parsePostId,
  type Said,
  repliesToItself,
  replyAddress,
} from "@openline/core";
import { EXIT, Ended } from "../exit.ts";
import { draftOption, entryOption, several, timeOption } from "../options.ts";
import { printJson, printLines } from "../output.ts";
import { withKeyOptions } from "../passphrases.ts";
import { attachAll, attachOption } from "./attach.ts";
import { type DraftOptions, keepDraft, keptLine } from "./draft-write.ts";
import { type HandOptions, type WatchKeys, handsFor, postsOf, watchKeysOf } from "./hands.ts";
import { askNode } from "./node-client.ts";
import { type Saying, addWordOptions, bodyOf, sayWords } from "./options.ts";
import { placeThroughNode } from "./through-node.ts";
import { VERBS, type Verb } from "./verbs.ts";
import { type InLanguage, textFileOption, textOption, textsOf } from "./word-options.ts";

/** Options of every verb. */
interface SayOptions extends HandOptions, DraftOptions {
  readonly dir: string;
  readonly line?: string;
  readonly channel?: string;
  readonly precedence?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly text?: readonly InLanguage[];
  readonly textFile?: readonly InLanguage[];
  readonly attach?: readonly ReturnType<typeof attachOption>[];
  readonly json?: true;
}
type Ref = ReturnType<typeof entryOption>;

/** One command for each verb: the act is put together and signed here, with the post's key, and goes in through the running node. */
export function actingCommands(program: Command): void {
  const groups = new Map<string, Command>();
  for (const verb of VERBS) {
    const [first = "", second] = verb.name.split(" ");
    if (second === undefined) verbCommand(program, first, verb);
    else {
      let group = groups.get(first);
      if (group === undefined)
        groups.set(first, (group = program.command(first).description(`everything about ${first === "call" ? "a call" : first}`)));
      verbCommand(group, second, verb);
    }
  }
}

function verbCommand(parent: Command, name: string, verb: Verb): void {
  const command = parent.command(name).description(verb.about);
  if (verb.ref !== "none") {
    const argument = verb.ref === "required" ? "<entry>" : "[entry]";
    command.argument(argument, "the entry it refers to: LOG/INDEX, such as usa/17", entryOption);
  }
  command
    .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
    .option("--channel <id>", verb.ref === "required" ? "channel (default: that of the entry)" : "channel")
    .option("--from <post>", "the post that speaks (default: the only one that can)")
    .option(
      "--to <post>",
      "a post addressed; once for each",
      several((text: string) => text),
    )
    .option("--precedence <word>", "ROUTINE, PRIORITY, IMMEDIATE or FLASH (default: that of the entry, or ROUTINE)")
    .option("--text <text>", "what is said; once for each language, as zh=…", several(textOption))
    .option("--text-file <file>", "the same from a file, also as zh=FILE; - is standard input", several(textFileOption))
    .option("--attach <file>", "a file that goes beside it, also as TYPE/SUBTYPE=FILE; once for each", several(attachOption))
    .option("--key <file>", "the watch key that signs (an exercise's lies in its folder)")
    .option("--releaser-key <file>", "the watch key of the second person, where the channel asks for two")
    .option("--draft [draft]", "place nothing: keep it as a new draft, or as one made from NUMBER/VERSION, such as 3/2", draftOption)
    .option("--not-after <time>", "when a draft is no longer to be placed (default: in 12 hours)", timeOption)
    .option("--json", "print where the act came to stand as JSON");
  withKeyOptions(command);
  addWordOptions(command, verb);
  command.action(async (...given: unknown[]) => {
    const [ref, options] = verb.ref === "none" ? [undefined, given[0]] : [given[0], given[1]];
    await say(verb, ref as Ref | undefined, options as SayOptions & Readonly<Record<string, unknown>>);
  });
}

async function say(verb: Verb, ref: Ref | undefined, options: SayOptions & Readonly<Record<string, unknown>>): Promise<void> {
  const dir = resolve(options.dir);
  let about: EntryShown | undefined;
  const done = await askNode(dir, async (client): Promise<ActPlaced | DraftSummary> => {
    const line = await theLine(client, options.line);
    const entry = ref === undefined ? undefined : await theEntry(client, line, ref);
    about = entry;
    refuseOwn(verb, line, entry);
    const keys = await watchKeysOf(line.party, options);
    const said = saidBy(verb, { line, entry, options, keys });
    const saying = wordsOf(verb, line, options);
    const hands = options.draft === undefined ? await handsFor(dir, said.from, keys) : [];
    if (options.attach !== undefined) saying.body.set("attachments", await attachAll(client, line.line, options.attach));
    const act = { said: { ...said, facts: saying.facts }, body: bodyOf(saying) };
    return options.draft === undefined
      ? placeThroughNode(client, line.line, { ...act, hands })
      : keepDraft(client, line.line, { ...act, options });
  });
  if (options.json === true) printJson(done);
  else if ("draft" in done) printLines([keptLine(done, options.dir)]);
  else printLines([`placed as ${done.log}/${done.index}, leaf ${done.leaf}`, ...referred(about)]);
}

/** Nobody acknowledges or answers its own words, and whoever gave a wrong number reads it before anything is signed. */
function refuseOwn({ name, kind }: Verb, line: LineSummary, entry: EntryShown | undefined): void {
  if (entry === undefined) return;
  const { party, kind: of }: Readonly<Record<string, unknown>> = entry;
  if (!repliesToItself(kind, { party: line.party, about: [{ party, kind: of }] })) return;
  throw new Ended(
    EXIT.usage,
    `${entry.log}/${entry.index} is an act of our own party, and ${name} is for one of the other side: choose that`,
  );
}

/** What the act refers to, so that a wrong number shows at once. */
function referred(entry: EntryShown | undefined): readonly string[] {
  if (entry === undefined) return [];
  const fields: Readonly<Record<string, unknown>> = entry;
  return [
    `refers to ${entry.log}/${entry.index}: ${String(fields["precedence"])} ${String(fields["kind"])}, placed ${String(fields["placed"])}`,
  ];
}

/** The entry that a reply refers to. A short name is that of the party's present log: where a log of theirs that is closed has another
 *  act of that number, and it waits in our inbox, nobody can say which of the two was read. */
async function theEntry(client: NodeClient, { line }: LineSummary, ref: Ref): Promise<EntryShown> {
  const entry = await client.entry(line, ref);
  const { items } = ref.log.includes("@") ? { items: [] } : await client.wholeInbox(line);
  const other = items.find((item) => item.entry.index === ref.index && item.entry.log.startsWith(`${ref.log}@`));
  if (other === undefined) return entry;
  const name = ({ log, index }: Ref): string => `${log}/${index}`;
  throw new Ended(
    EXIT.usage,
    `${name(ref)} may mean ${name(other.entry)}, of a log that has ended, which waits in the inbox: reply to that one by its full name first`,
  );
}

export async function theLine(client: NodeClient, name: string | undefined): Promise<LineSummary> {
  const lines = await client.allLines();
  const found = name === undefined ? lines : lines.filter(({ line, party }) => line === name || party === name);
  const [line] = found;
  if (line === undefined) throw new Ended(EXIT.usage, `this node serves no line ${name ?? ""}`);
  if (found.length > 1) throw new Ended(EXIT.usage, "this node serves several lines; say which with --line");
  return line;
}

type PostSaid = Said & { readonly from: NonNullable<Said["from"]> };

/** Where the act stands and who is addressed: what is not said follows from the entry it refers to. */
function saidBy(verb: Verb, context: { line: LineSummary; entry: EntryShown | undefined; options: SayOptions; keys: WatchKeys }): PostSaid {
  const { line, options, keys } = context;
  const held = keys.author === undefined ? undefined : postsOf(keys.author);
  const about = aboutEntry(context.entry);
  const id = options.channel ?? about.channel;
  const channel = line.channels.find((item) => item.id === id);
  if (id !== undefined && channel === undefined)
    throw new Ended(EXIT.usage, `the accord has no channel ${id}; it has ${line.channels.map((item) => item.id).join(", ")}`);
  const refs: readonly LeafHash[] = context.entry === undefined ? [] : [parseLeafHash(context.entry.leaf)];
  return {
    kind: verb.kind,
    channel: parseChannelNumber(channel?.number ?? 0),
    precedence: precedenceOf(options.precedence ?? about.precedence),
    from: parsePostId(options.from ?? authorPost(line, { channel: id, addressed: about.to, held })),
    to: options.to ?? answeredTo(line, about),
    refs,
  };
}

/** What of an entry decides where a reply goes. */
interface About {
  readonly channel: string | undefined;
  readonly precedence: string | undefined;
  readonly party: string | undefined;
  readonly from: string | undefined;
  readonly to: readonly string[];
}

/** Nobody is addressed by what refers to our own act, or to that of no post. */
function answeredTo(line: LineSummary, { party, from: post }: About): readonly string[] {
  if (party === undefined || party === line.party || post === undefined) return [];
  return [replyAddress({ parties: line.parties.length, party, post })];
}

function aboutEntry(entry: EntryShown | undefined): About {
  const fields: Readonly<Record<string, unknown>> = entry ?? {};
  const text = (key: string): string | undefined => (typeof fields[key] === "string" ? fields[key] : undefined);
  const to = Array.isArray(fields["to"]) ? fields["to"].filter((item) => typeof item === "string") : [];
  return { channel: text("channel"), precedence: text("precedence"), party: text("party"), from: text("from"), to };
}

function precedenceOf(word: string | undefined): Precedence {
  const found = PRECEDENCES.find((precedence) => precedence === (word ?? "ROUTINE").toUpperCase());
  if (found === undefined) throw new Ended(EXIT.usage, `--precedence: one of ${PRECEDENCES.join(", ")}`);
  return found;
}

/** The post that speaks when none is named: of those that the key is for and that stand on the channel, the one addressed, else the
 *  only one. */
function authorPost(
  line: LineSummary,
  context: { readonly channel: string | undefined; readonly addressed: readonly string[]; readonly held: readonly string[] | undefined },
): string {
  const { channel, addressed, held } = context;
  const posts = line.parties.find(({ id }) => id === line.party)?.posts ?? [];
  const able = posts.filter((post) => (held?.includes(post.id) ?? true) && (channel === undefined || post.channels.includes(channel)));
  const called = able.filter(({ id }) => addressed.includes(id) || addressed.includes(`${line.party}/${id}`));
  const [post, another] = called.length > 0 ? called : able;
  if (post === undefined) throw new Ended(EXIT.usage, "no post of this party can speak there");
  if (another !== undefined) throw new Ended(EXIT.usage, `say which post speaks with --from: ${able.map(({ id }) => id).join(", ")}`);
  return post.id;
}

/** The act's words and facts, from the options of its verb. */
function wordsOf(verb: Verb, line: LineSummary, options: SayOptions & Readonly<Record<string, unknown>>): Saying {
  const own = line.parties.find(({ id }) => id === line.party)?.language ?? "en";
  const saying: Saying = { facts: {}, body: new Map(), own };
  const texts = [...(options.text ?? []), ...(options.textFile ?? [])];
  if (texts.some(({ text }) => text.trim() === "")) throw new Ended(EXIT.usage, "the text is empty");
  if (texts.length > 0) saying.body.set("text", textsOf(texts, own));
  sayWords(verb, options, saying);
  return saying;
}
