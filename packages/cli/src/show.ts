import { type Command, InvalidArgumentError } from "commander";
import { KIND_NAMES, type Language, type Shown, logLabel, shownEntry } from "@openline/core";
import { type LineSnapshot, nativeSuite, readFolder, recordOf, snapshotOf, wordsOf } from "@openline/node/operate";
import { EXIT, Ended } from "./exit.ts";
import { entryOption, languageOption } from "./options.ts";
import { printJson, printLines } from "./output.ts";

interface ShowOptions {
  readonly dir: string;
  readonly language: Language;
  readonly kind?: string;
  readonly json?: true;
}

/** `openline show`: entries of a party's record, one or all, in words. */
export function showCommand(program: Command): void {
  program
    .command("show")
    .description("show entries of a party's record in words")
    .argument("[entry]", "LOG/INDEX, such as usa/17 (default: every act that people signed)", entryOption)
    .requiredOption("--dir <dir>", "the party's folder")
    .option("--kind <kind>", "only acts of this kind, such as call-request or refusal", kindOption)
    .option("--language <language>", "en or zh", languageOption, "en")
    .option("--json", "print as JSON")
    .action(async (entry: ReturnType<typeof entryOption> | undefined, options: ShowOptions) => {
      const folder = await readFolder(options.dir);
      try {
        const snapshot = await snapshotOf(folder);
        const shown = shownEntries(snapshot, { entry, kind: options.kind });
        if (entry !== undefined && shown.length === 0) throw new Ended(EXIT.usage, `no entry ${entry.log}/${entry.index}`);
        if (options.json === true) printJson(entry === undefined ? shown.map(({ view }) => view) : shown[0]?.view);
        else printLines(shown.flatMap((item) => textOf(item, options.language)));
      } finally {
        await folder.store.close();
      }
    });
}

/** Where it stands, what it says, what has become of it, and a line between. */
function textOf({ view, text, track }: Shown, language: Language): readonly string[] {
  const became = track(language);
  return [`${view.log}/${view.index}  ${view.leaf}`, text(language), ...(became === "" ? [] : [became]), ""];
}

/** A kind of this version, or `unknown` with the number of a later one, as it is shown. */
function kindOption(text: string): string {
  if (KIND_NAMES.some((name) => name === text) || /^unknown \d+$/.test(text)) return text;
  throw new InvalidArgumentError(`no kind of act is called "${text}"; see openline act --help`);
}

function shownEntries(
  snapshot: LineSnapshot,
  which: { readonly entry: ReturnType<typeof entryOption> | undefined; readonly kind: string | undefined },
): readonly Shown[] {
  const record = recordOf(nativeSuite, snapshot);
  const words = wordsOf(nativeSuite, snapshot);
  const out: Shown[] = [];
  for (const [id, entries] of snapshot.logs) {
    const track = record.logs.get(id);
    if (track === undefined) continue;
    const log = logLabel(record, track);
    for (const stored of entries) {
      if (which.entry !== undefined && (which.entry.log !== log || which.entry.index !== stored.index)) continue;
      const shown = shownEntry({ record, log, stored, words });
      const wanted = which.entry !== undefined || (which.kind === undefined ? shown.signedByPeople : shown.view["kind"] === which.kind);
      if (wanted) out.push(shown);
    }
  }
  return out.toSorted((a, b) => String(a.view["placed"]).localeCompare(String(b.view["placed"])));
}
