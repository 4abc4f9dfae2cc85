import type { Command } from "commander";
import {
  type Language,
  type LineRecord,
  type Moment,
  type PastState,
  type Placed,
  type Shown,
  type UnixSeconds,
  type WordsOf,
  VERDICT_SIGNS,
  actsOf,
  catalogueOf,
  formatTime,
  logLabel,
  moments,
  parseUnixSeconds,
  pastState,
  readingView,
  readingsAt,
  remarked,
  renderReading,
  renderReason,
  renderText,
  shownEntry,
  stateView,
  statesChanged,
  timeText,
  trackOf,
  visibleLine,
  wholeRange,
} from "@openline/core";
import { type LineSnapshot, nativeSuite, readFolder, recordOf, recordsThen, snapshotOf, wordsOf } from "@openline/node/operate";
import { EXIT, Ended } from "./exit.ts";
import { firstWords } from "./first-words.ts";
import { languageOption, timeOption } from "./options.ts";
import { printJson, printLines } from "./output.ts";
import { nameIn } from "./status.ts";

interface HistoryOptions {
  readonly dir: string;
  readonly from?: UnixSeconds;
  readonly until?: UnixSeconds;
  readonly knownThen?: true;
  readonly channel?: string;
  readonly language: Language;
  readonly json?: true;
}

/** `openline history`: what was open when, and what was said meanwhile, computed from the record in a party's folder. */
export function historyCommand(program: Command): void {
  program
    .command("history")
    .description("compute what the state of every channel was over a time, step by step, and what was said meanwhile")
    .requiredOption("--dir <dir>", "the party's folder")
    .option("--from <time>", "from this time (default: the ceremony)", timeOption)
    .option("--until <time>", "until this time (default: now, or the last entry where that is later)", timeOption)
    .option("--known-then", "at each instant from what had been placed by it only (default: as known now)")
    .option("--channel <id>", "this channel only")
    .option("--language <language>", "en or zh", languageOption, "en")
    .option("--json", "print the steps as JSON")
    .action(async (options: HistoryOptions) => {
      const folder = await readFolder(options.dir);
      try {
        const snapshot = await snapshotOf(folder);
        const past = pastOf(snapshot, options);
        if (options.json === true) printJson(jsonOf(snapshot, past));
        else printLines(linesOf(snapshot, past, options.language));
      } finally {
        await folder.store.close();
      }
    });
}

/** A time at which a state became another one, or something was said. */
interface Step {
  readonly moment: Moment;
  readonly channels: readonly PastState[];
  readonly said: readonly Shown[];
  /** Whether a reading of "open" has another result than in the step before. */
  readonly readings: boolean;
}
interface Past {
  readonly range: { readonly from: number; readonly until: number };
  readonly known: "now" | "then";
  readonly steps: readonly Step[];
}

function pastOf(snapshot: LineSnapshot, { from, until, knownThen, channel }: HistoryOptions): Past {
  const record = recordOf(nativeSuite, snapshot);
  const number = numberOf(record, channel);
  const whole = wholeRange(record, Math.floor(Date.now() / 1000));
  const range = { from: from ?? whole.from, until: until ?? whole.until };
  if (range.from > range.until) throw new Ended(EXIT.usage, "--from: not after --until");
  const known = knownThen === true ? recordsThen(nativeSuite, snapshot).at : () => record;
  const words = wordsOf(nativeSuite, snapshot);
  const acts = actsOf(record);
  const steps: Step[] = [];
  let before: ReadonlyMap<string, PastState> | undefined;
  let read = "";
  for (const moment of moments(known, acts, range)) {
    const now = statesThen(moment, words).filter(({ id }) => channel === undefined || id === channel);
    const channels = statesChanged(before, now);
    const said = (acts.bySecond.get(moment.at) ?? [])
      .filter(({ header }) => number === undefined || header?.channel === number)
      .flatMap((act) => shownOf(act, { snapshot, record, words }) ?? []);
    const readings = channel === undefined ? readingsText(moment) : read;
    if (before === undefined || channels.length + said.length > 0 || readings !== read)
      steps.push({ moment, channels, said, readings: readings !== read });
    before = new Map(now.map((state) => [state.id, state]));
    read = readings;
  }
  return { range, known: knownThen === true ? "then" : "now", steps };
}

/** The channel of an accord, or of a later one in force; undefined: all. */
function numberOf(record: LineRecord, id: string | undefined): number | undefined {
  if (id === undefined) return undefined;
  const track = [...record.channels.values()].find(({ terms }) => terms.id === id);
  if (track === undefined) throw new Ended(EXIT.usage, `the accord has no channel ${id}`);
  return track.terms.number;
}

const statesThen = ({ record, states }: Moment, words: WordsOf): readonly PastState[] =>
  states.map((state) => pastState(stateView(record, state, { validUntil: null, words })));

const readingsOf = ({ record, at, states }: Moment) => readingsAt(record, at, states);
const readingsText = (moment: Moment): string => JSON.stringify(readingsOf(moment).map((reading) => readingView(moment.record, reading)));

function shownOf(
  { log, index }: Placed,
  { snapshot, record, words }: { readonly snapshot: LineSnapshot; readonly record: LineRecord; readonly words: WordsOf },
): Shown | undefined {
  const stored = snapshot.logs.get(log.id)?.[index];
  return stored === undefined ? undefined : shownEntry({ record, log: logLabel(record, log), stored, words });
}

const secondText = (seconds: number): string => formatTime(parseUnixSeconds(seconds));

/** As the API gives it, whole. */
const jsonOf = ({ accord }: LineSnapshot, { range, known, steps }: Past): unknown => ({
  line: accord.line,
  from: secondText(range.from),
  until: secondText(range.until),
  known,
  steps: steps.map(({ moment, channels, said, readings }) => ({
    at: secondText(moment.at),
    channels,
    readings: readings ? readingsOf(moment).map((reading) => readingView(moment.record, reading)) : [],
    said: said.map(({ view }) => view),
    moreSaid: 0,
  })),
  next: null,
});

function linesOf(snapshot: LineSnapshot, { steps }: Past, language: Language): readonly string[] {
  const { verdicts, kinds, sentences } = catalogueOf(language);
  const partyName = (id: unknown): string => nameIn(snapshot.accord.parties.find((party) => party.id === id)?.file.name, language);
  const channelLines = ({ at, record, states }: Moment, { id }: PastState): readonly string[] =>
    states
      .filter((state) => state.id === id)
      .flatMap((state) => {
        const name = visibleLine(nameIn(trackOf(record, id).terms.name, language));
        const context = { language, at, partyName: (position: number) => nameIn(snapshot.accord.parties[position]?.file.name, language) };
        return [
          `  ${remarked(name, [id], language)}: ${VERDICT_SIGNS[state.verdict]} ${verdicts[state.verdict]}`,
          ...state.reasons.map((reason) => `    ${renderReason(reason, context)}`),
        ];
      });
  const saidLine = ({ view }: Shown): string => {
    const kind = Object.entries(kinds).find(([name]) => name === view["kind"])?.[1] ?? String(view["kind"] ?? view["refusal"]);
    return `  ${[`${view.log}/${view.index}`, visibleLine(partyName(view["party"])), kind, firstWords(view, language)].join("  ").trimEnd()}`;
  };
  const exercise = snapshot.accord.terms.mode === "exercise" ? [sentences.exercise, ""] : [];
  const blocks = steps.flatMap(({ moment, channels, said, readings }) => [
    timeText(parseUnixSeconds(moment.at)),
    ...channels.flatMap((state) => channelLines(moment, state)),
    ...said.map(saidLine),
    ...(readings ? readingsOf(moment).map((reading) => `  ${renderText([renderReading(reading, language)], language)}`) : []),
    "",
  ]);
  return [...exercise, ...blocks];
}
