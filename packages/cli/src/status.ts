import type { Command } from "commander";
import {
  type Language,
  type UnixSeconds,
  type ChannelState,
  type Line,
  type LineRecord,
  type WordsOf,
  accordView,
  catalogueOf,
  parseUnixSeconds,
  readingsAt,
  renderAccord,
  renderChannel,
  renderReading,
  renderText,
  stateView,
  statesAt,
  trackOf,
  validUntil,
  visible,
  visibleLine,
} from "@openline/core";
import { type LineSnapshot, cutAt, nativeSuite, readFolder, recordOf, snapshotOf, statusOf, wordsOf } from "@openline/node/operate";
import { EXIT, Ended } from "./exit.ts";
import { languageOption, timeOption } from "./options.ts";
import { printJson, printLines } from "./output.ts";

interface StatusOptions {
  readonly dir: string;
  readonly at?: UnixSeconds;
  readonly knownAt?: UnixSeconds;
  readonly language: Language;
  readonly channel?: string;
  readonly json?: true;
}

/** `openline status`: what is open, computed from the record in a party's folder. */
export function statusCommand(program: Command): void {
  program
    .command("status")
    .description("compute the state of every channel from a party's record")
    .requiredOption("--dir <dir>", "the party's folder")
    .option("--at <time>", "as of this time, as known now (default: now)", timeOption)
    .option("--known-at <time>", "from what had been placed by this time only", timeOption)
    .option("--channel <id>", "this channel only")
    .option("--language <language>", "en or zh", languageOption, "en")
    .option("--json", "print the states as JSON")
    .action(async (options: StatusOptions) => {
      const folder = await readFolder(options.dir);
      try {
        const whole = await snapshotOf(folder);
        const snapshot = options.knownAt === undefined ? whole : cutAt(whole, options.knownAt);
        const at = options.at ?? parseUnixSeconds(Math.floor(Date.now() / 1000));
        if (options.json === true) printStatus(snapshot, at, options.channel);
        else printLines(statusLines(snapshot, at, options));
      } finally {
        await folder.store.close();
      }
    });
}

function printStatus(snapshot: LineSnapshot, at: UnixSeconds, channel: string | undefined): void {
  const status = statusOf(nativeSuite, snapshot, at);
  const channels = status.channels.filter((state) => channel === undefined || state.id === channel);
  if (channels.length === 0) throw new Ended(EXIT.usage, `the accord has no channel ${channel ?? ""}`);
  printJson({ ...status, channels });
}

function statusLines(snapshot: LineSnapshot, at: UnixSeconds, options: StatusOptions): readonly string[] {
  const { language } = options;
  const record = recordOf(nativeSuite, snapshot);
  const states = statesAt(record, at).filter((state) => options.channel === undefined || state.id === options.channel);
  if (states.length === 0) throw new Ended(EXIT.usage, `the accord has no channel ${options.channel ?? ""}`);
  const partyName = (position: number): string => nameIn(snapshot.accord.parties[position]?.file.name, language);
  const words = wordsOf(nativeSuite, snapshot);
  const block = (state: ChannelState): string => {
    const track = trackOf(record, state.id);
    const until = validUntil(record, track, state);
    const validTo = until === null ? null : parseUnixSeconds(until);
    const lines = renderChannel(state, { language, at, partyName, channelName: nameIn(track.terms.name, language), validUntil: validTo });
    return renderText([...lines, ...groundLines(record, state, { language, words, partyName })], language);
  };
  const exercise = snapshot.accord.terms.mode === "exercise" ? [catalogueOf(language).sentences.exercise, ""] : [];
  const readings =
    options.channel === undefined ? readingsAt(record, at).map((reading) => renderText([renderReading(reading, language)], language)) : [];
  const accord =
    options.channel === undefined
      ? renderAccord(accordView(record), { language, partyName: (id) => nameIn(fileOf(snapshot, id)?.name, language) })
      : [];
  const amended = accord.length === 0 ? [] : [renderText(accord, language), ""];
  return [...exercise, ...amended, ...states.flatMap((state) => [block(state), ""]), ...readings];
}

const fileOf = ({ accord }: LineSnapshot, id: string) => accord.parties.find((party) => party.id === id)?.file;
/** A name in the reader's language, or in whichever comes first. */
export const nameIn = (names: Readonly<Record<string, string>> | undefined, language: Language): string =>
  names?.[language] ?? Object.values(names ?? {})[0] ?? "";

/** What the parties that suspended said: their ground and their conditions, in the reader's language where they gave it. */
function groundLines(
  record: LineRecord,
  state: ChannelState,
  context: { readonly language: Language; readonly words: WordsOf; readonly partyName: (position: number) => string },
): readonly Line[] {
  const { bodyWords } = catalogueOf(context.language);
  const { standing } = stateView(record, state, { validUntil: null, words: context.words });
  return record.accord.parties.flatMap(({ id: party }, position) => {
    const said = (key: "ground" | "conditions"): readonly Line[] =>
      [standing[key][party]].flat().flatMap((texts) => {
        const text = textIn(texts, context.language);
        return text === undefined
          ? []
          : [{ label: `${bodyWords[key]} (${visibleLine(context.partyName(position))})`, text: visible(text) }];
      });
    return [...said("ground"), ...said("conditions")];
  });
}

function textIn(texts: unknown, language: Language): string | undefined {
  if (typeof texts !== "object" || texts === null) return undefined;
  const entries = Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return (entries.find(([tag]) => tag === language) ?? entries[0])?.[1];
}
