import { type Judged, type UnixMillis, asksForNow, parseChannelNumber, secondsOf } from "@openline/core";
import type { NodeActSaid } from "./node-act.ts";
import type { NodeOptions } from "./node-options.ts";

/** So many rings are said on one channel within a minute, however often it is asked for: whoever asks must not fill our log. */
const RINGS_MAX = 6;
const MINUTE_MS = 60_000;

/** What a node says when it has rung: a call that is asked for now has come, and its alarm stands here. Whether anybody is there is no part of it.
 *  Source: docs/spec/exchange.md §7. */
export class Rings {
  readonly #options: NodeOptions;
  readonly #rungAt: Map<number, readonly UnixMillis[]> = new Map();

  constructor(options: NodeOptions) {
    this.#options = options;
  }

  /** For entries of others that have just been read. */
  for(judged: readonly Judged[]): readonly NodeActSaid[] {
    if (!this.#options.unprompted) return [];
    return judged.flatMap(({ entry, refusal, leaf }): readonly NodeActSaid[] => {
      const header = entry?.act.header;
      if (refusal !== undefined || header === undefined || !this.#rings(header)) return [];
      return [{ kind: "ring", channel: parseChannelNumber(header.channel), refs: [leaf] }];
    });
  }

  #rings(header: Parameters<typeof asksForNow>[0] & { readonly channel: number }): boolean {
    const { accord, party, world } = this.#options;
    const now = world.clock.now();
    const channel = accord.terms.channels.find(({ number }) => number === header.channel)?.id;
    const here = channel !== undefined && party.file.posts.some(({ channels }) => channels.includes(channel));
    const lately = (this.#rungAt.get(header.channel) ?? []).filter((at) => now < at + MINUTE_MS);
    if (!here || !asksForNow(header, secondsOf(now)) || lately.length >= RINGS_MAX) return false;
    this.#rungAt.set(header.channel, [...lately, now]);
    return true;
  }
}
