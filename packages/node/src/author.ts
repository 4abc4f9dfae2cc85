import {
  type Act,
  type Head,
  type LeafHash,
  type LineRecord,
  type LogId,
  type KeyRing,
  type OwnLog,
  type Party,
  type Result,
  assert,
  carriedAmendment,
  decodeAct,
  emptyOwnLog,
  firstRing,
  fromHex,
  inUseAt,
  inUseNow,
  ok,
  ownReply,
  parseDigest,
  parseLogId,
  parseLogIndex,
  place,
  refusable,
  refuse,
  rootOfLeaves,
  rootOfOwn,
  secondsOf,
  toHex,
} from "@openline/core";
import { erasedBy } from "./erase.ts";
import { Exchange } from "./exchange.ts";
import { type NodeActSaid, nodeAct } from "./node-act.ts";
import type { NodeOptions } from "./node-options.ts";
import type { NodeSigners } from "./node-signers.ts";
import { headSigner, originOfOwn } from "./own-log.ts";
import { Receipts } from "./receipts.ts";
import type { Start } from "./start.ts";
import { type StoredEntry, everyEntry } from "./store/store.ts";
import { type SignedHead, Writer } from "./writer.ts";

/** Where an act came to stand. */
export interface Receipt {
  readonly log: LogId;
  readonly index: number;
  readonly leaf: LeafHash;
}

/** An entry that has its place and is being written. */
export interface Placing {
  readonly receipt: Receipt;
  readonly written: Promise<void>;
  readonly erases: ReturnType<typeof erasedBy>;
}

/** With the keys of the node's own acts. */
type AuthorOptions = NodeOptions & { readonly signers: NodeSigners };

/** The one hand that writes a party's own log: it places acts, makes them durable, sends them, and opens a new incarnation where
 *  the old one may not be signed any more. */
export class Author {
  readonly receipts: Receipts;
  readonly exchange: Exchange;
  readonly #options: AuthorOptions;
  readonly #record: LineRecord;
  /** At the start store and second place said the same of our log. */
  readonly #agrees: boolean;
  #own: OwnLog;
  #writer: Writer;
  /** The last head that the record and the exchange were told of. */
  #noted: SignedHead | undefined;

  constructor(options: AuthorOptions, start: Start) {
    this.#options = options;
    this.#record = start.record;
    this.#agrees = start.decision === "go-on";
    this.#own = start.own;
    this.#writer = this.#newWriter(start.swapped);
    const own = (): OwnLog => this.#own;
    this.receipts = new Receipts({ record: start.record, own, delayMs: options.receiptDelayMs });
    this.exchange = new Exchange({ ...options, record: start.record, own });
  }

  get own(): OwnLog {
    return this.#own;
  }

  /** The own log at its end, whether signed yet or not. */
  get head(): Head {
    return { log: this.#own.log, size: this.#own.frontier.size, root: rootOfOwn(this.#options.suite, this.#own) };
  }

  /** The own log as far as it has been read: what waits in it for another log cannot be closed over. */
  async readHead(): Promise<Head> {
    const { log, frontier } = this.#own;
    const size = this.#record.readTo(log);
    if (size >= frontier.size) return this.head;
    const read = (await everyEntry(this.#options.store, log)).slice(0, size).map(({ leaf }) => fromHex(leaf));
    return { log, size, root: parseDigest(toHex(rootOfLeaves(this.#options.suite, read))) };
  }

  /** Gives an act its place and hands it to the writer. Synchronous: nothing comes between two places. `verified`: its
   *  signatures are good; `node`: an act that this node has just made, of which nothing can be wrong. */
  place(act: Act, disclosure: Uint8Array | undefined, by: "post" | "verified" | "node"): Result<Placing> {
    const { suite, world } = this.#options;
    if (this.#leavesNone(act)) return refuse("not-authorised", "this node's own key, and no other one of it counts");
    const naming = this.receipts.naming();
    const now = secondsOf(world.clock.now());
    const read = refusable(() => place(suite, this.#own, act, { now, ...naming }));
    if (!read.ok) return read;
    const { own, placed } = read.value;
    const { leaf, entry } = placed;
    const { header } = entry.act;
    const carried = carriedAmendment(suite, { kind: header.kind, commitment: header.body }, disclosure);
    if (carried !== undefined) this.#record.learn(carried);
    const refusal =
      by === "node" ? undefined : (this.#record.preview(own.log, entry, { signatures: by === "post" }) ?? ownReply(this.#record, header));
    if (refusal !== undefined) return { ok: false, refusal };
    const index = parseLogIndex(entry.placement.index);
    this.#own = own;
    this.exchange.incoming.roots.mark(own.log, own.frontier);
    this.receipts.named(naming, world.clock.now());
    const judged = this.#record.offer({ log: own.log, index, leaf, bytes: entry.bytes, checked: true, decoded: entry });
    assert(
      judged.every((item) => item.log !== own.log || item.refusal === undefined),
      "an own entry has effect",
    );
    const stored: StoredEntry = { log: own.log, index, leaf, entry: entry.bytes, ...(disclosure === undefined ? {} : { disclosure }) };
    const erases = erasedBy(this.#record, this.#record.byLeaf.get(leaf));
    return ok({ receipt: { log: own.log, index, leaf }, written: this.#writer.write(stored, own), erases });
  }

  /** Durable and signed, then sent; only now is it acknowledged. */
  async finish({ receipt, written, erases }: Placing): Promise<Receipt> {
    await written;
    if (erases.length > 0) {
      const erasures = erases.map(({ log, index }) => ({ log, index: parseLogIndex(index) }));
      await this.#options.store.commit({ erasures });
    }
    this.#noteHead();
    await this.exchange.push();
    return receipt;
  }

  /** An act of the node itself. */
  async enter(said: NodeActSaid): Promise<Receipt> {
    const { party, ring } = this.#as(said);
    const hand = this.#options.signers.handIn(ring.keys);
    const { bytes, disclosure } = nodeAct({ ...this.#options, party, hand }, said, this.#own.time);
    const placing = this.place(decodeAct(bytes), disclosure, "node");
    assert(placing.ok, "a node's own act is placed");
    return this.finish(placing.value);
  }

  /** Our party as the log we write uses it (its file, and the accord-digest of its signatures), and the keys that count there. */
  #as({ facts }: NodeActSaid): { readonly party: Party; readonly ring: KeyRing } {
    const { suite, party } = this.#options;
    const log = this.#record.logs.get(this.#own.log);
    if (log !== undefined) return { party: inUseNow(log).party, ring: log.ring };
    const head = facts?.closed;
    const closed = head === undefined ? undefined : this.#record.logs.get(head.log);
    if (head === undefined || closed === undefined) return { party, ring: firstRing(suite, party) };
    return { party: inUseAt(closed, head.size).party, ring: closed.ring.carriedOver(head.size) };
  }

  /** Without a key of its own a node could not even say that it is still there: the last one that counts is not taken away. */
  #leavesNone({ header: { kind, facts } }: Act): boolean {
    const ring = this.#record.logs.get(this.#own.log)?.ring;
    if (kind !== "key-revoke" || facts.kid === undefined || ring === undefined) return false;
    return this.#options.signers.signerIn(ring.keys, facts.kid) === undefined;
  }

  /** Nothing unsigned is lost: the log is continued, or begun. */
  async goOn(): Promise<void> {
    const { log, frontier } = this.#own;
    if (frontier.size > 0) await this.#writer.catchUp(this.#own);
    else {
      await this.#writer.begin(log);
      await this.enter({ kind: "accord-sign", facts: { digest: this.#options.accord.ceremony, ...this.#identity(log) } });
    }
    this.#record.complete(log);
    this.#noteHead();
  }

  /** Signs the end of a log that is about to be closed because nobody has answered: what lies above its last signed head could be shown to
   *  nobody. Never where the store may be behind what was signed. */
  async signEnd(): Promise<void> {
    if (this.#agrees && this.#own.frontier.size > 0) await this.#writer.catchUp(this.#own);
  }

  /** Opens a new incarnation: the store no longer holds what this log may have signed. Its first entry names the last head
   *  known; no index is ever signed twice. */
  async restore(closed: Head): Promise<void> {
    await this.#writer.idle();
    this.exchange.closeOwn(this.#own, closed);
    const log = parseLogId(toHex(this.#options.world.random(8)));
    this.#own = { ...emptyOwnLog(log), time: this.#own.time };
    this.#writer = this.#newWriter(undefined);
    await this.#writer.begin(log);
    this.#record.complete(log);
    await this.enter({ kind: "restored", facts: { ...this.#identity(log), closed } });
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#writer.idle();
  }

  /** Stores the latest signed head. */
  async keep(): Promise<void> {
    await this.#writer.keep();
  }

  /** Our own head is durable: peers may name it from now on. All entries of a group come here with one head. */
  #noteHead(): void {
    const head = this.#writer.signed;
    if (head === undefined || head === this.#noted || head.checkpoint.incarnation !== this.#own.log) return;
    this.#noted = head;
    this.#record.noteRoot(head.checkpoint.incarnation, head.size, parseDigest(toHex(head.root)));
    this.exchange.ownHead(head);
  }

  #newWriter(swapped: Start["swapped"]): Writer {
    const { suite, store, second, accord, party, keys } = this.#options;
    return new Writer({ suite, store, second, swapped, sign: headSigner(suite, accord, party, keys) });
  }

  #identity(log: LogId): { readonly incarnation: LogId; readonly origin: string } {
    const { suite, accord, party, keys } = this.#options;
    return { incarnation: log, origin: originOfOwn(suite, accord, { party, log, lineSecret: keys.lineSecret }) };
  }
}
