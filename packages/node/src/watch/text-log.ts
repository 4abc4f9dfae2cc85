import {
  type LogTrack,
  LANGUAGES,
  type Precedence,
  decodeEntry,
  formatTime,
  logLabel,
  parseLogIndex,
  parseUnixSeconds,
  refusable,
  secondsOf,
  shownEntry,
} from "@openline/core";
import type { ServedLine } from "../http/served.ts";
import { withWords } from "../http/words.ts";
import type { StoredEntry } from "../store/store.ts";
import { LogFile } from "./log-file.ts";

const PAGE = 256;
/** A body that has not come by then is said to be missing. Milliseconds. */
const BODY_MS = 60_000;
const PRINTED: ReadonlySet<Precedence> = new Set(["FLASH", "IMMEDIATE"]);

/** Prints each FLASH and IMMEDIATE of every party's posts into a text file, in both languages, for whoever has nothing but that
 *  file. How far it has come stands in the store, after the lines are on disk: a crash in between prints an entry twice, never not
 *  at all. It begins where the record stands when it is first set. */
export class TextLog {
  readonly #line: ServedLine;
  readonly #file: LogFile;
  readonly #waitingSince: Map<string, number> = new Map();

  constructor(line: ServedLine, path: string) {
    this.#line = line;
    this.#file = new LogFile(path);
  }

  /** Throws `OpenlineError` where the store fails, and what the system says where the file cannot be written. */
  async look(): Promise<void> {
    const begun = await this.#line.store.meta(BEGUN);
    if (begun === undefined) return this.#begin();
    for (const log of this.#line.node.record.logs.values()) await this.#lookAt(log);
  }

  /** Whether something could be printed now. Rejects with why not; settles when the file answers. */
  check(): Promise<void> {
    return this.#file.check();
  }

  /** Lets go of the file. What is being printed then fails, and is printed after the next start. */
  stop(): void {
    this.#file.stop();
  }

  async #begin(): Promise<void> {
    const logs = [...this.#line.node.record.logs.values()];
    const meta = logs.map(({ id, times }) => ({ key: printedKey(id), value: Buffer.from(String(times.length)) }));
    await this.#line.store.commit({ meta: [...meta, { key: BEGUN, value: Buffer.from("1") }] });
  }

  async #lookAt(log: LogTrack): Promise<void> {
    const { store } = this.#line;
    const from = Number(Buffer.from((await store.meta(printedKey(log.id))) ?? Buffer.from("0")).toString());
    if (from >= log.times.length) return;
    const page = await store.entries(log.id, parseLogIndex(from), Math.min(PAGE, log.times.length - from));
    let next = from;
    let text = "";
    for (const stored of page) {
      const shown = await this.#textOf(log, stored);
      if (shown === undefined) break;
      text += shown;
      next++;
    }
    if (next === from) return;
    if (text !== "") await this.#file.append(text);
    await store.commit({ meta: [{ key: printedKey(log.id), value: Buffer.from(String(next)) }] });
  }

  /** Nothing to print is an empty text; undefined: its body is still awaited. */
  async #textOf(log: LogTrack, stored: StoredEntry): Promise<string | undefined> {
    const entry = refusable(() => decodeEntry(stored.entry));
    if (!entry.ok) return "";
    const { header } = entry.value.act;
    if (header.from === undefined || !PRINTED.has(header.precedence)) return "";
    if (header.body !== undefined && stored.disclosure === undefined && this.#awaits(stored.leaf)) return undefined;
    this.#waitingSince.delete(stored.leaf);
    const { node, store, accord, party } = this.#line;
    const label = logLabel(node.record, log);
    const texts = await withWords({ store, suite: node.options.suite }, (words) => {
      const shown = shownEntry({ record: node.record, log: label, stored, words });
      return LANGUAGES.map((language) => shown.text(language));
    });
    const now = formatTime(secondsOf(node.options.world.clock.now()));
    const placed = formatTime(parseUnixSeconds(entry.value.placement.time));
    const head = `==== ${header.precedence} ${label}/${stored.index} placed ${placed}, printed ${now} by ${party.id} on line ${accord.line}`;
    return `${[head, stored.leaf, ...texts].join("\n")}\n\n`;
  }

  #awaits(leaf: string): boolean {
    const now = this.#line.node.options.world.clock.now();
    const since = this.#waitingSince.get(leaf) ?? now;
    this.#waitingSince.set(leaf, since);
    return now - since < BODY_MS;
  }
}

const BEGUN = "text-log";
const printedKey = (log: string): string => `text-log/${log}`;
