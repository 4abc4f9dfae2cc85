import { randomBytes } from "node:crypto";
import {
  type Draft,
  type Head,
  type LeafHash,
  type LoadedLog,
  type OwnLog,
  LINE_CHANNEL,
  decodeAct,
  emptyOwnLog,
  kidOf,
  loadRecord,
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
  statesAt,
  toHex,
} from "@openline/core";
import { nativeSuite as suite } from "@openline/node";
import { handOf } from "../../packages/node/src/operate/line-setup.ts";
import type { Figure, Size } from "./append.ts";
import { benchLine } from "./line.ts";

const START_S = 1_700_000_000;
const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

/** Full verification and the state now, on records made for it. */
export function recordFigures(size: Size): readonly Figure[] {
  const signed = generated(size === "quick" ? 2_000 : 6_000, true);
  const verify = perSecond(signed.entries, () => load(signed, true));
  const plain = generated(size === "quick" ? 5_000 : 20_000, false);
  const structure = best(3, () => perSecond(plain.entries, () => load(plain, false)));
  const sizes = size === "quick" ? [1_000, 20_000] : size === "full" ? [1_000, 100_000, 1_000_000] : [1_000, 100_000];
  const costs = statesNow(sizes.map((entries) => generated(entries, false)));
  const states = sizes.map((entries, i) => ({ entries, ms: costs[i] ?? 0 }));
  const [least, most] = [states[0]?.ms ?? 0, states.at(-1)?.ms ?? 0];
  return [
    { id: "verify_entries_s", value: verify, unit: "1/s" },
    { id: "structure_entries_s", value: structure, unit: "1/s" },
    ...states.map(({ entries, ms }) => ({ id: `state_now_${nameOf(entries)}_ms`, value: ms, unit: "ms" })),
    { id: "state_growth", value: most / least, unit: "ratio" },
  ];
}

const nameOf = (entries: number): string => entries.toExponential(0).replace("+", "");

interface Made {
  readonly line: ReturnType<typeof benchLine>;
  readonly logs: readonly LoadedLog[];
  readonly entries: number;
  readonly at: number;
}

function load(made: Made, signatures: boolean): ReturnType<typeof loadRecord>["record"] {
  const { record, judged } = loadRecord(suite, made.line.accord, made.logs, { signatures });
  const refused = judged.find((item) => item.refusal !== undefined);
  if (refused !== undefined) throw new Error(`the bench made a bad entry: ${refused.refusal?.detail}`);
  return record;
}

function perSecond(entries: number, step: () => void): number {
  const start = performance.now();
  step();
  return (entries * 1000) / (performance.now() - start);
}

/** The best of several: what the code costs once it is compiled and undisturbed. */
const best = (times: number, measure: () => number): number => Math.max(...Array.from({ length: times }, measure));

/** What the states of each record cost once they have been computed: the best of many rounds taken in turn, so that what
 *  else the machine does falls on all of them alike. Milliseconds. */
function statesNow(records: readonly Made[]): readonly number[] {
  const loaded = records.map((made) => ({ record: load(made, false), at: made.at, best: Infinity }));
  for (let round = 0; round < 60; round++) {
    for (const item of loaded) {
      const start = performance.now();
      for (let i = 0; i < 200; i++) statesAt(item.record, item.at + (i % 20));
      item.best = Math.min(item.best, (performance.now() - start) / 200);
    }
  }
  return loaded.map((item) => item.best);
}

/** A record of two parties: one sends messages, the other takes receipt of each and acknowledges it. */
function generated(entries: number, signed: boolean): Made {
  const line = benchLine();
  const writers = line.accord.parties.map((_, position) => new WriterByHand(line, position, signed));
  const [first, second] = writers;
  if (first === undefined || second === undefined) throw new RangeError("the line has two parties");
  for (const writer of writers) writer.open();
  let at = START_S;
  while (first.size + second.size < entries) {
    const message = first.add({ kind: "message", channel: parseChannelNumber(1), from: parsePostId("watch") }, (at += 30), second.head());
    second.add({ kind: "acknowledge", channel: parseChannelNumber(1), from: parsePostId("watch"), refs: [message] }, at, first.head());
  }
  return { line, logs: writers.map((writer) => writer.loaded()), entries: first.size + second.size, at: at + 60 };
}

class WriterByHand {
  readonly #line: ReturnType<typeof benchLine>;
  readonly #position: number;
  readonly #signed: boolean;
  readonly #entries: Uint8Array[] = [];
  #own: OwnLog;
  #named = 0;

  constructor(line: ReturnType<typeof benchLine>, position: number, signed: boolean) {
    this.#line = line;
    this.#position = position;
    this.#signed = signed;
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
    return this.#entries.length;
  }
  head(): Head {
    return { log: this.#own.log, size: this.#own.frontier.size, root: rootOfOwn(suite, this.#own) };
  }
  loaded(): LoadedLog {
    return { log: this.#own.log, entries: this.#entries };
  }

  open(): void {
    const { accord } = this.#line;
    const [seed] = this.#secrets.directory;
    const watch = this.#secrets.watch.get("watch");
    if (seed === undefined || watch === undefined) throw new RangeError("a party has a directory and a watch");
    const facts = { digest: accord.ceremony, incarnation: this.#own.log, origin: "0".repeat(32) };
    this.add({ kind: "accord-sign", facts }, START_S, undefined, { seed: this.#secrets.keys.node, role: "node" });
    const key = suite.ed25519Public(watch);
    const possession = suite.signEd25519(watch, possessionMessage(accord.line, this.#party.key, key));
    const assign = { key, posts: ["watch"], person: parseDigest(toHex(random(32))), possession };
    this.add({ kind: "post-assign", facts: assign }, START_S, undefined, { seed, role: "author" });
  }

  add(
    said: Pick<Draft, "kind"> & Partial<Draft>,
    at: number,
    head: Head | undefined,
    by: { readonly seed: Uint8Array; readonly role: "author" | "node" } = {
      seed: this.#secrets.watch.get("watch") ?? random(32),
      role: "author",
    },
  ): LeafHash {
    const now = parseUnixSeconds(at);
    const draft: Draft = {
      line: this.#line.accord.line,
      party: this.#party.key,
      actId: parseActId(toHex(random(16))),
      channel: LINE_CHANNEL,
      precedence: "ROUTINE",
      drafted: parseUnixMillis(at * 1000),
      to: [],
      refs: [],
      facts: {},
      notAfter: parseUnixSeconds(at + 3600),
      ...said,
    };
    const body = said.kind === "message" ? new Map([["text", new Map([["en", "x".repeat(300)]])]]) : undefined;
    const { payload } = prepare(suite, draft, body, random(16));
    const hand = this.#signed ? handOf(suite, by.seed) : unsigned(by.seed);
    const bytes = signAct(payload, { accordDigest: this.#party.accordDigest, time: now, hands: [{ ...hand, role: by.role }] });
    const heads = head !== undefined && head.size > this.#named ? [head] : [];
    this.#named = heads[0]?.size ?? this.#named;
    const { own, placed } = place(suite, this.#own, decodeAct(bytes), { now, heads, ahead: [] });
    this.#own = own;
    this.#entries.push(placed.entry.bytes);
    return placed.leaf;
  }
}

const kids = new Map<Uint8Array, ReturnType<typeof handOf>>();
/** A hand whose signature nobody will check. */
function unsigned(seed: Uint8Array): ReturnType<typeof handOf> {
  const known = kids.get(seed);
  if (known !== undefined) return known;
  const hand = { kid: kidOf(suite, suite.ed25519Public(seed)), sign: () => new Uint8Array(64) };
  kids.set(seed, hand);
  return hand;
}
