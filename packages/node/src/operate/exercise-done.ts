import { type LeafHash, type PartyId, LINE_CHANNEL, type UnixSeconds, decodeEntry, encode, parseUnixSeconds, toHex } from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import type { ExerciseAct } from "./exercise-act.ts";
import type { OpenFolder } from "./folder.ts";
import { snapshotOf, wordsOfEntry } from "./status.ts";

/** What of an exercise is in the record already, found in the record itself: an item is there if its party's log has an entry of the
 *  same kind, channel and words. Of equal entries each stands for one item, the earliest for the first. */
export class ExerciseDone {
  readonly #waiting: ReadonlyMap<string, LeafHash[]>;
  /** Time of the last entry of any log. */
  readonly end: UnixSeconds;

  private constructor(waiting: ReadonlyMap<string, LeafHash[]>, end: UnixSeconds) {
    this.#waiting = waiting;
    this.end = end;
  }

  /** Throws `OpenlineError` `damaged`. */
  static async read(folders: readonly OpenFolder[]): Promise<ExerciseDone> {
    const waiting = new Map<string, LeafHash[]>();
    let end = 0;
    for (const folder of folders) {
      const stored = [...(await snapshotOf(folder)).logs.values()].flat();
      const read = stored.map((item) => ({ item, entry: decodeEntry(item.entry) }));
      for (const { item, entry } of read.toSorted((a, b) => a.entry.placement.time - b.entry.placement.time)) {
        end = Math.max(end, entry.placement.time);
        const { party, kind, channel } = entry.act.header;
        const body = party === folder.party.key ? wordsOfEntry(nativeSuite, item) : undefined;
        if (kind === undefined || body === undefined) continue;
        const key = keyOf(folder.party.id, { said: { kind, channel }, body });
        waiting.set(key, [...(waiting.get(key) ?? []), item.leaf]);
      }
    }
    return new ExerciseDone(waiting, parseUnixSeconds(end));
  }

  /** The entry in which this act stands already; it stands for no other from now on. */
  take(party: PartyId, act: ExerciseAct): LeafHash | undefined {
    return this.#waiting.get(keyOf(party, act))?.shift();
  }
}

/** The line itself is channel 0, also where an act names none. */
const keyOf = (party: PartyId, { said, body }: ExerciseAct): string =>
  [party, said.kind, said.channel ?? LINE_CHANNEL, toHex(encode(body))].join(" ");
