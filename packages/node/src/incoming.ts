import {
  type Accepted,
  type AheadFrame,
  type DisclosureFrame,
  type EntriesFrame,
  type Entry,
  type HaveFrame,
  type Head,
  type HeadFrame,
  type Judged,
  type LeafHash,
  type LogId,
  type OwnLog,
  type PackedFrame,
  type Party,
  type Refusal,
  type Result,
  type UnixMillis,
  DICTIONARY_ENTRIES,
  EMPTY_FRONTIER,
  accept,
  carriedAmendment,
  encodeWireCheckpoint,
  fromHex,
  limits,
  ok,
  openingOf,
  parseDigest,
  parseLogIndex,
  refusable,
  decodeEntry,
  rootFromPlace,
  rootHint,
  rootOf,
  toHex,
  unpackEntries,
  vouchedFor,
} from "@openline/core";
import { Bodies, type Missing } from "./bodies.ts";
import { erasedBy } from "./erase.ts";
import { Ahead, type AheadOfGap, isListed } from "./exchange-ahead.ts";
import { Findings } from "./findings.ts";
import { forkAhead, forkBetween, forkIn, forkUnder } from "./forks.ts";
import { type PeerLog, encodePositions, forkKey, holdable, newPeerLog, unverifiedKey } from "./peer-log.ts";
import { type StoredLogs, loadPeerLogs } from "./peer-log-load.ts";
import { Objects } from "./exchange-objects.ts";
import { Quota } from "./exchange-quota.ts";
import { Roots } from "./roots.ts";
import { type ExchangeOptions, NOTHING, type Received, sealedHead } from "./received.ts";
import type { StoredUpTo } from "./receipts.ts";
import type { Batch, StoredEntry } from "./store/store.ts";

/** A peer that names more of our log than we have may be right, if we were rolled back: it is given this long to return
 *  what we lost before its entries are judged by what we have. */
const BEYOND_US_MS = 60_000;

/** What two histories of one log look like from here. */
const OTHER_HISTORY: ReadonlySet<Refusal["code"]> = new Set(["wrong-root", "malformed", "truncated", "oversized"]);

interface From {
  readonly now: UnixMillis;
  readonly bytes: Uint8Array;
}

/** One new entry of a frame, read as far as it can be. */
interface Fresh extends NewEntry {
  readonly index: number;
  readonly entry: Result<Entry>;
}
type NewEntry = Accepted["entries"][number];

/** The receiving half of the exchange: bytes are checked, kept, and read into the record. */
export class Incoming {
  readonly bodies: Bodies;
  readonly findings: Findings;
  readonly roots: Roots;
  readonly ahead: Ahead;
  readonly quota: Quota;
  readonly objects: Objects;
  readonly #options: ExchangeOptions;
  readonly #logs: Map<LogId, PeerLog> = new Map();

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.bodies = new Bodies(options);
    this.findings = new Findings(options);
    this.roots = new Roots(options);
    this.ahead = new Ahead(options);
    this.quota = new Quota(options.peerBytes);
    this.objects = new Objects(options, this.findings);
  }

  /** Takes up what the store has, after a start. */
  async load(stored: StoredLogs, now: UnixMillis): Promise<void> {
    for (const item of await loadPeerLogs(this.#options, stored, { bodies: this.bodies, now })) this.#logs.set(item.log, item);
    for (const [log, { entries }] of stored) {
      this.roots.grew(
        log,
        EMPTY_FRONTIER,
        entries.map(({ leaf }) => fromHex(leaf)),
      );
      // Entries that wait for others name heads that are still to come.
      const waiting = entries.slice(this.#options.record.readTo(log)).map(({ entry }) => refusable(() => decodeEntry(entry)));
      await this.roots.find(waiting, (id) => this.#sizeOf(id));
    }
    for (const [log, { entries }] of stored) this.#closes(log, entries[0]?.entry);
    await this.ahead.load(this.#options.store);
    await this.objects.load();
    for (const [log, { entries }] of stored) this.#count(this.#logs.get(log)?.party, entries);
  }

  #count(party: Party | undefined, entries: readonly StoredEntry[]): void {
    if (party !== undefined) this.quota.add(party, bytesOf(entries));
  }

  /** Entries ahead of a gap that are to be listed, as after a start. */
  get unlisted(): readonly LeafHash[] {
    const { record, accord, party } = this.#options;
    const mine = record.logsOf[accord.parties.indexOf(party)] ?? [];
    return this.ahead.all.flatMap((item) => (isListed(item) && !mine.some(({ listed }) => listed.has(item.leaf)) ? [item.leaf] : []));
  }

  log(id: LogId): PeerLog | undefined {
    return this.#logs.get(id);
  }

  /** All logs, the latest opened first. */
  get logs(): readonly PeerLog[] {
    return [...this.#logs.values()].toReversed();
  }

  /** What is stored of every log but `except`, which speaks for itself. */
  have(except: LogId): HaveFrame["logs"] {
    const others = this.logs.filter((item) => item.log !== except).slice(0, limits.headsMax - 1);
    let room: number = limits.missingMax;
    return others.map(({ log, frontier }) => {
      const missing = this.bodies.wanted(log).slice(0, room);
      room -= missing.length;
      return {
        log,
        size: frontier.size,
        root: rootHint(rootOf(this.#options.suite, frontier)),
        missing,
        ahead: this.ahead.of(log).map(({ index }) => index),
      };
    });
  }

  /** A log of which a peer has stored as much as we have and other entries: it is asked for once from its start, which may
   *  show a fork. */
  otherHistory({ logs }: HaveFrame): LogId | undefined {
    for (const { log, size, root } of logs) {
      const item = this.#logs.get(log);
      if (item === undefined || item.forked || item.askedFromStart || size === 0 || item.frontier.size !== size) continue;
      if (rootHint(rootOf(this.#options.suite, item.frontier)) === root) continue;
      item.askedFromStart = true;
      return log;
    }
    return undefined;
  }

  /** Our own log as it was when a new incarnation closed it. */
  closeOwn(own: OwnLog, closed: Head): void {
    const { record, party } = this.#options;
    const item = this.#logs.get(own.log) ?? newPeerLog(own.log, { party, origin: record.logs.get(own.log)?.origin ?? "" });
    if (item.frontier.size < own.frontier.size) item.frontier = own.frontier;
    item.closed = closed;
    this.#logs.set(own.log, item);
  }

  /** Everything that is durably here with its bodies, as after a start. */
  held(): readonly StoredUpTo[] {
    return this.logs.flatMap((item) => this.#holdable(item, "nothing"));
  }

  #holdable(item: PeerLog, asks: StoredUpTo["asks"]): readonly StoredUpTo[] {
    if (item.party === this.#options.party) return [];
    const head = holdable(item, this.bodies.firstMissing(item.log));
    return head === undefined ? [] : [{ head, asks }];
  }

  /** Restores packed entries over what is stored. What cannot be restored is answered as entries that give a wrong root are:
   *  whoever packed them may have another history before them. */
  async unpacked(frame: PackedFrame, from: From): Promise<EntriesFrame | Received> {
    const { suite, accord, store, own } = this.#options;
    const item = this.#logs.get(frame.log);
    if (item === undefined && frame.from > 0 && frame.log !== own().log) return NOTHING;
    if (frame.from > this.#sizeOf(frame.log)) return { ...NOTHING, ask: "again" };
    const back = Math.min(frame.from, DICTIONARY_ENTRIES);
    const before = (await store.entries(frame.log, frame.from - back, back)).map(({ entry }) => entry);
    const roots = new Map<string, Uint8Array>();
    for (const { named } of frame.entries) {
      const frontier = named === null ? undefined : await this.roots.frontierAt(named.log, named.size);
      if (named !== null && frontier !== undefined) roots.set(`${named.log}/${named.size}`, rootOf(suite, frontier));
    }
    const restored = unpackEntries({ suite, accord, before }, frame, (log, size) => roots.get(`${log}/${size}`));
    if (restored.ok) return restored.value;
    if (restored.refusal.code === "wrong-head") return { ...NOTHING, ask: "again" };
    if (item !== undefined) return this.#unaccepted(item, restored.refusal, from);
    await this.findings.keep(restored.refusal, { ...from, log: frame.log });
    return NOTHING;
  }

  /** Checks and keeps a frame of entries. */
  async entries(frame: EntriesFrame, from: From): Promise<Received> {
    const item = await this.#logOf(frame, from);
    if (item === undefined || item.forked) return NOTHING;
    const { suite, own } = this.#options;
    // Our own log grows elsewhere; a peer returns of it only what we have lost.
    if (item.log === own().log && item.frontier.size < own().frontier.size) item.frontier = own().frontier;
    if (frame.from > item.frontier.size) return { ...NOTHING, ask: "again" };
    // The incarnation that vouches for this end has not come yet.
    if (frame.checkpoint === null && item.closed === undefined) return NOTHING;
    const fork = (await forkIn(this.#options, item, frame)) ?? (await forkAhead(this.#options, item, frame, this.ahead.of(item.log)));
    if (fork !== undefined) return this.#forked(item, fork, from);
    if (frame.from + frame.entries.length < item.frontier.size) return NOTHING;
    const accepted = accept(suite, item, frame);
    if (!accepted.ok) return this.#unaccepted(item, accepted.refusal, from);
    const fresh = accepted.value.entries.map((entry, i): Fresh => ({
      ...entry,
      index: accepted.value.from + i,
      entry: refusable(() => decodeEntry(entry.bytes)),
    }));
    if (!this.#hasRoom(item, fresh) || this.#beyondUs(item, fresh, from.now)) return { ...NOTHING, ask: "again" };
    await this.roots.find(
      fresh.map(({ entry }) => entry),
      (log) => this.#sizeOf(log),
    );
    return this.#keep(item, frame, { ...accepted.value, fresh, now: from.now });
  }

  /** A head over what is here already. */
  async head({ checkpoint }: HeadFrame, from: From): Promise<Received> {
    const { incarnation: log, size } = checkpoint;
    const item = this.#logs.get(log);
    if (item === undefined || size < item.frontier.size) return NOTHING;
    return this.entries({ kind: "entries", log, from: size, entries: [], checkpoint }, from);
  }

  /** Checks and keeps an entry that overtakes those before it: its place is signed, its predecessors are outstanding. */
  async overtaking(frame: AheadFrame, from: From): Promise<Received> {
    const { suite, party } = this.#options;
    const { incarnation: log, size } = frame.checkpoint;
    const item = this.#logs.get(log);
    if (item === undefined || item.forked || item.party === party) return NOTHING;
    const read = this.ahead.read(frame);
    const root = read.ok ? rootFromPlace(suite, size - 1, fromHex(read.value.leaf), frame.proof) : undefined;
    const signed = root !== undefined && vouchedFor(suite, { ...item, closed: undefined }, frame.checkpoint, { size, root });
    if (!read.ok || !signed) {
      const refusal = read.ok ? { code: "wrong-root" as const, detail: `entry ${size - 1} has no place its party signed` } : read.refusal;
      await this.findings.keep(refusal, { ...from, log });
      return NOTHING;
    }
    const known = this.ahead.get(log, size - 1);
    const fork = known === undefined ? await forkUnder(this.#options, item, read.value) : forkBetween(suite, known, read.value);
    if (fork !== undefined) return this.#forked(item, fork, from);
    const room = this.quota.takes(item.party, frame.entry.length + (frame.disclosure?.length ?? 0), [ok(read.value.entry)]);
    return known === undefined && size > item.frontier.size && room ? this.#keepAhead(read.value) : NOTHING;
  }

  /** Durable, then listed: from there on it is held. */
  async #keepAhead(item: AheadOfGap): Promise<Received> {
    const meta = this.ahead.keep(item);
    if (meta === undefined) return { ...NOTHING, ask: "again" };
    await this.#options.store.commit({ meta });
    return { ...NOTHING, late: isListed(item) ? [item.leaf] : [] };
  }

  /** A log is taken up only when its first frame has been accepted, so that nobody fills our memory with names. */
  async #logOf(frame: EntriesFrame, from: From): Promise<PeerLog | undefined> {
    const known = this.#logs.get(frame.log);
    if (known !== undefined) return known;
    const first = frame.from === 0 ? frame.entries[0]?.entry : undefined;
    // Nothing wrong with it: the log's first entries have not come yet, and the next HAVE asks for them.
    if (first === undefined) return undefined;
    const opened = openingOf(this.#options.accord, frame.log, first);
    if (opened.ok) return newPeerLog(frame.log, opened.value);
    await this.findings.keep(opened.refusal, { ...from, log: frame.log });
    return undefined;
  }

  /** A proof that merely fails proves nothing: the log is asked for once more from its start, which may show a fork. */
  async #unaccepted(item: PeerLog, refusal: Refusal, from: From): Promise<Received> {
    await this.findings.keep(refusal, { ...from, log: item.log });
    if (!OTHER_HISTORY.has(refusal.code) || item.askedFromStart || !this.#logs.has(item.log)) return NOTHING;
    item.askedFromStart = true;
    return { ...NOTHING, ask: "from-start" };
  }

  #hasRoom({ party }: PeerLog, fresh: readonly Fresh[]): boolean {
    const bytes = fresh.reduce((sum, entry) => sum + entry.bytes.length + (entry.disclosure?.length ?? 0), 0);
    if (party === this.#options.party) return true;
    return this.quota.takes(
      party,
      bytes,
      fresh.map(({ entry }) => entry),
    );
  }

  #beyondUs(item: PeerLog, fresh: readonly Fresh[], now: UnixMillis): boolean {
    const { record, accord, party } = this.#options;
    const mine = new Set(record.logsOf[accord.parties.indexOf(party)]?.map(({ id }) => id));
    const beyond = fresh.some(
      ({ entry }) => entry.ok && entry.value.placement.heads.some(({ log, size }) => mine.has(log) && size > this.#sizeOf(log)),
    );
    if (!beyond) {
      item.beyondUsSince = undefined;
      return false;
    }
    item.beyondUsSince ??= now;
    this.#logs.set(item.log, item);
    if (now < item.beyondUsSince + BEYOND_US_MS) return true;
    for (const log of mine) record.complete(log);
    return false;
  }

  #sizeOf(log: LogId): number {
    const own = this.#options.own();
    return Math.max(log === own.log ? own.frontier.size : 0, this.#logs.get(log)?.frontier.size ?? 0);
  }

  /** Store, then read: what is named as held is durable with its body. */
  async #keep(
    item: PeerLog,
    frame: EntriesFrame,
    accepted: Accepted & { readonly fresh: readonly Fresh[]; readonly now: UnixMillis },
  ): Promise<Received> {
    const { record, store, party, own } = this.#options;
    const { fresh, root, frontier, now } = accepted;
    if (fresh.length === 0 && frame.checkpoint?.mldsa === undefined) return NOTHING;
    this.#logs.set(item.log, item);
    const head: Head = { log: item.log, size: frontier.size, root: parseDigest(toHex(root)) };
    this.roots.grew(
      item.log,
      item.frontier,
      fresh.map(({ leaf }) => fromHex(leaf)),
    );
    // There is more of our own log than we knew.
    if (item.log === own().log) record.reopen(item.log);
    const entries = fresh.map((entry) => this.#withBody(item, entry, now));
    const learnt = fresh.flatMap(({ entry }, i) => (entry.ok ? this.#learn(entry.value, entries[i]?.disclosure) : []));
    const offered = fresh.flatMap(({ index, leaf, bytes, entry }) =>
      record.offer({ log: item.log, index, leaf, bytes, ...(entry.ok ? { decoded: entry.value } : {}) }),
    );
    const judged = [...learnt, ...offered];
    const objects = await this.objects.named(this.bodies.takeNamed(), now);
    await store.commit({ ...this.#batch(item, frame, { head, root, entries, judged }), objects });
    this.objects.wanted(objects);
    this.#count(item.party, entries);
    item.frontier = frontier;
    item.checkpoint = frame.checkpoint ?? item.checkpoint;
    item.askedFromStart = false;
    if ((item.heads.at(-1)?.size ?? 0) < head.size) item.heads.push(head);
    if (accepted.from === 0) this.#closes(item.log, fresh[0]?.bytes);
    this.#erased(judged);
    const tail = item.log === own().log && fresh.length > 0 ? head : undefined;
    const theirs = judged.filter((read) => this.#logs.get(read.log)?.party !== party);
    const touched = new Set([item.log, ...theirs.map((read) => read.log)]);
    const stored = [...touched].flatMap((log) => {
      const known = this.#logs.get(log);
      return known === undefined ? [] : this.#holdable(known, asksFor(theirs));
    });
    return { ...NOTHING, judged: theirs, stored, tail, ask: objects.length > 0 ? "attachments" : undefined };
  }

  /** An amendment that a proposal carries: entries may wait for it. */
  #learn({ act: { header } }: Entry, disclosure: Uint8Array | undefined): readonly Judged[] {
    const { suite, record } = this.#options;
    const carried = carriedAmendment(suite, { kind: header.kind, commitment: header.body }, disclosure);
    return carried === undefined ? [] : record.learn(carried);
  }

  /** An entry as it is stored: with its disclosure, if that is the one it commits to. */
  #withBody(item: PeerLog, fresh: Fresh, now: UnixMillis): StoredEntry {
    const { index, leaf, bytes, disclosure, entry } = fresh;
    const stored = { log: item.log, index: parseLogIndex(index), leaf, entry: bytes };
    if (!entry.ok) return stored;
    const own = item.party === this.#options.party;
    const kept = this.bodies.arrived({ log: item.log, index, leaf, now, own }, entry.value, disclosure);
    return kept === undefined ? stored : { ...stored, disclosure: kept };
  }

  /** What becomes durable with a frame. Signatures not found good by now are checked again after a start. */
  #batch(
    item: PeerLog,
    frame: EntriesFrame,
    kept: { readonly head: Head; readonly root: Uint8Array; readonly entries: readonly StoredEntry[]; readonly judged: readonly Judged[] },
  ): Batch {
    const { head, root, judged } = kept;
    const codes = new Map(judged.map((read) => [read.leaf, read.refusal?.code]));
    const changed = new Set<PeerLog>();
    for (const { leaf, index } of kept.entries) if (!codes.has(leaf)) changed.add(noteUnverified(item, index));
    for (const { log, index, refusal } of judged) {
      const known = this.#logs.get(log);
      const forged = refusal?.code === "wrong-signature" || refusal?.code === "key-not-possessed";
      if (known !== undefined && forged) changed.add(noteUnverified(known, index));
      else if (known?.unverified.delete(index) === true) changed.add(known);
    }
    const { checkpoint } = frame;
    const sealed = checkpoint?.mldsa === undefined ? [] : [sealedHead(item.log, checkpoint)];
    const entries = kept.entries.map((stored) => {
      const code = codes.get(stored.leaf);
      return code === undefined ? stored : { ...stored, refusal: code };
    });
    const heads = checkpoint === null ? [] : [{ log: item.log, size: head.size, root, checkpoint: encodeWireCheckpoint(checkpoint) }];
    const marks = [...changed].map(({ log, unverified }) => ({ key: unverifiedKey(log), value: encodePositions(unverified) }));
    return { entries, heads, meta: [...sealed, ...marks, ...this.ahead.closed(item.log, head.size)] };
  }

  /** A later incarnation vouches for the log it closes, up to the head it names. */
  #closes(log: LogId, first: Uint8Array | undefined): void {
    const opened = first === undefined ? undefined : openingOf(this.#options.accord, log, first);
    const closed = opened?.ok === true ? opened.value.closed : undefined;
    const item = closed === undefined ? undefined : this.#logs.get(closed.log);
    if (closed === undefined || item === undefined || opened?.ok !== true || item.party !== opened.value.party) return;
    if (item.closed === undefined || item.closed.size < closed.size) item.closed = closed;
  }

  /** Bodies that an `erase` in force names are not waited for. */
  #erased(judged: readonly Judged[]): void {
    for (const { refusal, leaf } of judged) {
      const placed = refusal === undefined ? this.#options.record.byLeaf.get(leaf) : undefined;
      for (const place of erasedBy(this.#options.record, placed)) this.bodies.forget(place);
    }
  }

  async #forked(item: PeerLog, proof: Uint8Array, from: From): Promise<Received> {
    const { record, store } = this.#options;
    item.forked = true;
    // What others name of the branch that is not here will never come.
    record.complete(item.log);
    await store.commit({ meta: [{ key: forkKey(item.log), value: proof }] });
    await this.findings.keep({ code: "fork", detail: `two histories of log ${item.log}` }, { ...from, log: item.log });
    return { ...NOTHING, judged: record.drain(), forks: [{ log: item.log, proof }] };
  }

  async disclosure(frame: DisclosureFrame, from: From): Promise<Received> {
    const { log, index, disclosure } = frame;
    const item = this.#logs.get(log);
    const came = this.bodies.came(log, index, disclosure);
    if (came === "unwanted" || item === undefined) return NOTHING;
    if (!("missing" in came)) {
      await this.findings.keep(came, { bytes: disclosure, now: from.now, log });
      return NOTHING;
    }
    const { missing, late, refusal } = came;
    const objects = await this.objects.named(this.bodies.takeNamed(), from.now);
    await this.#options.store.commit({ disclosures: [{ log, index: missing.index, disclosure }], objects });
    this.objects.wanted(objects);
    this.quota.add(item.party, disclosure.length);
    const refused = refusal === undefined ? [] : [{ leaf: missing.leaf, refusal }];
    const carried = carriedAmendment(this.#options.suite, missing, disclosure);
    const learnt = carried === undefined ? [] : this.#options.record.learn(carried);
    const judged = learnt.filter((read) => this.#logs.get(read.log)?.party !== this.#options.party);
    const ask = objects.length > 0 ? "attachments" : undefined;
    return { ...NOTHING, judged, stored: this.#holdable(item, "soon"), refused, late: late ? [missing.leaf] : [], ask };
  }

  /** The refusal of a missing body has been entered: heads above it may be named. */
  release(missing: Missing): readonly StoredUpTo[] {
    this.bodies.giveUp(missing);
    const item = this.#logs.get(missing.log);
    return item === undefined ? [] : this.#holdable(item, "soon");
  }
}

const bytesOf = (entries: readonly StoredEntry[]): number =>
  entries.reduce((sum, { entry, disclosure }) => sum + entry.length + (disclosure?.length ?? 0), 0);

function noteUnverified(item: PeerLog, index: number): PeerLog {
  item.unverified.add(index);
  return item;
}

/** A beat never causes a beat. FLASH, IMMEDIATE, tests and rings are receipted at once. */
function asksFor(judged: readonly Judged[]): StoredUpTo["asks"] {
  const asking = judged.map((read) => read.entry?.act.header).filter((header) => header?.kind !== "beat");
  if (asking.length === 0) return "nothing";
  const urgent = asking.some(
    (header) =>
      header !== undefined &&
      (header.precedence === "FLASH" || header.precedence === "IMMEDIATE" || header.kind === "test" || header.kind === "ring"),
  );
  return urgent ? "at-once" : "soon";
}
