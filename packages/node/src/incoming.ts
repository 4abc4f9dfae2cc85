import {
  type DisclosureFrame,
  type EntriesFrame,
  type Frontier,
  type HaveFrame,
  type Head,
  type Judged,
  type LeafHash,
  type LogId,
  type LogIndex,
  type Refusal,
  type UnixMillis,
  EMPTY_FRONTIER,
  accept,
  appendLeaf,
  decodeEntry,
  encode,
  encodeWireCheckpoint,
  fromHex,
  leafOf,
  limits,
  openDisclosure,
  originOf,
  parseDigest,
  parseLogIndex,
  parseWireCheckpoint,
  refusable,
  rootOf,
  signedBy,
  toHex,
} from "@openline/core";
import { type ExchangeOptions, NOTHING, type Received, sealedHead } from "./received.ts";
import type { StoredUpTo } from "./receipts.ts";
import type { StoredEntry } from "./store/store.ts";

/** A body that has not come. */
export interface Missing {
  readonly log: LogId;
  readonly index: LogIndex;
  readonly leaf: LeafHash;
  /** When its entry arrived, and how long it may take. Milliseconds. */
  readonly since: UnixMillis;
  readonly graceMs: number;
}

/** One log of another party, or a closed one of our own, as far as it is stored here. */
interface StoredLog {
  readonly log: LogId;
  readonly partyIndex: number;
  readonly origin: string;
  frontier: Frontier;
  /** Heads its owner signed, smallest first; the last is the size of the log here. */
  readonly heads: Head[];
  checkpoint: EntriesFrame["checkpoint"] | undefined;
  readonly missing: Map<number, Missing>;
  forked: boolean;
}

/** Without a held clock a body may be this late. */
const BODY_GRACE_MS = 60_000;

/** The receiving half of the exchange: bytes are checked, kept, and read into the record. */
export class Incoming {
  readonly #options: ExchangeOptions;
  readonly #logs: Map<LogId, StoredLog> = new Map();
  /** Refused for a missing body already; it may still come. */
  readonly #givenUp: Map<string, Missing> = new Map();

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  async load(stored: ReadonlyMap<LogId, readonly StoredEntry[]>): Promise<void> {
    const { record, suite, store } = this.#options;
    for (const [log, entries] of stored) {
      const track = record.logs.get(log);
      if (track === undefined) continue;
      const item = this.#open(log, track.party, track.origin);
      const latest = await store.latestHead(log);
      for (const entry of entries) item.frontier = appendLeaf(suite, item.frontier, fromHex(entry.leaf));
      const wire = latest === undefined ? undefined : parseWireCheckpoint(latest.checkpoint);
      if (wire?.ok === true) item.checkpoint = wire.value;
      if (entries.length > 0) item.heads.push({ log, size: entries.length, root: parseDigest(toHex(rootOf(suite, item.frontier))) });
      const head = item.heads.at(-1);
      if (head !== undefined) record.noteRoot(log, head.size, head.root);
    }
  }

  #open(log: LogId, partyIndex: number, origin: string): StoredLog {
    const item: StoredLog = {
      log,
      partyIndex,
      origin,
      frontier: EMPTY_FRONTIER,
      heads: [],
      checkpoint: undefined,
      missing: new Map(),
      forked: false,
    };
    this.#logs.set(log, item);
    return item;
  }

  have(): HaveFrame["logs"] {
    return [...this.#logs.values()].map((item) => ({
      log: item.log,
      size: item.forked ? 0 : item.frontier.size,
      head: item.checkpoint ?? null,
      missing: [...item.missing.keys()].slice(0, limits.missingMax),
    }));
  }

  originOf(log: LogId): string | undefined {
    return this.#logs.get(log)?.origin;
  }

  /** Everything that is durably here with its bodies, as after a start. */
  held(): readonly StoredUpTo[] {
    return [...this.#logs.values()].flatMap((item) => this.#holdable(item, "nothing"));
  }

  /** The largest signed head below which every body has come or been refused. */
  #holdable(item: StoredLog, asks: StoredUpTo["asks"]): readonly StoredUpTo[] {
    if (this.#options.accord.parties[item.partyIndex] === this.#options.party) return [];
    const first = Math.min(...item.missing.keys(), Infinity);
    const head = item.heads.findLast((known) => known.size <= first);
    return head === undefined ? [] : [{ head, asks }];
  }

  /** Checks and keeps a frame of entries. `askAgain`: the sender should hear what we have. */
  async entries(
    frame: EntriesFrame,
    from: { readonly now: UnixMillis; readonly bytes: Uint8Array },
  ): Promise<Received & { readonly askAgain: boolean }> {
    const nothing = { ...NOTHING, askAgain: false };
    const item = await this.#logOf(frame, from);
    if (item === undefined) return nothing;
    const { suite, accord, own } = this.#options;
    // Our own log grows elsewhere; a peer returns of it only what we have lost.
    if (item.log === own().log) item.frontier = own().frontier;
    const party = accord.parties[item.partyIndex];
    if (party === undefined || item.forked) return nothing;
    if (frame.from > item.frontier.size) return { ...nothing, askAgain: true };
    const fork = await this.#forkIn(item, frame);
    if (fork !== undefined) return this.#forked(item, fork, from);
    if (frame.from + frame.entries.length < item.frontier.size) return nothing;
    const accepted = accept(suite, { party, origin: item.origin, frontier: item.frontier }, frame);
    if (!accepted.ok) {
      await this.find(accepted.refusal, { ...from, log: frame.log });
      return { ...nothing, askAgain: false };
    }
    return { ...(await this.#keep(item, frame, { ...accepted.value, now: from.now })), askAgain: false };
  }

  async #logOf(frame: EntriesFrame, from: { readonly now: UnixMillis; readonly bytes: Uint8Array }): Promise<StoredLog | undefined> {
    const known = this.#logs.get(frame.log);
    if (known !== undefined) return known;
    const opened = originOf(this.#options.accord, frame);
    if (opened.ok) return this.#open(frame.log, this.#options.accord.parties.indexOf(opened.value.party), opened.value.origin);
    await this.find(opened.refusal, { ...from, log: frame.log });
    return undefined;
  }

  /** Store, then read: what is named as held is durable with its body. */
  async #keep(
    item: StoredLog,
    frame: EntriesFrame,
    accepted: { frontier: Frontier; root: Uint8Array; from: number; entries: readonly NewEntry[]; now: UnixMillis },
  ): Promise<Received> {
    const { record, store } = this.#options;
    const head: Head = { log: item.log, size: accepted.frontier.size, root: parseDigest(toHex(accepted.root)) };
    record.noteRoot(head.log, head.size, head.root);
    const own = this.#options.accord.parties[item.partyIndex] === this.#options.party;
    const checked = accepted.entries.map((entry, i) => this.#check(item, { ...entry, index: accepted.from + i, now: accepted.now }));
    const judged = checked.flatMap(({ stored }) =>
      record.offer({ log: item.log, index: stored.index, leaf: stored.leaf, bytes: stored.entry }),
    );
    const refusals = new Map(judged.map((read) => [read.leaf, read.refusal?.code]));
    const entries = checked.map(({ stored }) => withRefusal(stored, refusals.get(stored.leaf)));
    const checkpoint = encodeWireCheckpoint(frame.checkpoint);
    const sealed = frame.checkpoint.mldsa === undefined ? [] : [sealedHead(item.log, frame.checkpoint)];
    await store.commit({ entries, heads: [{ log: item.log, size: head.size, root: accepted.root, checkpoint }], meta: sealed });
    item.frontier = accepted.frontier;
    item.checkpoint = frame.checkpoint;
    if ((item.heads.at(-1)?.size ?? 0) < head.size) item.heads.push(head);
    for (const { missing } of checked) if (missing !== undefined) item.missing.set(missing.index, missing);
    const tail = own && accepted.entries.length > 0 && record.logsOf[item.partyIndex]?.at(-1)?.id === item.log ? head : undefined;
    const others = judged.filter((read) => record.logs.get(read.log)?.party !== this.#options.accord.parties.indexOf(this.#options.party));
    return { ...NOTHING, judged: others, stored: this.#holdable(item, asksFor(judged)), tail };
  }

  #check(item: StoredLog, entry: NewEntry & { index: number; now: UnixMillis }): { stored: StoredEntry; missing: Missing | undefined } {
    const { suite, accord } = this.#options;
    const index = parseLogIndex(entry.index);
    const base: StoredEntry = { log: item.log, index, leaf: entry.leaf, entry: entry.bytes };
    const decoded = refusable(() => decodeEntry(entry.bytes));
    const commitment = decoded.ok ? decoded.value.act.header.body : undefined;
    if (!decoded.ok || commitment === undefined) return { stored: base, missing: undefined };
    const { kind, channel, precedence } = decoded.value.act.header;
    const opened = entry.disclosure === undefined ? undefined : openDisclosure({ suite, commitment, disclosure: entry.disclosure, kind });
    const matches = opened !== undefined && (opened.ok || opened.refusal.code !== "wrong-disclosure");
    if (matches && entry.disclosure !== undefined) return { stored: { ...base, disclosure: entry.disclosure }, missing: undefined };
    const clock = accord.terms.channels.find((terms) => terms.number === channel)?.clocks.held[precedence];
    const graceMs = clock === undefined ? BODY_GRACE_MS : clock * 1000;
    return { stored: base, missing: { log: item.log, index, leaf: entry.leaf, since: entry.now, graceMs } };
  }

  /** Different leaves at one index under two heads that this party's key signed: a fork, proven by both. */
  async #forkIn(item: StoredLog, frame: EntriesFrame): Promise<Uint8Array | undefined> {
    const { suite, store, accord } = this.#options;
    const overlap = Math.min(frame.entries.length, item.frontier.size - frame.from);
    if (overlap <= 0) return undefined;
    const ours = await store.entries(item.log, frame.from, Math.min(overlap, 4096));
    const leaves = frame.entries.map((entry) => leafOf(suite, entry.entry));
    if (ours.every((entry, i) => entry.leaf === leaves[i])) return undefined;
    let frontier = EMPTY_FRONTIER;
    for (let at = 0; at < frame.from; at += 4096) {
      for (const entry of await store.entries(item.log, at, Math.min(4096, frame.from - at)))
        frontier = appendLeaf(suite, frontier, fromHex(entry.leaf));
    }
    for (const leaf of leaves) frontier = appendLeaf(suite, frontier, fromHex(leaf));
    const root = rootOf(suite, frontier);
    const party = accord.parties[item.partyIndex];
    if (party === undefined || !signedBy(suite, { party, origin: item.origin, frontier }, frame.checkpoint, root)) return undefined;
    const first = item.checkpoint === undefined ? null : encodeWireCheckpoint(item.checkpoint);
    return encode([first, rootOf(suite, item.frontier), encodeWireCheckpoint(frame.checkpoint), root]);
  }

  async #forked(
    item: StoredLog,
    proof: Uint8Array,
    from: { readonly now: UnixMillis; readonly bytes: Uint8Array },
  ): Promise<Received & { readonly askAgain: boolean }> {
    item.forked = true;
    await this.find({ code: "fork", detail: `two histories of log ${item.log}` }, { ...from, log: item.log });
    return { ...NOTHING, forks: [{ log: item.log, proof }], askAgain: false };
  }

  async disclosure(frame: DisclosureFrame, now: UnixMillis): Promise<Received> {
    const item = this.#logs.get(frame.log);
    const missing = item?.missing.get(frame.index) ?? this.#givenUp.get(`${frame.log}/${frame.index}`);
    if (item === undefined || missing === undefined) return NOTHING;
    const { suite, store } = this.#options;
    const [stored] = await store.entries(frame.log, frame.index, 1);
    const decoded = stored === undefined ? undefined : refusable(() => decodeEntry(stored.entry));
    const commitment = decoded?.ok === true ? decoded.value.act.header.body : undefined;
    if (commitment === undefined || decoded?.ok !== true) return NOTHING;
    const opened = openDisclosure({ suite, commitment, disclosure: frame.disclosure, kind: decoded.value.act.header.kind });
    if (!opened.ok && opened.refusal.code === "wrong-disclosure") {
      await this.find(opened.refusal, { bytes: frame.disclosure, now, log: frame.log });
      return NOTHING;
    }
    await store.commit({ disclosures: [{ log: frame.log, index: missing.index, disclosure: frame.disclosure }] });
    const late = this.#givenUp.delete(`${frame.log}/${frame.index}`) ? missing.leaf : undefined;
    item.missing.delete(frame.index);
    return { ...NOTHING, stored: this.#holdable(item, "soon"), late };
  }

  overdue(now: UnixMillis): readonly Missing[] {
    return [...this.#logs.values()].flatMap((item) =>
      [...item.missing.values()].filter((missing) => now >= missing.since + missing.graceMs),
    );
  }

  release(missing: Missing): readonly StoredUpTo[] {
    const item = this.#logs.get(missing.log);
    if (item === undefined) return [];
    item.missing.delete(missing.index);
    this.#givenUp.set(`${missing.log}/${missing.index}`, missing);
    return this.#holdable(item, "soon");
  }

  async find(refusal: Refusal, from: { readonly bytes: Uint8Array; readonly now: UnixMillis; readonly log?: LogId }): Promise<void> {
    const log = from.log === undefined ? {} : { log: from.log };
    await this.#options.store.commit({
      findings: [{ at: from.now, code: refusal.code, detail: refusal.detail, bytes: from.bytes, ...log }],
    });
  }
}

interface NewEntry {
  readonly bytes: Uint8Array;
  readonly leaf: LeafHash;
  readonly disclosure: Uint8Array | undefined;
}

const withRefusal = (stored: StoredEntry, code: Refusal["code"] | undefined): StoredEntry =>
  code === undefined ? stored : { ...stored, refusal: code };

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
