import { type Accord, presentParties } from "../accord/accord.ts";
import type { Amendment } from "../accord/amendment.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import { type Entry, decodeEntry } from "../entry/entry.ts";
import type { Head } from "../entry/facts.ts";
import { KINDS, KIND_NAMES, type KindName } from "../entry/kinds.ts";
import { type Refusal, type Result, assert, ok, refusable } from "../errors.ts";
import type { Digest, Kid, LeafHash, LogId } from "../ids.ts";
import { ChannelTrack } from "../channel/track.ts";
import { Amendments } from "./amendments.ts";
import { type InUse, firstInUse } from "./in-use.ts";
import { ActIds } from "./act-ids.ts";
import { judge, judgeOpening } from "./judge.ts";
import { LACKS_AMENDMENT } from "./judge-amendment.ts";
import { contextOf } from "./judge-context.ts";
import { firstRing, kidsOfAccord } from "./key-ring.ts";
import { type Held, type LogTrack, type Placed, namedBy } from "./log-track.ts";

/** An entry as a log carries it: its place is its position in that log. */
export interface LogEntry {
  readonly log: LogId;
  readonly index: number;
  readonly leaf: LeafHash;
  readonly bytes: Uint8Array;
  /** Its signatures have been checked: it is our own, or this store kept it after checking. */
  readonly checked?: true;
  /** The same bytes, decoded before. */
  readonly decoded?: Entry;
}

/** What became of an entry: it has effect, or the code under which it has none. */
export interface Judged {
  readonly log: LogId;
  readonly index: number;
  readonly leaf: LeafHash;
  readonly entry: Entry | undefined;
  readonly refusal: Refusal | undefined;
}

interface Queued extends LogEntry {
  readonly entry: Result<Entry>;
}

/** Entries of one log that wait, from position `next` on; what is before it has been read. */
interface Queue {
  next: number;
  readonly entries: Queued[];
}
const lengthOf = (queue: Queue | undefined): number => (queue === undefined ? 0 : queue.entries.length - queue.next);

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
  readonly #observed: Map<LogId, LogTrack> = new Map();
  /** `prekey` acts of each party with effect, in the order read. */
  readonly prekeys: readonly Placed[][];
  readonly accordKids: ReadonlySet<Kid>;
  readonly #signatures: boolean;
  readonly #roots: Map<LogId, Map<number, Digest>> = new Map();
  readonly #queues: Map<LogId, Queue> = new Map();
  readonly #complete: Set<LogId> = new Set();
  /** Leaves that were offered and wait to be read; leaves that were listed before they were offered; those of them that were
   *  referred to since. */
  readonly #waiting: Map<LeafHash, LogId> = new Map();
  readonly #unseen: Set<LeafHash> = new Set();
  readonly #missed: Set<LeafHash> = new Set();
  #outdated = false;

  constructor(suite: VerifySuite, accord: Accord, options: { readonly signatures: boolean } = { signatures: true }) {
    this.suite = suite;
    this.accord = accord;
    this.amendments = new Amendments(suite);
    this.oneSided = presentParties(accord).length === 1;
    this.#signatures = options.signatures;
    this.accordKids = kidsOfAccord(suite, accord);
    this.channels = new Map(accord.terms.channels.map((terms) => [terms.number, new ChannelTrack(terms)]));
    this.prekeys = accord.parties.map(() => []);
    this.logsOf = accord.parties.map((party, position) => {
      const start = { ring: firstRing(suite, party), uses: [firstInUse(accord, party)], amending: [] };
      return party.absent === true ? [] : [this.#open(party.incarnation, position, start)];
    });
  }

  #open(id: LogId, party: number, start: Pick<LogTrack, "ring" | "uses" | "amending">): LogTrack {
    const incarnation = this.logsOf?.[party]?.length ?? 0;
    const actIds = this.logsOf?.[party]?.[0]?.actIds ?? new ActIds();
    const base = { times: [], named: new Map(), notHeld: new Map(), missing: new Set<LeafHash>(), listed: new Map(), lastControl: null };
    const log: LogTrack = { ...base, ...start, id, party, incarnation, actIds, origin: "" };
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
    this.#complete.add(log);
  }

  /** More of this log has turned up after all: heads beyond its end are waited for again. */
  reopen(log: LogId): void {
    this.#complete.delete(log);
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
    const queue = this.#queues.get(entry.log) ?? { next: 0, entries: [] };
    const read = this.logs.get(entry.log)?.times.length ?? 0;
    const position = read + lengthOf(queue);
    assert(entry.index === position, `entry ${entry.index} of ${entry.log} offered at position ${position}`);
    const found = entry.decoded === undefined ? refusable(() => decodeEntry(entry.bytes)) : ok(entry.decoded);
    queue.entries.push({ ...entry, entry: found });
    this.#queues.set(entry.log, queue);
    this.#waiting.set(entry.leaf, entry.log);
    if (this.#missed.has(entry.leaf) || (this.#unseen.has(entry.leaf) && isStanding(found))) this.#outdated = true;
  }

  /** Whether something was judged without an entry that has come since and that bears on it: one that was listed ahead of a
   *  gap, and then referred to, or that is about standing; or an act at the end of a closed log that the next log has placed
   *  again. Only a record loaded anew says what equal entries say elsewhere. */
  get outdated(): boolean {
    return this.#outdated;
  }

  /** Says that everything there is has been offered before anything was read. */
  loadedAtOnce(): void {
    this.#outdated = false;
  }

  /** Entries that wait for others: "cannot be judged yet". */
  get waiting(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + lengthOf(queue), 0);
  }

  /** Reads whatever can be read now. A closed log is read to its end before the next one of its party where that is possible:
   *  what both have placed counts in the closed one, whichever came first. */
  drain(): readonly Judged[] {
    const read: Judged[] = [];
    for (let before = -1; before !== read.length;) {
      before = read.length;
      for (const id of this.#queues.keys()) if (!this.#isAfterWaiting(id)) this.#drainLog(id, read, Infinity);
      if (before !== read.length) continue;
      for (const id of this.#inOrderOfOpening()) if (before === read.length) this.#drainLog(id, read, 1);
    }
    return read;
  }

  #drainLog(id: LogId, read: Judged[], most: number): void {
    const queue = this.#queues.get(id);
    if (queue === undefined) return;
    let count = 0;
    for (let next = queue.entries[queue.next]; next !== undefined && count < most && this.#ready(next); next = queue.entries[queue.next]) {
      // Counted out before it is read: a log's length is what was read and what waits.
      queue.next++;
      count++;
      read.push(this.#read(this.#logFor(id, next), next));
    }
    if (lengthOf(queue) === 0) this.#queues.set(id, { next: 0, entries: [] });
  }

  #inOrderOfOpening(): readonly LogId[] {
    const opened = (id: LogId): number => this.logs.get(id)?.incarnation ?? Infinity;
    return [...this.#queues.keys()].toSorted((a, b) => (opened(a) === opened(b) ? 0 : opened(a) - opened(b)));
  }

  /** Does an earlier log of the same party wait for something? `seen`: logs that close each other in a ring open never. */
  #isAfterWaiting(id: LogId, seen: ReadonlySet<LogId> = new Set()): boolean {
    const known = this.logs.get(id);
    if (known !== undefined) {
      if (known.incarnation === 0) return false;
      const earlier = this.logsOf[known.party]?.slice(0, known.incarnation) ?? [];
      return earlier.some((log) => lengthOf(this.#queues.get(log.id)) > 0);
    }
    const opening = this.#queues.get(id)?.entries[0]?.entry;
    const closed = opening?.ok === true ? opening.value.act.header.facts.closed : undefined;
    if (closed === undefined || seen.has(id)) return false;
    return lengthOf(this.#queues.get(closed.log)) > 0 || this.#isAfterWaiting(closed.log, new Set([...seen, id]));
  }

  #ready(queued: Queued): boolean {
    const known = this.logs.has(queued.log);
    if (!queued.entry.ok) return known;
    const { placement, act } = queued.entry.value;
    const closed = act.header.facts.closed;
    // A later incarnation opens when the log that it closes has been read as far as it says, or when it closes another branch
    // of it than the one that is here.
    if (!known) {
      if (queued.index !== 0 || act.header.kind !== "restored" || closed === undefined || !this.logs.has(closed.log)) return false;
      return this.#readTo(closed.log, closed.size) || this.#isWrong(closed);
    }
    if (placement.ahead.some((leaf) => this.#listsUnread(queued.log, leaf))) return false;
    return placement.heads.every((head) => this.#readTo(head.log, head.size) || this.#isWrong(head)) && !this.#lacks(queued);
  }

  /** An entry that waits for an amendment that is not here, if one does. */
  get lacking(): { readonly log: LogId; readonly index: number } | undefined {
    for (const [log, queue] of this.#queues) {
      const next = queue.entries[queue.next];
      if (next !== undefined && this.#lacks(next)) return { log, index: next.index };
    }
    return undefined;
  }

  /** Whether nobody can judge this entry without an amendment that is not here. */
  #lacks({ log: id, entry }: Queued): boolean {
    const log = this.logs.get(id);
    if (log === undefined || !entry.ok) return false;
    const { kind, facts } = entry.value.act.header;
    if ((kind !== "confirm" && kind !== "in-force") || facts.digest === undefined) return false;
    return this.amendments.get(facts.digest) === undefined && this.#judge(log, entry.value, false) === LACKS_AMENDMENT;
  }

  /** A leaf of another log that is here and not read: what is held ahead of a gap has been placed before. */
  #listsUnread(log: LogId, leaf: LeafHash): boolean {
    const other = this.#waiting.get(leaf);
    return other !== undefined && other !== log;
  }

  #readTo(log: LogId, size: number): boolean {
    return (this.logs.get(log)?.times.length ?? 0) >= size;
  }

  /** A head that cannot be right is not waited for: its root is another one, or it lies beyond a complete log's end. */
  #isWrong({ log, size, root }: Head): boolean {
    const known = this.rootAt(log, size);
    if (known !== undefined) return known !== root;
    const offered = (this.logs.get(log)?.times.length ?? 0) + lengthOf(this.#queues.get(log));
    return this.#complete.has(log) && size > offered;
  }

  #logFor(id: LogId, queued: Queued): LogTrack {
    const known = this.logs.get(id);
    if (known !== undefined) return known;
    assert(queued.entry.ok, "only a readable `restored` opens a log");
    const { header } = queued.entry.value.act;
    const closed = header.facts.closed;
    const before = closed === undefined ? undefined : this.logs.get(closed.log);
    assert(before !== undefined && closed !== undefined, "a log is opened by closing a known one");
    const log = this.#open(id, before.party, carriedOver(before, closed.size));
    before.actIds.close(before.incarnation, closed.size);
    // Its entries may date what others did differently.
    for (const track of this.channels.values()) track.debts.reopenAll();
    this.logsOf[before.party]?.push(log);
    return log;
  }

  #read(log: LogTrack, queued: Queued): Judged {
    const { leaf, index } = queued;
    this.#waiting.delete(leaf);
    const entry = queued.entry.ok ? queued.entry.value : undefined;
    let refusal = queued.entry.ok ? undefined : queued.entry.refusal;
    if (entry !== undefined) {
      refusal = this.#judge(log, entry, this.#signatures && queued.checked !== true);
      this.#place(log, entry, index);
      this.#noteMissed(log, entry);
    }
    log.times.push(Math.max(entry?.placement.time ?? 0, log.times.at(-1) ?? 0));
    if (entry !== undefined && refusal === undefined)
      this.#effect({ log, index, leaf, header: entry.act.header, placement: entry.placement });
    else this.byLeaf.set(leaf, { log, index, leaf });
    return { log: log.id, index, leaf, entry, refusal };
  }

  #judge(log: LogTrack, entry: Entry, signatures: boolean): Refusal | undefined {
    return judge(contextOf(this, { log, entry, signatures }), entry) ?? judgeOpening(this.accord, log, entry);
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

  /** What would be judged otherwise if something else had been read before. */
  #noteMissed(log: LogTrack, { act: { header } }: Entry): void {
    for (const leaf of header.refs) if (this.#unseen.has(leaf) && !this.byLeaf.has(leaf)) this.#missed.add(leaf);
    const control = header.kind !== undefined && KINDS[header.kind].control === true;
    if (!control && log.actIds.hasLater(header.actId, log.incarnation)) this.#outdated = true;
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
      if (!this.byLeaf.has(leaf)) this.#unseen.add(leaf);
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
    this.#service(placed);
    this.channels.get(header.channel)?.add(this, placed);
    if (kind === "observed") this.#observe(placed);
  }

  #service(placed: Placed): void {
    const { kind, refs } = placed.header;
    const said = kind === "confirm-served" || kind === "dispute-served" ? this.saidOf : undefined;
    const book = kind === "served" ? this.served : said;
    for (const leaf of refs) book?.set(leaf, [...(book.get(leaf) ?? []), placed]);
  }

  /** What is entered as observed of a party that is not there stands as its act, in the account of whoever entered it. */
  #observe(placed: Placed): void {
    const { log, header } = placed;
    const party = this.accord.parties.findIndex((item) => item.absent === true);
    const absent = this.accord.parties[party];
    const kind = KIND_NAMES.find((name) => name === header.facts.outcome);
    if (absent === undefined || kind === undefined) return;
    let observed = this.#observed.get(log.id);
    if (observed === undefined) {
      const nothing = { named: new Map(), notHeld: new Map(), missing: new Set<LeafHash>(), listed: new Map() };
      observed = { ...log, ...nothing, id: absent.incarnation, party, observedIn: log };
      this.#observed.set(log.id, observed);
    }
    this.channels.get(header.channel)?.add(this, { ...placed, log: observed, header: { ...header, kind, to: [] } });
  }
}

/** What a later incarnation goes on with: keys, accord and acts of amendments as they stood where it closes the one before. */
function carriedOver(before: LogTrack, size: number): Pick<LogTrack, "ring" | "uses" | "amending"> {
  const uses = before.uses.filter((use) => use.since < size).map((use): InUse => ({ ...use, since: -1 }));
  const last = uses.at(-1);
  assert(last !== undefined, "every log begins with an accord");
  const amending = before.amending.filter((act) => act.log !== before || act.index < size);
  return { ring: before.ring.carriedOver(size), uses: [last], amending };
}

const STANDING: ReadonlySet<KindName> = new Set(["suspend", "resume", "cancel", "withdraw"]);

/** Acts that say how those of others are judged, once their authors hold them. */
const isStanding = (read: Result<Entry>): boolean => {
  const kind = read.ok ? read.value.act.header.kind : undefined;
  return kind !== undefined && STANDING.has(kind);
};
