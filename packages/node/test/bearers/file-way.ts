import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePartyKey } from "@openline/core";
import { nativeSuite } from "@openline/node";
import { FileBearer, type FileBearerOptions } from "../../src/bearers/file/file-bearer.ts";
import { fileLimits } from "../../src/bearers/file/limits.ts";
import { parcelLabels } from "../../src/bearers/file/parcel.ts";
import { Takers, type TestWay, type WayOptions } from "./acceptance.ts";
import { HandTimers } from "./hand-timers.ts";

export const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
export const lineSecret = new Uint8Array(32).fill(9);
const keys = [parsePartyKey("aa".repeat(8)), parsePartyKey("bb".repeat(8))] as const;
export const labelsOf = (side: 0 | 1) => parcelLabels(nativeSuite, lineSecret, { own: keys[side], peer: keys[side === 0 ? 1 : 0] });

/** Two ends that share a stick: what one writes lies where the other one reads. */
export class FileWay implements TestWay {
  readonly timers: HandTimers = new HandTimers();
  readonly takers: Takers = new Takers();
  readonly refused: string[] = [];
  ends!: readonly [FileBearer, FileBearer];
  readonly stick: string;
  readonly #home: string;
  ups = 0;

  private constructor(home: string) {
    this.#home = home;
    this.stick = join(home, "stick");
  }

  static async open(options: WayOptions & { readonly keep?: true; readonly done?: string } = {}): Promise<FileWay> {
    const way = new FileWay(await mkdtemp(join(tmpdir(), "openline-file-")));
    for (const name of ["there", "back", "done"]) await mkdir(join(way.stick, name), { recursive: true });
    const [there, back] = [join(way.stick, "there"), options.oneWay === true ? undefined : join(way.stick, "back")];
    const done = options.keep === true ? join(way.stick, "done") : options.done;
    way.ends = [way.#end(0, { out: there, in: back, done }), way.#end(1, { out: back, in: there, done })];
    await way.heal();
    return way;
  }

  #end(side: 0 | 1, more: Partial<FileBearerOptions>): FileBearer {
    return new FileBearer({
      id: `file ${side}`,
      suite: nativeSuite,
      labels: labelsOf(side),
      random,
      clock: this.timers.clock,
      timers: this.timers,
      out: undefined,
      in: undefined,
      done: undefined,
      take: this.takers.take(side),
      up: () => void this.ups++,
      refused: (why, name) => void this.refused.push(`${why} ${name}`),
      ...more,
    });
  }

  /** Where the second end reads. */
  get there(): string {
    return join(this.stick, "there");
  }

  async step(): Promise<void> {
    this.timers.turn(fileLimits.lookMs);
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Long enough for two looks. */
  async looks(): Promise<void> {
    for (let i = 0; i < 400; i++) await this.step();
  }

  /** The stick is pulled out. */
  async cut(): Promise<void> {
    await rename(this.stick, join(this.#home, "away"));
  }

  async heal(): Promise<void> {
    await rename(join(this.#home, "away"), this.stick).catch(() => undefined);
    const failing = (): boolean => this.ends.some((end) => Object.values(end.health()).some(({ is }) => is === "failing"));
    while (this.ends[0].credit() === 0 || failing()) await this.step();
  }

  async intrude(bytes: Uint8Array): Promise<void> {
    await writeFile(join(this.there, randomBytes(8).toString("hex")), bytes);
    await this.step();
  }

  async remove(): Promise<void> {
    for (const end of this.ends) await end.close();
    await rm(this.#home, { recursive: true, force: true });
  }
}
