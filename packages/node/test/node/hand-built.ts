import {
  type Body,
  type Draft,
  type Entry,
  type Hand,
  type LeafHash,
  type OwnLog,
  type Placement,
  type Party,
  EMPTY_FRONTIER,
  LINE_CHANNEL,
  appendLeaf,
  appendLeaves,
  decodeEntry,
  emptyOwnLog,
  encodeEntry,
  encodeFrame,
  fromHex,
  leafOf,
  parseActId,
  parseLogIndex,
  parseUnixSeconds,
  placeProof,
  possessionMessage,
  prepare,
  refusable,
  rootOf,
  secondsOf,
  signAct,
  toHex,
  KINDS,
} from "@openline/core";
import { type Bearer, nativeSuite as suite } from "@openline/node";
import { headSigner, originOfOwn } from "../../src/own-log.ts";
import { type PartySecrets, handOf } from "../../src/operate/line-setup.ts";
import type { Said } from "@openline/core";
import { type Line, message, testBearer } from "./line.ts";

export interface Built {
  readonly bytes: Uint8Array;
  readonly leaf: LeafHash;
  readonly disclosure: Uint8Array | null;
}

/** A peer played by hand: it has its own keys and signs its own log, and keeps no rule that it does not wish to keep. */
export class HandBuilt {
  readonly line: Line;
  readonly party: Party;
  readonly secrets: PartySecrets;
  readonly built: Built[] = [];
  own: OwnLog;
  readonly sent: Uint8Array[] = [];
  readonly bearer: Bearer;

  constructor(line: Line, position: number) {
    this.line = line;
    this.party = line.accord.parties[position]!;
    this.secrets = line.secrets[position]!;
    this.own = emptyOwnLog(this.party.incarnation);
    this.bearer = testBearer(`by-hand-${position}`, async (frame) => void this.sent.push(frame));
  }

  hand(seed: Uint8Array, role: Hand["role"] = "author"): Hand {
    return { ...handOf(suite, seed), role };
  }
  watch(post = "watch"): Hand {
    return this.hand(this.secrets.watch.get(post)!);
  }

  /** An act as bytes, with its disclosure. */
  act(
    said: Said,
    options: { hands?: readonly Hand[]; body?: Body; draft?: Partial<Draft>; accordDigest?: Uint8Array } = {},
  ): { bytes: Uint8Array; disclosure: Uint8Array | null } {
    const { line, party, secrets } = this;
    const draft: Draft = {
      line: line.accord.line,
      party: party.key,
      actId: parseActId(toHex(line.chance.bytes(16))),
      channel: LINE_CHANNEL,
      precedence: "ROUTINE",
      drafted: line.now,
      to: [],
      refs: [],
      facts: {},
      notAfter: parseUnixSeconds(secondsOf(line.now) + 3600),
      ...said,
      ...options.draft,
    };
    const by = KINDS[said.kind].by;
    const usual =
      by === "node" ? [this.hand(secrets.keys.node, "node")] : by === "post" ? [this.watch(said.from)] : [this.hand(secrets.directory[0]!)];
    const { payload, disclosure } = prepare(suite, draft, options.body, line.chance.bytes(16));
    const accordDigest = options.accordDigest ?? party.accordDigest;
    const bytes = signAct(payload, { accordDigest, time: secondsOf(line.now), hands: options.hands ?? usual });
    return { bytes, disclosure: disclosure ?? null };
  }

  /** Places an act at the end of this log, in whatever way `placement` says. */
  add(act: { bytes: Uint8Array; disclosure: Uint8Array | null }, placement: Partial<Placement> = {}): Built {
    const { size } = this.own.frontier;
    const time = parseUnixSeconds(Math.max(secondsOf(this.line.now), this.own.time));
    return this.raw(
      encodeEntry(act.bytes, { index: parseLogIndex(size), time, heads: [], ahead: [], control: this.own.control, ...placement }),
      act.disclosure,
    );
  }

  /** Any bytes as the next leaf. */
  raw(bytes: Uint8Array, disclosure: Uint8Array | null = null): Built {
    const leaf = leafOf(suite, bytes);
    const read = refusable(() => decodeEntry(bytes));
    const entry: Entry | undefined = read.ok ? read.value : undefined;
    const kind = entry?.act.header.kind;
    const control =
      kind !== undefined && KINDS[kind].control === true ? { index: parseLogIndex(this.own.frontier.size), leaf } : this.own.control;
    this.own = { ...this.own, frontier: appendLeaf(suite, this.own.frontier, fromHex(leaf)), control };
    const built = { bytes, leaf, disclosure };
    this.built.push(built);
    return built;
  }

  /** Opens the log: accord-sign and a watch key for each post. */
  open(): void {
    const { accord } = this.line;
    const origin = originOfOwn(suite, accord, { party: this.party, log: this.own.log, lineSecret: this.secrets.keys.lineSecret });
    this.add(this.act({ kind: "accord-sign", facts: { digest: accord.ceremony, incarnation: this.own.log, origin } }));
    for (const [post, seed] of this.secrets.watch) this.add(this.enrol(seed, post));
  }

  enrol(seed: Uint8Array, post: string, facts: Draft["facts"] = {}): { bytes: Uint8Array; disclosure: Uint8Array | null } {
    const key = suite.ed25519Public(seed);
    const possession = suite.signEd25519(seed, possessionMessage(this.line.accord.line, this.party.key, key));
    const person = toHex(this.line.chance.bytes(32)) as NonNullable<Draft["facts"]["person"]>;
    return this.act({ kind: "post-assign", facts: { key, posts: [post], person, possession, ...facts } });
  }

  message(said: Partial<Said> = {}, options: Parameters<HandBuilt["act"]>[1] = {}): { bytes: Uint8Array; disclosure: Uint8Array | null } {
    return this.act(message(said), { body: new Map([["text", new Map([["en", "By hand."]])]]), ...options });
  }

  checkpoint(own: OwnLog = this.own) {
    const sign = headSigner(suite, this.line.accord, this.party, this.secrets.keys);
    return sign({ log: own.log, size: own.frontier.size, root: rootOf(suite, own.frontier) });
  }

  /** A frame of everything from `from`, under the checkpoint of its end. */
  frame(from = 0, built: readonly Built[] = this.built): Uint8Array {
    let frontier = EMPTY_FRONTIER;
    for (const { leaf } of built) frontier = appendLeaf(suite, frontier, fromHex(leaf));
    const entries = built.slice(from).map(({ bytes, disclosure }) => ({ entry: bytes, disclosure }));
    return encodeFrame({ kind: "entries", log: this.own.log, from, entries, checkpoint: this.checkpoint({ ...this.own, frontier }) });
  }

  /** The last of these entries as one that overtakes those before it. */
  ahead(built: readonly Built[] = this.built): Uint8Array {
    const last = built.at(-1)!;
    const before = appendLeaves(
      suite,
      EMPTY_FRONTIER,
      built.slice(0, -1).map(({ leaf }) => fromHex(leaf)),
    );
    const frontier = appendLeaf(suite, before, fromHex(last.leaf));
    const checkpoint = this.checkpoint({ ...this.own, frontier });
    return encodeFrame({ kind: "ahead", checkpoint, entry: last.bytes, disclosure: last.disclosure, proof: placeProof(before) });
  }

  /** Hands everything from `from` to the node of a party. */
  async send(from = 0, to = 0): Promise<void> {
    await this.line.node(to).receive(this.frame(from), this.bearer);
  }
}
