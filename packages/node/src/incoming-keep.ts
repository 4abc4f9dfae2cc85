import {
  type Accepted,
  type EntriesFrame,
  type Entry,
  type Head,
  type Judged,
  type Party,
  type Result,
  type UnixMillis,
  carriedAmendment,
  encodeWireCheckpoint,
  fromHex,
  parseDigest,
  parseLogIndex,
  toHex,
} from "@openline/core";
import type { Bodies } from "./bodies.ts";
import { erasedBy } from "./erase.ts";
import type { Ahead } from "./exchange-ahead.ts";
import type { Objects } from "./exchange-objects.ts";
import type { Quota } from "./exchange-quota.ts";
import { type PeerLog, encodePositions, unverifiedKey } from "./peer-log.ts";
import type { PeerLogs } from "./peer-logs.ts";
import { type ExchangeOptions, NOTHING, type Received, sealedHead } from "./received.ts";
import type { Roots } from "./roots.ts";
import type { Batch, StoredEntry } from "./store/store.ts";
import { type SignedUnder, isStillGood } from "./verify-aside.ts";

/** One new entry of a frame, read as far as it can be. */
export interface Fresh extends NewEntry {
  readonly index: number;
  readonly entry: Result<Entry>;
  /** Found out beside the main thread. */
  readonly signed: SignedUnder;
}
type NewEntry = Accepted["entries"][number];

/** A frame whose end is a head that its party signed. */
export interface AcceptedFresh extends Accepted {
  readonly fresh: readonly Fresh[];
  readonly now: UnixMillis;
}

interface Shelves {
  readonly logs: PeerLogs;
  readonly bodies: Bodies;
  readonly roots: Roots;
  readonly ahead: Ahead;
  readonly quota: Quota;
  readonly objects: Objects;
}

/** Keeps accepted entries: read, then durable, then named. */
export class Keeping {
  readonly #options: ExchangeOptions;
  readonly #to: Shelves;

  constructor(options: ExchangeOptions, to: Shelves) {
    this.#options = options;
    this.#to = to;
  }

  /** What is named as held is durable with its body. */
  async keep(item: PeerLog, frame: EntriesFrame, accepted: AcceptedFresh): Promise<Received> {
    const { store } = this.#options;
    const { logs, bodies, objects } = this.#to;
    const { fresh, root, frontier, now } = accepted;
    if (fresh.length === 0 && frame.checkpoint?.mldsa === undefined) return NOTHING;
    logs.add(item);
    const head: Head = { log: item.log, size: frontier.size, root: parseDigest(toHex(root)) };
    const { entries, judged } = this.#read(item, fresh, now);
    const named = await objects.named(bodies.takeNamed(), now);
    await store.commit({ ...this.#batch(item, frame, { head, root, entries, judged }), objects: named });
    objects.wanted(named);
    this.count(item.party, entries);
    item.frontier = frontier;
    item.checkpoint = frame.checkpoint ?? item.checkpoint;
    item.askedFromStart = false;
    if ((item.heads.at(-1)?.size ?? 0) < head.size) item.heads.push(head);
    if (accepted.from === 0) logs.opened(item.log, fresh[0]?.bytes);
    await this.#erased(judged);
    const tail = item.log === this.#options.own().log && fresh.length > 0 ? head : undefined;
    const ask = named.length > 0 ? "attachments" : undefined;
    return { ...NOTHING, ...this.#came(item, judged), tail, ask };
  }

  /** Counts what is stored of a party against the room it has. */
  count(party: Party, entries: readonly StoredEntry[]): void {
    this.#to.quota.add(party, bytesOf(entries));
  }

  /** Reads new entries into the record, with the bodies that came beside them. */
  #read(item: PeerLog, fresh: readonly Fresh[], now: UnixMillis): { entries: readonly StoredEntry[]; judged: readonly Judged[] } {
    const { record, own } = this.#options;
    this.#to.roots.grew(
      item.log,
      item.frontier,
      fresh.map(({ leaf }) => fromHex(leaf)),
    );
    // There is more of our own log than we knew.
    if (item.log === own().log) record.reopen(item.log);
    const entries = fresh.map((entry) => this.#withBody(item, entry, now));
    const learnt = fresh.flatMap(({ entry }, i) => (entry.ok ? this.#learn(entry.value, entries[i]?.disclosure) : []));
    const { log } = item;
    const offered = fresh.flatMap(({ index, leaf, bytes, entry, signed }) => {
      const checked = isStillGood(record, log, index, signed);
      return record.offer({ log, index, leaf, bytes, decoded: entry.ok ? entry.value : undefined, checked });
    });
    return { entries, judged: [...learnt, ...offered] };
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
    const kept = this.#to.bodies.arrived({ log: item.log, index, leaf, now, own }, entry.value, disclosure);
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
      const known = this.#to.logs.get(log);
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
    return { entries, heads, meta: [...sealed, ...marks, ...this.#to.ahead.closed(item.log, head.size)] };
  }

  /** Bodies that an `erase` in force names are not waited for. One of our own that a peer returns erases here as it did when it was placed. */
  async #erased(judged: readonly Judged[]): Promise<void> {
    const { record, accord, party, store } = this.#options;
    const own = accord.parties.indexOf(party);
    const places = judged.flatMap(({ refusal, leaf }) => (refusal === undefined ? erasedBy(record, record.byLeaf.get(leaf)) : []));
    for (const place of places) this.#to.bodies.forget(place);
    const erasures = places.flatMap(({ log, index }) =>
      record.logs.get(log)?.party === own ? [{ log, index: parseLogIndex(index) }] : [],
    );
    if (erasures.length > 0) await store.commit({ erasures });
  }

  /** Of what was read, the other parties' entries, and the heads that may be named now because of them. */
  #came(item: PeerLog, judged: readonly Judged[]): Pick<Received, "judged" | "stored"> {
    const { logs } = this.#to;
    const theirs = judged.filter((read) => logs.get(read.log)?.party !== this.#options.party);
    const touched = new Set([item.log, ...theirs.map((read) => read.log)]);
    const stored = [...touched].flatMap((log) => {
      const known = logs.get(log);
      return known === undefined ? [] : logs.holdable(known);
    });
    return { judged: theirs, stored };
  }
}

const bytesOf = (entries: readonly StoredEntry[]): number =>
  entries.reduce((sum, { entry, disclosure }) => sum + entry.length + (disclosure?.length ?? 0), 0);

function noteUnverified(item: PeerLog, index: number): PeerLog {
  item.unverified.add(index);
  return item;
}
