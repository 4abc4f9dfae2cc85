import {
  type Accepted,
  type AheadFrame,
  type DisclosureFrame,
  type EntriesFrame,
  type Head,
  type HeadFrame,
  type LeafHash,
  type PackedFrame,
  type Refusal,
  type UnixMillis,
  accept,
  carriedAmendment,
  fromHex,
  ok,
  openingOf,
  refusable,
  decodeEntry,
  rootFromPlace,
  vouchedFor,
} from "@openline/core";
import { Bodies, type Missing } from "./bodies.ts";
import { Ahead, type AheadOfGap, isListed } from "./exchange-ahead.ts";
import { Objects } from "./exchange-objects.ts";
import { Quota } from "./exchange-quota.ts";
import { Findings } from "./findings.ts";
import { forkAhead, forkBetween, forkIn, forkUnder } from "./forks.ts";
import { BeyondUs, type SaidToHave } from "./incoming-beyond.ts";
import { type Fresh, Keeping } from "./incoming-keep.ts";
import { unpack } from "./incoming-unpack.ts";
import { type PeerLog, forkKey } from "./peer-log.ts";
import { loadPeerLogs } from "./peer-log-load.ts";
import { PeerLogs } from "./peer-logs.ts";
import { type ExchangeOptions, NOTHING, type Received } from "./received.ts";
import { Roots } from "./roots.ts";
import type { StoredLogs } from "./stored-log.ts";
import { signedUnder } from "./verify-aside.ts";

/** What two histories of one log look like from here. */
const OTHER_HISTORY: ReadonlySet<Refusal["code"]> = new Set(["wrong-root", "malformed", "truncated", "oversized"]);

interface From {
  readonly now: UnixMillis;
  readonly bytes: Uint8Array;
}

/** The receiving half of the exchange: bytes are checked, kept, and read into the record. */
export class Incoming {
  readonly bodies: Bodies;
  readonly findings: Findings;
  readonly roots: Roots;
  readonly ahead: Ahead;
  readonly quota: Quota;
  readonly objects: Objects;
  readonly logs: PeerLogs;
  readonly #options: ExchangeOptions;
  readonly #keeping: Keeping;
  readonly #beyondUs: BeyondUs;

  constructor(options: ExchangeOptions, saidToHave: SaidToHave) {
    this.#options = options;
    this.bodies = new Bodies(options);
    this.findings = new Findings(options);
    this.roots = new Roots(options);
    this.ahead = new Ahead(options);
    this.quota = new Quota(options.peerBytes);
    this.objects = new Objects(options, this.findings);
    this.logs = new PeerLogs(options, this);
    this.#keeping = new Keeping(options, this);
    this.#beyondUs = new BeyondUs(options, this.logs, saidToHave);
  }

  /** Takes up what the store has, after a start. */
  async load(stored: StoredLogs, now: UnixMillis): Promise<void> {
    for (const item of await loadPeerLogs(this.#options, stored, { bodies: this.bodies, now })) this.logs.add(item);
    for (const [log, { entries, frontiers }] of stored) {
      this.roots.load(log, frontiers);
      // Entries that wait for others name heads that are still to come.
      const waiting = entries.slice(this.#options.record.readTo(log)).map(({ entry }) => refusable(() => decodeEntry(entry)));
      await this.roots.find(waiting, (id) => this.logs.sizeOf(id));
    }
    for (const [log, { entries }] of stored) this.logs.opened(log, entries[0]?.entry);
    await this.ahead.load(this.#options.store);
    await this.objects.load();
    for (const [log, { entries }] of stored) {
      const party = this.logs.get(log)?.party;
      if (party !== undefined) this.#keeping.count(party, entries);
    }
  }

  /** Entries ahead of a gap that are to be listed, as after a start. */
  get unlisted(): readonly LeafHash[] {
    const { record, accord, party } = this.#options;
    const mine = record.logsOf[accord.parties.indexOf(party)] ?? [];
    return this.ahead.all.flatMap((item) => (isListed(item) && !mine.some(({ listed }) => listed.has(item.leaf)) ? [item.leaf] : []));
  }

  /** Restores packed entries over what is stored. What cannot be restored is answered as entries that give a wrong root are:
   *  whoever packed them may have another history before them. */
  async unpacked(frame: PackedFrame, from: From): Promise<EntriesFrame | Received> {
    const item = this.logs.get(frame.log);
    if (item === undefined && frame.from > 0 && frame.log !== this.#options.own().log) return NOTHING;
    if (frame.from > this.logs.sizeOf(frame.log)) return { ...NOTHING, ask: "again" };
    const restored = await unpack(this.#options, this.roots, frame);
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
    const fresh = await this.#read(item, accepted.value);
    if (!this.#hasRoom(item, fresh)) return { ...NOTHING, ask: "again" };
    const waits = this.#beyondUs.putsOff(item, fresh, from.now);
    if (waits !== undefined) return { ...NOTHING, ask: waits === "from now" ? "again" : undefined };
    await this.roots.find(
      fresh.map(({ entry }) => entry),
      (log) => this.logs.sizeOf(log),
    );
    return this.#keeping.keep(item, frame, { ...accepted.value, fresh, now: from.now });
  }

  /** Decodes what is new. The signatures of many are checked beside the main thread; one alone is sooner checked when it is judged. */
  #read({ log }: PeerLog, { entries, from }: Accepted): Promise<readonly Fresh[]> {
    const read = entries.map(async (item, i): Promise<Fresh> => {
      const entry = refusable(() => decodeEntry(item.bytes));
      const signed = entry.ok && entries.length > 1 ? await signedUnder(this.#options, log, entry.value.act) : undefined;
      return { ...item, index: from + i, entry, signed };
    });
    return Promise.all(read);
  }

  /** A head over what is here already. */
  async head({ checkpoint }: HeadFrame, from: From): Promise<Received> {
    const { incarnation: log, size } = checkpoint;
    const item = this.logs.get(log);
    if (item === undefined || size < item.frontier.size) return NOTHING;
    return this.entries({ kind: "entries", log, from: size, entries: [], checkpoint }, from);
  }

  /** Checks and keeps an entry that overtakes those before it: its place is signed, its predecessors are outstanding. */
  async overtaking(frame: AheadFrame, from: From): Promise<Received> {
    const { suite, party } = this.#options;
    const { incarnation: log, size } = frame.checkpoint;
    const item = this.logs.get(log);
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
    const known = this.logs.get(frame.log);
    if (known !== undefined) return known;
    const first = frame.from === 0 ? frame.entries[0]?.entry : undefined;
    // Nothing wrong with it: the log's first entries have not come yet, and the next HAVE asks for them.
    if (first === undefined) return undefined;
    const opened = openingOf(this.#options.accord, frame.log, first);
    if (opened.ok) return this.logs.begun(frame.log, opened.value);
    await this.findings.keep(opened.refusal, { ...from, log: frame.log });
    return undefined;
  }

  /** A proof that merely fails proves nothing: the log is asked for once more from its start, which may show a fork. */
  async #unaccepted(item: PeerLog, refusal: Refusal, from: From): Promise<Received> {
    await this.findings.keep(refusal, { ...from, log: item.log });
    if (!OTHER_HISTORY.has(refusal.code) || item.askedFromStart || this.logs.get(item.log) === undefined) return NOTHING;
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
    const item = this.logs.get(log);
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
    const judged = learnt.filter((read) => this.logs.get(read.log)?.party !== this.#options.party);
    const ask = objects.length > 0 ? "attachments" : undefined;
    return { ...NOTHING, judged, stored: this.logs.holdable(item), refused, late: late ? [missing.leaf] : [], ask };
  }

  /** The refusal of a missing body has been entered: heads above it may be named. */
  release(missing: Missing): readonly Head[] {
    this.bodies.giveUp(missing);
    const item = this.logs.get(missing.log);
    return item === undefined ? [] : this.logs.holdable(item);
  }
}
