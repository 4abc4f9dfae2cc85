import {
  type Accord,
  ALG_ED25519,
  type Digest,
  type Facts,
  type Head,
  KINDS,
  type KindName,
  type LogId,
  type Placement,
  type Precedence,
  ROLES,
  type RecordSource,
  type Release,
  type Role,
  type SourceEntry,
  type SourceLog,
  type Cbor,
  commitmentOf,
  cosignEd25519,
  cosignMldsa44,
  encodeAct,
  encodeDisclosure,
  encodeEntry,
  encodeHeader,
  encodeProtected,
  leafHash,
  leafOf,
  parseActId,
  parseChannelNumber,
  parseDigest,
  parseKid,
  parseLeafHash,
  parseLogId,
  parseLogIndex,
  parsePostId,
  parseUnixMillis,
  parseUnixSeconds,
  possessionMessage,
  rootOfLeaves,
  signCheckpoint,
  signedBytes,
  toHex,
} from "@openline/core";
import { nativeSuite as suite } from "../../node/src/crypto/native-suite.ts";
import { EPOCH_S, type Key, type LineOptions, type Side, accordOf, hashed, keyOf } from "./builder-accord.ts";

/** A line of two parties in memory, every byte of it from fixed seeds: for tests and for vectors, which may break any rule. */

/** What one act is to be. Everything left out is what an honest node would write; anything given may be a lie. */
export interface ActOptions {
  readonly kind: KindName;
  readonly channel?: number;
  readonly precedence?: Precedence;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly facts?: Facts;
  readonly refs?: readonly string[];
  readonly body?: ReadonlyMap<string, Cbor>;
  readonly keys?: readonly (readonly [Key, Role])[];
  readonly header?: Partial<Parameters<typeof encodeHeader>[0]>;
  readonly payload?: (payload: Uint8Array) => Uint8Array;
  readonly signature?: (signature: Uint8Array) => Uint8Array;
  readonly place?: Partial<Placement>;
  readonly entry?: (entry: Uint8Array) => Uint8Array;
  /** Whether the placement names what the other side has written so far. */
  readonly names?: boolean;
  readonly withhold?: boolean;
  /** Signatures of an algorithm that is not read here, after the others. */
  readonly foreign?: number;
  readonly time?: number;
}

/** An enrolment, of another key or with another proof than its name gives. */
export interface Enrolment extends Partial<ActOptions> {
  readonly key?: Key;
  readonly person?: string;
  readonly possession?: Uint8Array | null;
}

export interface Written {
  readonly index: number;
  readonly leaf: string;
  readonly bytes: Uint8Array;
}

export class Line {
  readonly accord: Accord;
  readonly sides: readonly Side[];
  readonly logs: readonly LogBuilder[];
  now: number = EPOCH_S;

  constructor(options: LineOptions = {}) {
    const { accord, sides } = accordOf(options);
    this.accord = accord;
    this.sides = sides;
    this.logs = sides.map((item, i) => new LogBuilder(this, i, item));
  }

  log(position: number): LogBuilder {
    const log = this.logs[position];
    if (log === undefined) throw new RangeError(`no party ${position}`);
    return log;
  }

  source(shownBy = 0): RecordSource {
    const party = this.accord.parties[shownBy];
    if (party === undefined) throw new RangeError("no such party");
    return { accord: this.accord, shownBy: party.id, logs: this.logs.map((log) => log.sourceLog()) };
  }
}

export class LogBuilder {
  readonly line: Line;
  readonly side: Side;
  readonly position: number;
  readonly id: LogId;
  readonly origin: string;
  readonly entries: SourceEntry[] = [];
  readonly leaves: Uint8Array[] = [];
  readonly cosignatures: SourceLog["cosignatures"][number][] = [];
  control: { index: number; leaf: string } | null = null;
  mldsa = false;
  #named = 0;

  constructor(line: Line, position: number, own: Side) {
    this.line = line;
    this.side = own;
    this.position = position;
    this.id = parseLogId(toHex(own.file.incarnation));
    this.origin = toHex(hashed(`${own.id}/origin`).subarray(0, 16));
  }

  get size(): number {
    return this.entries.length;
  }

  root(size = this.size): Uint8Array {
    return rootOfLeaves(suite, this.leaves.slice(0, size));
  }

  head(size = this.size): Head {
    return { log: this.id, size, root: parseDigest(toHex(this.root(size))) };
  }

  /** Places one act as the next entry. */
  write(options: ActOptions): Written {
    const index = this.size;
    const party = this.line.accord.parties[this.position];
    if (party === undefined) throw new RangeError("no such party");
    const time = options.time ?? (this.line.now += 10);
    const disclosure =
      options.body === undefined ? undefined : encodeDisclosure(hashed(`salt ${this.side.id} ${index}`).slice(0, 16), options.body);
    const header = {
      line: this.line.accord.line,
      party: party.key,
      actId: parseActId(toHex(hashed(`act ${this.side.id} ${index}`).subarray(0, 16))),
      kind: options.kind,
      channel: parseChannelNumber(options.channel ?? 0),
      precedence: options.precedence ?? ("ROUTINE" as const),
      drafted: parseUnixMillis(Math.max(0, time - 2) * 1000),
      ...(options.from === undefined ? {} : { from: parsePostId(options.from) }),
      to: options.to ?? [],
      ...(disclosure === undefined ? {} : { body: commitmentOf(suite, disclosure) }),
      refs: (options.refs ?? []).map(parseLeafHash),
      facts: options.facts ?? {},
      notAfter: parseUnixSeconds(time + 3600),
      ...options.header,
    };
    const encoded = encodeHeader(header);
    const payload = options.payload?.(encoded) ?? encoded;
    const releases = this.#signers(options).map(([key, role]): Release => {
      const release = { alg: ALG_ED25519, kid: parseKid(key.kid), role, time: parseUnixSeconds(time) };
      const protectedBytes = encodeProtected(release);
      const signature = suite.signEd25519(key.seed, signedBytes(protectedBytes, party.accordDigest, payload));
      return { ...release, protectedBytes, signature: options.signature?.(signature) ?? signature };
    });
    const foreign = Array.from({ length: options.foreign ?? 0 }, (_, i): Release => {
      const release = { alg: -8000 - i, kid: parseKid("00".repeat(8)), role: "author" as const, time: parseUnixSeconds(time) };
      return { ...release, protectedBytes: encodeProtected(release), signature: new Uint8Array(16) };
    });
    const honest: Placement = {
      index: parseLogIndex(index),
      time: parseUnixSeconds(time),
      heads: options.names === true ? this.#heads() : [],
      ahead: [],
      control: this.control === null ? null : { index: parseLogIndex(this.control.index), leaf: parseLeafHash(this.control.leaf) },
      ...options.place,
    };
    const made = encodeEntry(encodeAct(payload, [...releases, ...foreign]), honest);
    const bytes = options.entry?.(made) ?? made;
    return this.append(bytes, options.withhold === true ? undefined : disclosure, KINDS[options.kind].control === true);
  }

  /** Puts any bytes at the end of the log. */
  append(bytes: Uint8Array, disclosure?: Uint8Array, control = false): Written {
    const index = this.size;
    const leaf = leafOf(suite, bytes);
    this.entries.push(disclosure === undefined ? { bytes } : { bytes, disclosure });
    this.leaves.push(leafHash(suite, bytes));
    if (control) this.control = { index, leaf };
    return { index, leaf, bytes };
  }

  /** What names the other side's head as it is now: a receipt. */
  beat(more: Partial<ActOptions> = {}): Written {
    return this.write({ kind: "beat", names: true, ...more });
  }

  open(facts: Facts = {}): Written {
    const digest = this.line.accord.ceremony;
    return this.write({ kind: "accord-sign", facts: { digest, incarnation: this.id, origin: this.origin, ...facts } });
  }

  personOf(name: string): Digest {
    return parseDigest(toHex(hashed(`${this.side.id}/${name}`)));
  }

  keyFor(name: string): Key {
    return keyOf(`${this.side.id}/${name}`);
  }

  leafAt(index: number): string {
    return toHex(this.leaves[index] ?? new Uint8Array(32));
  }

  /** Enrols a watch key for posts, with proof of possession unless it is null. */
  assign(name: string, posts: readonly string[], more: Enrolment = {}): Key {
    const { person, possession, facts, ...rest } = more;
    const key = more.key ?? keyOf(`${this.side.id}/${name}`);
    const proof = possession === undefined ? this.possession(key) : possession;
    const enrolled: Facts = {
      key: key.key,
      posts,
      person: parseDigest(toHex(hashed(person ?? `${this.side.id}/${name}`))),
      ...(proof === null ? {} : { possession: proof }),
      ...facts,
    };
    this.write({ kind: "post-assign", facts: enrolled, ...rest });
    return key;
  }

  revoke(key: Key, more: Partial<ActOptions> = {}): Written {
    return this.write({ kind: "key-revoke", facts: { kid: parseKid(key.kid) }, ...more });
  }

  possession(key: Key): Uint8Array {
    const party = this.line.accord.parties[this.position];
    if (party === undefined) throw new RangeError("no such party");
    return suite.signEd25519(key.seed, possessionMessage(this.line.accord.line, party.key, key.key));
  }

  message(key: Key, text: string, more: Partial<ActOptions> = {}): Written {
    return this.write({
      kind: "message",
      channel: 1,
      from: "watch",
      to: ["watch"],
      keys: [[key, "author"]],
      body: new Map<string, Cbor>([["text", new Map([["en", text]])]]),
      ...more,
    });
  }

  /** The other side's mirror key over this log's head as it is now. */
  cosign(time: number = this.line.now): void {
    const other = this.line.sides[1 - this.position];
    const party = this.line.accord.parties[1 - this.position];
    if (other === undefined || party === undefined) return;
    const head = { origin: `openline.invalid/${this.origin}`, size: this.size, root: this.root() };
    const signature = cosignEd25519(suite, other.mirror.seed, head, parseUnixSeconds(time)).subarray(8);
    this.cosignatures.push({ size: head.size, root: head.root, time, signature, by: party.id });
  }

  sourceLog(): SourceLog {
    const party = this.line.accord.parties[this.position];
    if (party === undefined) throw new RangeError("no such party");
    const head = { origin: `openline.invalid/${this.origin}`, size: this.size, root: this.root() };
    const signature = signCheckpoint(suite, this.side.log.seed, head);
    const daily = this.mldsa
      ? { mldsa: cosignMldsa44(suite, this.side.mldsaSeed, head.origin, head, parseUnixSeconds(this.line.now)) }
      : {};
    return {
      log: this.id,
      party: party.id,
      current: true,
      origin: this.origin,
      entries: [...this.entries],
      checkpoint: { size: head.size, root: head.root, signature, ...daily },
      cosignatures: [...this.cosignatures],
    };
  }

  #signers(options: ActOptions): readonly (readonly [Key, Role])[] {
    if (options.keys !== undefined) return options.keys;
    const [a, b] = this.side.directory;
    switch (KINDS[options.kind].by) {
      case "node":
        return [[this.side.node, ROLES[2]]];
      case "directory":
        return [[a, "author"]];
      case "directory-two":
        return [
          [a, "author"],
          [b, "releaser"],
        ];
      case "post":
        throw new RangeError(`${options.kind}: which watch key?`);
    }
  }

  #heads(): readonly Head[] {
    const other = this.line.logs[1 - this.position];
    if (other === undefined || other.size <= this.#named) return [];
    this.#named = other.size;
    return [other.head()];
  }
}

/** A line on which both parties have spoken: keys enrolled, messages, a receipt each way, a suspension taken back. */
export function spokenLine(options: LineOptions = {}): Line {
  const line = new Line(options);
  const [north, south] = [line.log(0), line.log(1)];
  north.open();
  south.open();
  const n = north.assign("watch-1", ["watch"]);
  const s = south.assign("watch-1", ["watch", "minister"], { names: true });
  north.message(n, "first", { facts: { wantsAnswer: true } });
  const asked = north.message(n, "second", { names: true });
  south.beat();
  south.message(s, "answered", { kind: "answer", refs: [asked.leaf] });
  const hold = south.write({
    kind: "suspend",
    channel: 1,
    from: "watch",
    keys: [[s, "author"]],
    body: new Map([["ground", new Map([["en", "drill"]])]]),
  });
  south.write({ kind: "resume", channel: 1, from: "watch", keys: [[s, "author"]], refs: [hold.leaf] });
  north.beat();
  north.message(n, "withheld", { withhold: true });
  north.cosign();
  north.write({ kind: "disclosure-consent", channel: 1, from: "watch", keys: [[n, "author"]] });
  south.beat();
  south.cosign();
  north.cosign();
  north.mldsa = true;
  return line;
}
