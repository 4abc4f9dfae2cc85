import type { Command } from "commander";
import {
  type Language,
  type UnixSeconds,
  type ChannelState,
  catalogueOf,
  parseUnixSeconds,
  readingsAt,
  renderChannel,
  renderReading,
  renderText,
  statesAt,
  trackOf,
  validUntil,
} from "@openline/core";
import { type LineSnapshot, cutAt, nativeSuite, readFolder, recordOf, snapshotOf, statusOf } from "@openline/node/operate";
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
  const block = (state: ChannelState): string => {
    const until = validUntil(record, trackOf(record, state.id), state);
    const channelName = nameIn(trackOf(record, state.id).terms.name, language);
    return renderText(
      renderChannel(state, { language, at, partyName, channelName, validUntil: until === null ? null : parseUnixSeconds(until) }),
      language,
    );
  };
  const exercise = snapshot.accord.terms.mode === "exercise" ? [catalogueOf(language).sentences.exercise, ""] : [];
  const readings =
    options.channel === undefined ? readingsAt(record, at).map((reading) => renderText([renderReading(reading, language)], language)) : [];
  return [...exercise, ...states.flatMap((state) => [block(state), ""]), ...readings];
}

const nameIn = (names: Readonly<Record<string, string>> | undefined, language: Language): string =>
  names?.[language] ?? Object.values(names ?? {})[0] ?? "";
