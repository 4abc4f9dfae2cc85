import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type OwnLog, type WireCheckpoint, appendLeaf, emptyOwnLog, leafOf, fromHex, parseLogId, parseLogIndex } from "@openline/core";
import { nativeSuite as suite } from "../crypto/native-suite.ts";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { StoredEntry } from "../store/store.ts";
import { Writer } from "../writer.ts";
import { BYTES } from "./bare-store.ts";
import type { BySize, Figure, Size } from "./figure.ts";
import { middles } from "./middles.ts";

const LOG = parseLogId("0123456789abcdef");
const GROUP = 512;
const SHORT = 1_000;
const LONG: BySize = { least: 2_000, quick: 20_000, usual: 1_000_000 };
const SAMPLES: BySize = { least: 10, quick: 200, usual: 1_000 };

/** What a durable append to a long log costs, in units of what it costs in a short one: entry and leaf committed, head swapped in
 *  the second place, checkpoint signed. */
export async function appendGrowthFigures(folder: string, size: Size): Promise<readonly Figure[]> {
  const [long, samples] = [LONG[size], SAMPLES[size]];
  const logs = [await LogOf.length(folder, SHORT), await LogOf.length(folder, long)] as const;
  await middles(50, [() => logs[0].append(), () => logs[1].append()]);
  const [before = 1, after = 1] = await middles(samples, [() => logs[0].append(), () => logs[1].append()]);
  for (const log of logs) await log.close();
  const measured = size === "usual" ? "" : ` at ${long} entries only`;
  return [{ id: "append_growth_1e6", value: after / before, unit: `ratio${measured}` }];
}

/** A log of so many entries on disk, which grows as a node's does. */
class LogOf {
  readonly #store: Awaited<ReturnType<typeof openSqlite>>;
  readonly #second: FileSecondPlace;
  readonly #writer: Writer;
  #own: OwnLog = emptyOwnLog(LOG);

  private constructor(store: Awaited<ReturnType<typeof openSqlite>>, second: FileSecondPlace) {
    this.#store = store;
    this.#second = second;
    const seed = new Uint8Array(randomBytes(32));
    const sign = ({ log, size, root }: { log: typeof LOG; size: number; root: Uint8Array }): WireCheckpoint => ({
      incarnation: log,
      size,
      signature: suite.signEd25519(seed, root),
    });
    this.#writer = new Writer({ suite, store, second, swapped: undefined, sign });
  }

  static async length(folder: string, entries: number): Promise<LogOf> {
    const store = await openSqlite(join(folder, `growth-${entries}.db`));
    const log = new LogOf(store, new FileSecondPlace(join(folder, `growth-${entries}`)));
    await log.#fill(entries);
    return log;
  }

  async #fill(entries: number): Promise<void> {
    while (this.#own.frontier.size < entries) {
      const count = Math.min(GROUP, entries - this.#own.frontier.size);
      await this.#store.commit({ entries: Array.from({ length: count }, () => this.#next()) });
    }
    await this.#writer.begin(LOG);
  }

  append(): Promise<void> {
    return this.#writer.write(this.#next(), this.#own);
  }

  #next(): StoredEntry {
    const entry = new Uint8Array(randomBytes(BYTES));
    const leaf = leafOf(suite, entry);
    const index = parseLogIndex(this.#own.frontier.size);
    this.#own = { ...this.#own, frontier: appendLeaf(suite, this.#own.frontier, fromHex(leaf)) };
    return { log: LOG, index, leaf, entry };
  }

  async close(): Promise<void> {
    await this.#store.close();
    await this.#second.close();
  }
}
