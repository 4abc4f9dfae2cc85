import { type Accord, presentParties } from "../accord/accord.ts";
import type { Amendment } from "../accord/amendment.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import type { Entry } from "../entry/entry.ts";
import { KINDS } from "../entry/kinds.ts";
import { type Refusal, assert } from "../errors.ts";
import type { Digest, Kid, LeafHash, LogId } from "../ids.ts";
import { ChannelTrack } from "../channel/track.ts";
import { Amendments } from "./amendments.ts";
import { Hindsight } from "./hindsight.ts";
import { firstInUse } from "./in-use.ts";
import { ActIds } from "./act-ids.ts";
import { judge, judgeOpening } from "./judge.ts";
import { LACKS_AMENDMENT } from "./judge-amendment.ts";
import { EntryContext } from "./judge-context.ts";
import { firstRing, kidsOfAccord } from "./key-ring.ts";
import { type Held, type LogTrack, type Placed, namedBy } from "./log-track.ts";
import { type LogStart, carriedOver, newLogTrack } from "./log-start.ts";
import { Observed } from "./observed.ts";
import { saysWays } from "./ways.ts";
import { type Queued, ReadingOrder } from "./reading-order.ts";

/** An entry as a log carries it: its place is its position in that log. */
export interface LogEntry {
  readonly log: LogId;
  readonly index: number;
  readonly leaf: LeafHash;
  readonly bytes: Uint8Array;
  /** Its signatures have been checked: it is our own, or this store kept it after checking. */
  readonly checked?: boolean;
  /** The same bytes, decoded before. */
  readonly decoded?: Entry | undefined;
}

/** What became of an entry: it has effect, or the code under which it has none. */
export interface Judged {
  readonly log: LogId;
  readonly index: number;
  readonly leaf: LeafHash;
  readonly entry: Entry | undefined;
  readonly refusal: Refusal | undefined;
}

/** All logs of a line, read in causal order: an entry is read when everything it names has been. It grows and never
 *  forgets; what it says depends on the entries alone and not on the order in which they were offered. Not persistent:
 *  a node and a verifier rebuild it from entries. Source: docs/spec/state.md §2. */
export class LineRecord {
  /** The accord of the ceremony. What has changed since stands in `amendments`. */
  readonly accord: Accord;
  readonly amendments: Amendments;
  readonly suite: VerifySuite;
  readonly logs: Map<LogId, LogTrack> = new Map();
  /** Logs of each party in order of incarnation, by position in the accord. */
  readonly logsOf: LogTrack[][];
  readonly channels: Map<number, ChannelTrack>;
  readonly byLeaf: Map<LeafHash, Placed | Held> = new Map();
  /** One party writes all there is: a line of one, or one whose other party is not there. */
  readonly oneSided: boolean;
  /** Acts of service, by what was served; what was said of an act of service or an observed act. In the order read. */
  readonly served: Map<LeafHash, Placed[]> = new Map();
  readonly saidOf: Map<LeafHash, Placed[]> = new Map();
  readonly #observed: Observed;
  /** Acts of kinds that a later version has added: held, without effect here. */
  readonly laterKinds: Placed[] = [];
  /** `prekey` acts of each party with effect, in the order read. */
  readonly prekeys: readonly Placed[][];
  /** Service notes of each party that say where its node may be called or which TLS keys it shows, in the order read. */
  readonly waysSaid: readonly Placed[][];
  /** `psk-lost` acts of each party with effect, in the order read. */
  readonly lostPsks: readonly Placed[][];
  readonly accordKids: ReadonlySet<Kid>;
  readonly #signatures: boolean;
  readonly #roots: Map<LogId, Map<number, Digest>> = new Map();
  readonly #order: ReadingOrder;
  readonly #hindsight: Hindsight = new Hindsight();
  /** Logs that a later one of their party has closed. */
  readonly #closed: Set<LogId> = new Set();

  constructor(suite: VerifySuite, accord: Accord, options: { readonly signatures: boolean } = { signatures: true }) {
    this.suite = suite;
    this.accord = accord;
    this.amendments = new Amendments(suite);
    this.#observed = new Observed(accord);
    this.oneSided = presentParties(accord).length === 1;
    this.#signatures = options.signatures;
    this.accordKids = kidsOfAccord(suite, accord);
    this.channels = new Map(accord.terms.channels.map((terms) => [terms.number, new ChannelTrack(terms)]));
    this.prekeys = accord.parties.map(() => []);
    this.waysSaid = accord.parties.map(() => []);
    this.lostPsks = accord.parties.map(() => []);
    this.logsOf = accord.parties.map((party, position) => {
      const start = { ring: firstRing(suite, party), uses: [firstInUse(accord, party)], amending: [] };
      return party.absent === true ? [] : [this.#open(party.incarnation, position, start)];
    });
    this.#order = new ReadingOrder({
      logs: this.logs,
      logsOf: this.logsOf,
      rootAt: (log, size) => this.rootAt(log, size),
      lacksAmendment: (log, entry) => this.#lacksAmendment(log, entry),
      read: (queued) => this.#read(this.#logFor(queued), queued),
    });
  }

  #open(id: LogId, party: number, start: LogStart): LogTrack {
    const before = this.logsOf?.[party] ?? [];
    const log = newLogTrack({ id, party, incarnation: before.length, actIds: before[0]?.actIds ?? new ActIds() }, start);
    this.logs.set(id, log);
    return log;
  }

  /** The root of `log` at `size`, told before any entry that names it is offered. */
  noteRoot(log: LogId, size: number, root: Digest): void {
    let roots = this.#roots.get(log);
    if (roots === undefined) this.#roots.set(log, (roots = new Map()));
    roots.set(size, root);
  }

  /** Says that nothing more of this log exists: a head beyond its end is then wrong and no longer waited for. */
  complete(log: LogId): void {
    this.#order.complete(log);
  }

  /** More of this log has turned up after all: heads beyond its end are waited for again. */
  reopen(log: LogId): void {
    this.#order.reopen(log);
  }

  /** Takes an amendment that has come and reads what waited for it. */
  learn(amendment: Amendment): readonly Judged[] {
    return this.amendments.learn(amendment) ? this.drain() : [];
  }

  /** Takes the next entry of a log and reads whatever can be read now. Returns what was read, in the order of reading. */
  offer(entry: LogEntry): readonly Judged[] {
    this.enqueue(entry);
    return this.drain();
  }

  /** Takes the next entry of a log and reads nothing yet. */
  enqueue(entry: LogEntry): void {
    const found = this.#order.enqueue(entry);
    this.#hindsight.offered(entry.leaf, found.ok ? found.value.act.header.kind : undefined);
  }

  /** Whether something was judged without an entry that has come since and that bears on it. */
  get outdated(): boolean {
    return this.#hindsight.outdated;
  }

  /** Says that everything there is has been offered before anything was read. */
  loadedAtOnce(): void {
    this.#hindsight.loadedAtOnce();
  }

  /** Entries that wait for others: "cannot be judged yet". */
  get waiting(): number {
    return this.#order.waiting;
  }

  /** An entry that waits for an amendment that is not here, if one does. */
  get lacking(): { readonly log: LogId; readonly index: number } | undefined {
    return this.#order.lacking;
  }

  /** Reads whatever can be read now. Returns what was read, in the order of reading. */
  drain(): readonly Judged[] {
    return this.#order.drain();
  }

  /** Whether nobody can judge this entry without an amendment that is not here. */
  #lacksAmendment(log: LogTrack, entry: Entry): boolean {
    const { kind, facts } = entry.act.header;
    if ((kind !== "confirm" && kind !== "in-force") || facts.digest === undefined) return false;
    return this.amendments.get(facts.digest) === undefined && this.#judge(log, entry, false) === LACKS_AMENDMENT;
  }

  #logFor({ log: id, entry }: Queued): LogTrack {
    const known = this.logs.get(id);
    if (known !== undefined) return known;
    assert(entry.ok, "only a readable `restored` opens a log");
    const { header } = entry.value.act;
    const closed = header.facts.closed;
    const before = closed === undefined ? undefined : this.logs.get(closed.log);
    assert(before !== undefined && closed !== undefined, "a log is opened by closing a known one");
    if (this.#closed.has(before.id)) this.#hindsight.closedTwice();
    this.#closed.add(before.id);
    const log = this.#open(id, before.party, carriedOver(before, closed.size));
    before.actIds.close(before.incarnation, closed.size);
    // Its entries may date what others did differently.
    for (const track of this.channels.values()) track.debts.reopenAll();
    this.logsOf[before.party]?.push(log);
    return log;
  }

  #read(log: LogTrack, queued: Queued): Judged {
    const { leaf, index } = queued;
    const entry = queued.entry.ok ? queued.entry.value : undefined;
    let refusal = queued.entry.ok ? undefined : queued.entry.refusal;
    if (entry !== undefined) {
      refusal = this.#judge(log, entry, this.#signatures && !queued.checked);
      this.#place(log, entry, index);
      this.#hindsight.read(log, entry.act.header, (other) => this.byLeaf.has(other));
    }
    log.times.push(Math.max(entry?.placement.time ?? 0, log.times.at(-1) ?? 0));
    if (entry !== undefined && refusal === undefined)
      this.#effect({ log, index, leaf, header: entry.act.header, placement: entry.placement });
    else this.byLeaf.set(leaf, { log, index, leaf });
    if (entry !== undefined && refusal?.code === "unknown-kind")
      this.laterKinds.push({ log, index, leaf, header: entry.act.header, placement: entry.placement });
    return { log: log.id, index, leaf, entry, refusal };
  }

  #judge(log: LogTrack, entry: Entry, signatures: boolean): Refusal | undefined {
    return judge(new EntryContext(this, log, { entry, signatures }), entry) ?? judgeOpening(this.accord, log, entry);
  }

  /** What would become of this entry as the next of its log: nothing, or the code under which it would have no effect.
   *  `signatures: false` when the caller has found them good. */
  preview(id: LogId, entry: Entry, options: { readonly signatures: boolean } = { signatures: true }): Refusal | undefined {
    const log = this.logs.get(id);
    assert(log !== undefined, "only an entry of a known log can be previewed");
    return this.#judge(log, entry, options.signatures);
  }

  /** How far a log has been read. */
  readTo(log: LogId): number {
    return this.logs.get(log)?.times.length ?? 0;
  }

  /** Naming is about bytes: it counts also where the act itself has no effect. */
  #place(log: LogTrack, { placement }: Entry, index: number): void {
    for (const head of placement.heads) {
      if (head.size <= namedBy(log, head.log, index) || this.rootAt(head.log, head.size) !== head.root) continue;
      if (this.logs.get(head.log)?.party === log.party) continue;
      let milestones = log.named.get(head.log);
      if (milestones === undefined) log.named.set(head.log, (milestones = { at: [], size: [] }));
      milestones.at.push(index);
      milestones.size.push(head.size);
    }
    for (const leaf of placement.ahead) {
      if (!log.listed.has(leaf)) log.listed.set(leaf, index);
      if (!this.byLeaf.has(leaf)) this.#hindsight.listed(leaf);
      log.missing.delete(leaf);
    }
  }

  #refused(log: LogTrack, leaf: LeafHash, index: number): void {
    if (log.notHeld.has(leaf)) return;
    log.notHeld.set(leaf, index);
    if (!log.listed.has(leaf)) log.missing.add(leaf);
  }

  #addChannels(): void {
    for (const terms of this.amendments.terms.at(-1)?.terms.channels ?? [])
      if (!this.channels.has(terms.number)) this.channels.set(terms.number, new ChannelTrack(terms));
  }

  rootAt(log: LogId, size: number): Digest | undefined {
    return this.#roots.get(log)?.get(size);
  }

  #effect(placed: Placed): void {
    const { log, header, leaf, index } = placed;
    const { kind } = header;
    assert(kind !== undefined, "an unknown kind has no effect");
    log.actIds.add(header.actId, log.incarnation, index);
    // A beat only says what is held; nothing refers to one, and they are most of a quiet log.
    if (kind !== "beat") this.byLeaf.set(leaf, placed);
    if (KINDS[kind].control === true) {
      log.lastControl = { index, leaf };
      if (header.facts.origin !== undefined) log.origin = header.facts.origin;
      log.ring.apply(this.suite, header, index);
      this.amendments.apply(placed);
      if (kind === "confirm") this.#addChannels();
    }
    if (kind === "refusal" && header.facts.code === "missing-disclosure") {
      for (const missing of header.refs) this.#refused(log, missing, index);
    }
    if (kind === "prekey") this.prekeys[log.party]?.push(placed);
    if (kind === "service-note" && saysWays(header)) this.waysSaid[log.party]?.push(placed);
    if (kind === "psk-lost") this.lostPsks[log.party]?.push(placed);
    this.#service(placed);
    this.channels.get(header.channel)?.add(this, placed);
    const observed = this.#observed.actOf(placed);
    if (observed !== undefined) this.channels.get(header.channel)?.add(this, observed);
  }

  #service(placed: Placed): void {
    const { kind, refs } = placed.header;
    const said = kind === "confirm-served" || kind === "dispute-served" ? this.saidOf : undefined;
    const book = kind === "served" ? this.served : said;
    for (const leaf of refs) book?.set(leaf, [...(book.get(leaf) ?? []), placed]);
  }
}
