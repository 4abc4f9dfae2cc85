import type { ChannelTerms, Rates } from "../accord/terms.ts";
import type { Entry } from "../entry/entry.ts";
import { KINDS, type KindName } from "../entry/kinds.ts";
import type { LeafHash } from "../ids.ts";
import { type LogTrack, type Placed, sizeAt } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { logOrder } from "../record/times.ts";
import { CallBook } from "./calls.ts";
import { DebtBook } from "./debts.ts";
import { backwards, insert } from "./log-ordered.ts";
import { channelOfAct } from "./versions.ts";

/** Acts by which a party shows nothing of whether a person would answer on this channel. */
const NO_PROOF: ReadonlySet<KindName> = new Set([
  "suspend",
  "cancel",
  "withdraw",
  "note",
  "service-note",
  "statement",
  "claim",
  "observed",
  "served",
]);

export interface TestTrack {
  readonly test: Placed;
  /** Of other parties than the one that called. */
  readonly answers: Placed[];
}

/** The acts of one channel, sorted by what they bear on. Lists of one party are in its log's order, so that nothing here
 *  depends on the order in which two logs were read. */
export class ChannelTrack {
  /** As the line first had it: its number and id never change. What counts at a time is in `versions.ts`. */
  readonly terms: ChannelTerms;
  /** suspend, cancel, resume: by party. */
  readonly standing: Map<number, Placed[]> = new Map();
  readonly withdrawals: Placed[] = [];
  /** Acts that prove their author answers, by party. */
  readonly proofs: Map<number, Placed[]> = new Map();
  /** Acts of posts, by author. */
  readonly posted: Map<number, Placed[]> = new Map();
  /** Those of them for which the accord gives a held clock, by author: what the others must take receipt of. */
  readonly clocked: Map<number, Placed[]> = new Map();
  /** Seconds within which the quickest of them must be held. */
  shortestHeld: number = Infinity;
  readonly tests: Map<number, TestTrack[]> = new Map();
  /** Answers to tests of others, by author, with the party that called. */
  readonly testAnswers: Map<number, { readonly act: Placed; readonly caller: number }[]> = new Map();
  /** Acts about standing that say from when they count. */
  readonly dated: Placed[] = [];
  readonly debts: DebtBook = new DebtBook();
  readonly calls: CallBook = new CallBook();
  readonly #testByLeaf: Map<LeafHash, TestTrack> = new Map();

  constructor(terms: ChannelTerms) {
    this.terms = terms;
  }

  /** Takes an act that has effect once it is held. */
  add(record: LineRecord, placed: Placed): void {
    const { kind } = placed.header;
    const party = placed.log.party;
    if (kind === undefined || KINDS[kind].by !== "post") return;
    append(this.posted, party, placed);
    const within = heldWithin(this, placed);
    if (within !== Infinity) append(this.clocked, party, placed);
    this.shortestHeld = Math.min(this.shortestHeld, within);
    if (!NO_PROOF.has(kind) && placed.log.observedIn === undefined) append(this.proofs, party, placed);
    if (kind === "suspend" || kind === "cancel" || kind === "resume") append(this.standing, party, placed);
    if (kind === "withdraw") this.withdrawals.push(placed);
    if (placed.header.facts.effective !== undefined) this.dated.push(placed);
    this.#test(placed);
    this.calls.add(record, placed);
    this.debts.add(record, this, placed);
  }

  #test(placed: Placed): void {
    if (placed.header.kind === "test") {
      const track = { test: placed, answers: [] };
      insert(this.tests, placed.log.party, track, (a, b) => logOrder(a.test, b.test));
      this.#testByLeaf.set(placed.leaf, track);
    }
    if (placed.header.kind !== "test-answer") return;
    for (const leaf of placed.header.refs) {
      const track = this.#testByLeaf.get(leaf);
      const caller = track?.test.log.party;
      if (track === undefined || caller === undefined || caller === placed.log.party) continue;
      track.answers.push(placed);
      insert(this.testAnswers, placed.log.party, { act: placed, caller }, (a, b) => logOrder(a.act, b.act));
    }
  }

  /** Is this act above the agreed rate of its post and precedence, or its log above the day's entries? */
  overRate(rates: Rates | null, log: LogTrack, { act: { header }, placement }: Entry): boolean {
    if (rates === null || header.kind === undefined || KINDS[header.kind].by !== "post") return false;
    if (log.times.length - sizeAt(log, placement.time - 86_400) >= rates.entriesPerDay) return true;
    const limit = header.precedence === "FLASH" ? rates.flashPerHour : rates.immediatePerHour;
    if (header.precedence !== "FLASH" && header.precedence !== "IMMEDIATE") return false;
    let count = 0;
    for (const act of backwards(this.posted.get(log.party) ?? [])) {
      if (act.placement.time <= placement.time - 3600) break;
      if (act.header.precedence === header.precedence && act.header.from === header.from) count++;
    }
    return count >= limit;
  }
}

/** Seconds within which the others must take receipt of an act, by the terms it was placed under; Infinity: no clock. */
export function heldWithin(track: ChannelTrack, act: Placed): number {
  const { clocks, transit } = channelOfAct(track, act);
  return (clocks.held[act.header.precedence] ?? Infinity) + transit;
}

const append = (map: Map<number, Placed[]>, party: number, placed: Placed): void => insert(map, party, placed, logOrder);
