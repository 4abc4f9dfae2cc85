import type { Command } from "commander";
import {
  type Language,
  type LineRecord,
  decodeEntry,
  formatTime,
  plainWords,
  readBackCode,
  refusable,
  renderAct,
  renderText,
  logLabel,
  messageTrack,
  parseUnixSeconds,
} from "@openline/core";
import { type LineSnapshot, nativeSuite, readFolder, recordOf, snapshotOf, wordsOfEntry } from "@openline/node/operate";
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
    .option("--kind <kind>", "only acts of this kind, such as call-request or refusal")
    .option("--language <language>", "en or zh", languageOption, "en")
    .option("--json", "print as JSON")
    .action(async (entry: ReturnType<typeof entryOption> | undefined, options: ShowOptions) => {
      const folder = await readFolder(options.dir);
      try {
        const snapshot = await snapshotOf(folder);
        const shown = shownEntries(snapshot, { entry, kind: options.kind });
        if (entry !== undefined && shown.length === 0) throw new Ended(EXIT.usage, `no entry ${entry.log}/${entry.index}`);
        if (options.json === true) printJson(entry === undefined ? shown.map(({ view }) => view) : shown[0]?.view);
        else
          printLines(shown.flatMap((item) => [`${item.view.log}/${item.view.index}  ${item.view.leaf}`, item.text(options.language), ""]));
      } finally {
        await folder.store.close();
      }
    });
}

interface Shown {
  readonly view: { readonly log: string; readonly index: number; readonly leaf: string } & Readonly<Record<string, unknown>>;
  readonly text: (language: Language) => string;
}

function shownEntries(
  snapshot: LineSnapshot,
  which: { readonly entry: ReturnType<typeof entryOption> | undefined; readonly kind: string | undefined },
): readonly Shown[] {
  const record = recordOf(nativeSuite, snapshot);
  const out: Shown[] = [];
  for (const [id, entries] of snapshot.logs) {
    const track = record.logs.get(id);
    if (track === undefined) continue;
    const log = logLabel(record, track);
    for (const stored of entries) {
      if (which.entry !== undefined && (which.entry.log !== log || which.entry.index !== stored.index)) continue;
      const shown = shownEntry(record, { log, stored });
      const wanted = which.entry !== undefined || (which.kind === undefined ? shown.signedByPeople : shown.view["kind"] === which.kind);
      if (wanted) out.push(shown);
    }
  }
  return out.toSorted((a, b) => String(a.view["placed"]).localeCompare(String(b.view["placed"])));
}

function shownEntry(
  record: LineRecord,
  item: { log: string; stored: Parameters<typeof wordsOfEntry>[1] },
): Shown & { readonly signedByPeople: boolean } {
  const { log, stored } = item;
  const place = { log, index: stored.index, leaf: stored.leaf };
  const entry = refusable(() => decodeEntry(stored.entry));
  if (!entry.ok)
    return {
      view: { ...place, refusal: entry.refusal.code, placed: "" },
      text: () => `${entry.refusal.code}: ${entry.refusal.detail}`,
      signedByPeople: true,
    };
  const { act, placement } = entry.value;
  const { header } = act;
  const body = wordsOfEntry(nativeSuite, stored);
  const { accord } = record;
  const author = accord.parties.find((party) => party.key === header.party);
  const channel = accord.terms.channels.find((terms) => terms.number === header.channel);
  const placed = record.byLeaf.get(stored.leaf);
  const track = placed?.header === undefined ? undefined : messageTrack(record, placed, Number.MAX_SAFE_INTEGER);
  const code = readBackCode(nativeSuite, act.payload);
  const view = {
    ...place,
    kind: header.kind ?? `unknown ${header.kindCode}`,
    party: author?.id ?? header.party,
    channel: channel?.id ?? null,
    precedence: header.precedence,
    placed: formatTime(placement.time),
    from: header.from ?? null,
    to: header.to,
    refs: header.refs,
    facts: plainFacts(header.facts),
    body: body === undefined ? null : plainWords(body),
    bodyWithheld: header.body !== undefined && body === undefined,
    held: track?.held.map(({ party, at }) => ({ by: accord.parties[party]?.id, at: formatTime(parseUnixSeconds(at)) })) ?? [],
    acknowledged: track?.acknowledged?.leaf ?? null,
    answered: track?.answered?.leaf ?? null,
    refusal: stored.refusal ?? null,
    readBackCode: code,
    signatures: act.releases.map((release) => ({ kid: release.kid, role: release.role, time: formatTime(release.time) })),
  };
  const text = (language: Language): string =>
    renderText(
      renderAct(
        {
          header,
          body,
          placedAt: placement.time,
          ...(author === undefined ? {} : { authorLanguage: author.file.language }),
          exercise: accord.terms.mode === "exercise",
          partyName: (key) => accord.parties.find((party) => party.key === key)?.id ?? key,
          channelName: (number) => accord.terms.channels.find((terms) => terms.number === number)?.id ?? String(number),
        },
        language,
      ),
      language,
    ) + `\n${code}`;
  return { view, text, signedByPeople: header.kind !== "beat" && header.from !== undefined };
}

function plainFacts(facts: object): unknown {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
    ]),
  );
}
