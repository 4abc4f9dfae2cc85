import { randomBytes } from "node:crypto";
import {
  type Draft,
  type Head,
  type LeafHash,
  type LogId,
  type OwnLog,
  type PlacedEntry,
  LINE_CHANNEL,
  decodeAct,
  emptyOwnLog,
  kidOf,
  parseActId,
  parseChannelNumber,
  parseDigest,
  parsePostId,
  parseUnixMillis,
  parseUnixSeconds,
  place,
  possessionMessage,
  prepare,
  rootOfOwn,
  signAct,
  toHex,
} from "@openline/core";
import { nativeSuite as suite } from "../crypto/native-suite.ts";
import { handOf } from "../operate/line-setup.ts";
import { originOfOwn } from "../own-log.ts";
import type { BenchLine } from "./line.ts";
import { WATCH } from "./orders.ts";

interface Writing {
  readonly entries: number;
  /** Without signatures, what is written is for readers that do not check them. */
  readonly signed: boolean;
  readonly take: (log: LogId, placed: PlacedEntry, disclosure: Uint8Array | undefined) => void;
  /** Told of the head of each log when all has been written. */
  readonly end?: (head: Head) => void;
}

const START_S = 1_700_000_000;
const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

/** Writes a record of two parties by hand: one sends messages, the other takes receipt of each and acknowledges it. Returns a time
 *  after the last entry, in seconds. */
export function writeRecord(line: BenchLine, writing: Writing): number {
  const writers = line.accord.parties.map((_, position) => new WriterByHand(line, position, writing));
  const [first, second] = writers;
  if (first === undefined || second === undefined) throw new RangeError("the line has two parties");
  for (const writer of writers) writer.open();
  let at = START_S;
  while (first.size + second.size < writing.entries) {
    const message = first.add({ kind: "message", channel: parseChannelNumber(1), from: parsePostId(WATCH) }, (at += 30), second.head());
    second.add({ kind: "acknowledge", channel: parseChannelNumber(1), from: parsePostId(WATCH), refs: [message] }, at, first.head());
  }
  for (const writer of writers) writing.end?.(writer.head());
  return at + 60;
}
class WriterByHand {
  readonly #line: BenchLine;
  readonly #position: number;
  readonly #writing: Writing;
  #own: OwnLog;
  #named = 0;

  constructor(line: BenchLine, position: number, writing: Writing) {
    this.#line = line;
    this.#position = position;
    this.#writing = writing;
    this.#own = emptyOwnLog(this.#party.incarnation);
  }

  get #party() {
    const party = this.#line.accord.parties[this.#position];
    if (party === undefined) throw new RangeError("the line has two parties");
    return party;
  }
  get #secrets() {
    const secrets = this.#line.secrets[this.#position];
    if (secrets === undefined) throw new RangeError("the line has two parties");
    return secrets;
  }
  get size(): number {
    return this.#own.frontier.size;
  }
  head(): Head {
    return { log: this.#own.log, size: this.#own.frontier.size, root: rootOfOwn(suite, this.#own) };
  }

  open(): void {
    const { accord } = this.#line;
    const [seed] = this.#secrets.directory;
    const watch = this.#secrets.watch.get(WATCH);
    if (seed === undefined || watch === undefined) throw new RangeError("a party has a directory and a watch");
    const origin = originOfOwn(suite, accord, { party: this.#party, log: this.#own.log, lineSecret: this.#secrets.keys.lineSecret });
    const facts = { digest: accord.ceremony, incarnation: this.#own.log, origin };
    this.add({ kind: "accord-sign", facts }, START_S, undefined, { seed: this.#secrets.keys.node, role: "node" });
    const key = suite.ed25519Public(watch);
    const possession = suite.signEd25519(watch, possessionMessage(accord.line, this.#party.key, key));
    const assign = { key, posts: [WATCH], person: parseDigest(toHex(random(32))), possession };
    this.add({ kind: "post-assign", facts: assign }, START_S, undefined, { seed, role: "author" });
  }

  add(
    said: Pick<Draft, "kind"> & Partial<Draft>,
    at: number,
    head: Head | undefined,
    by: { readonly seed: Uint8Array; readonly role: "author" | "node" } = {
      seed: this.#secrets.watch.get(WATCH) ?? random(32),
      role: "author",
    },
  ): LeafHash {
    const now = parseUnixSeconds(at);
    const draft: Draft = {
      line: this.#line.accord.line,
      party: this.#party.key,
      actId: parseActId(this.size.toString(16).padStart(32, "0")),
      channel: LINE_CHANNEL,
      precedence: "ROUTINE",
      drafted: parseUnixMillis(at * 1000),
      to: [],
      refs: [],
      facts: {},
      notAfter: parseUnixSeconds(at + 3600),
      ...said,
    };
    const { payload, disclosure } = prepare(suite, draft, said.kind === "message" ? WORDS : undefined, SALT);
    const hand = this.#writing.signed ? handOf(suite, by.seed) : unsigned(by.seed);
    const bytes = signAct(payload, { accordDigest: this.#party.accordDigest, time: now, hands: [{ ...hand, role: by.role }] });
    const heads = head !== undefined && head.size > this.#named ? [head] : [];
    this.#named = heads[0]?.size ?? this.#named;
    const { own, placed } = place(suite, this.#own, decodeAct(bytes), { now, heads, ahead: [] });
    this.#own = own;
    this.#writing.take(own.log, placed, disclosure);
    return placed.leaf;
  }
}

/** Nobody tries to guess what these messages say. */
const SALT = new Uint8Array(16);
const WORDS = new Map([["text", new Map([["en", "x".repeat(300)]])]]);

const kids = new Map<Uint8Array, ReturnType<typeof handOf>>();
/** A hand whose signature nobody will check. */
function unsigned(seed: Uint8Array): ReturnType<typeof handOf> {
  const known = kids.get(seed);
  if (known !== undefined) return known;
  const hand = { kid: kidOf(suite, suite.ed25519Public(seed)), sign: () => new Uint8Array(64) };
  kids.set(seed, hand);
  return hand;
}
