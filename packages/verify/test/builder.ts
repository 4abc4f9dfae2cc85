import {
  type Accord,
  type Amendment,
  ALG_ED25519,
  type Digest,
  type Facts,
  type Head,
  KINDS,
  type KindName,
  type LogId,
  type PartyFile,
  type Placement,
  ROLES,
  type RecordSource,
  type Release,
  type Role,
  type SourceEntry,
  type SourceLog,
  type Cbor,
  type Terms,
  amendmentBody,
  amendmentDigest,
  commitmentOf,
  concatBytes,
  cosignEd25519,
  cosignMldsa44,
  decodePartyFile,
  decodeTerms,
  encodeAct,
  encodeDisclosure,
  encodeEntry,
  encodeHeader,
  encodePartyFile,
  encodeProtected,
  encodeTerms,
  leafHash,
  leafOf,
  loadRecord,
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
  signAmendment,
  signCheckpoint,
  signedBytes,
  toHex,
  fromHex,
} from "@openline/core";
import { nativeSuite as suite } from "../../node/src/crypto/native-suite.ts";
import type { ActOptions, AmendOptions, Enrolment, Proposed, Written } from "./builder-options.ts";
import { EPOCH_S, type Key, type LineOptions, type Side, accordOf, hashed, keyOf } from "./builder-accord.ts";

/** A line of two parties in memory, every byte of it from fixed seeds: for tests and for vectors, which may break any rule. */

export class Line {
  readonly accord: Accord;
  readonly sides: readonly Side[];
  /** The current log of each party. */
  readonly logs: LogBuilder[];
  readonly closed: LogBuilder[] = [];
  now: number = EPOCH_S;
  /** Amendments that proposals carry, as far as they are disclosed. */
  readonly carried: Amendment[] = [];

  constructor(options: LineOptions = {}) {
    const { accord, sides } = accordOf(options);
    this.accord = accord;
    this.sides = sides;
    this.logs = sides.map((item, i) => new LogBuilder(this, i, item));
  }

  #inForce(logs: readonly SourceLog[]): readonly Amendment[] {
    if (this.carried.length === 0) return [];
    const loaded = logs.map(({ log, entries }) => ({ log, entries: entries.map(({ bytes }) => bytes) }));
    return loadRecord(suite, this.accord, loaded, { signatures: false, amendments: this.carried }).record.amendments.inForce();
  }

  log(position: number): LogBuilder {
    const log = this.logs[position];
    if (log === undefined) throw new RangeError(`no party ${position}`);
    return log;
  }

  /** Opens a new log of a party; `size`: how much of the one before it knew, all of it unless less. */
  restore(position: number, size?: number): LogBuilder {
    const before = this.log(position);
    const log = new LogBuilder(this, position, before.side, before.incarnation + 1);
    this.closed.push(before);
    this.logs[position] = log;
    log.write({ kind: "restored", facts: { incarnation: log.id, origin: log.origin, closed: before.head(size) } });
    return log;
  }

  source(shownBy = 0): RecordSource {
    const party = this.accord.parties[shownBy];
    if (party === undefined) throw new RangeError("no such party");
    const logs = [...this.closed, ...this.logs].map((log) => log.sourceLog());
    return { accord: this.accord, amendments: this.#inForce(logs), shownBy: party.id, logs };
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
  /** The author's files as its log uses them now: external data of its signatures. */
  accordDigest: Uint8Array;
  readonly incarnation: number;
  readonly #named = new Map<string, number>();
  #terms: { readonly terms: Terms; readonly bytes: Uint8Array };
  #file: { readonly file: PartyFile; readonly bytes: Uint8Array };

  constructor(line: Line, position: number, own: Side, incarnation = 0) {
    this.line = line;
    this.incarnation = incarnation;
    this.side = own;
    this.position = position;
    const { files, terms } = line.accord;
    this.#terms = { terms, bytes: files.terms };
    this.#file = { file: own.file, bytes: files.parties[position] ?? new Uint8Array(0) };
    this.accordDigest = line.accord.parties[position]?.accordDigest ?? new Uint8Array(32);
    const later = incarnation === 0 ? "" : `/${incarnation}`;
    this.id = parseLogId(toHex(later === "" ? own.file.incarnation : hashed(`${own.id}/incarnation${later}`).subarray(0, 8)));
    this.origin = toHex(hashed(`${own.id}/origin${later}`).subarray(0, 16));
  }

  get size(): number {
    return this.entries.length;
  }

  get #later(): string {
    return this.incarnation === 0 ? "" : ` ${this.incarnation}`;
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
      options.body === undefined
        ? undefined
        : encodeDisclosure(hashed(`salt ${this.side.id} ${index}${this.#later}`).slice(0, 16), options.body);
    const header = {
      line: this.line.accord.line,
      party: party.key,
      actId: parseActId(toHex(hashed(`act ${this.side.id} ${index}${this.#later}`).subarray(0, 16))),
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
      const signature = suite.signEd25519(key.seed, signedBytes(protectedBytes, this.accordDigest, payload));
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

  /** Proposes other terms, signed by root holders. */
  propose(change: Partial<Terms>, more: AmendOptions = {}): Proposed {
    const base = suite.sha256(this.#terms.bytes);
    return this.#propose("terms", encodeTerms({ ...this.#terms.terms, base, ...change }), more);
  }

  /** Proposes another file of this party. */
  proposeFile(change: Partial<PartyFile>, more: AmendOptions = {}): Proposed {
    const base = suite.sha256(this.#file.bytes);
    return this.#propose("party", encodePartyFile({ ...this.#file.file, base, ...change }), more);
  }

  #propose(purpose: "terms" | "party", file: Uint8Array, { holders, spoil, ...more }: AmendOptions): Proposed {
    const { line } = this.line.accord;
    const signatures = (holders ?? [this.side.root]).map((seeds) => signAmendment(suite, seeds, { line, file }));
    const amendment = spoil?.({ file, signatures }) ?? { file, signatures };
    const digest = amendmentDigest(suite, amendment);
    const written = this.write({ kind: "propose", facts: { digest, purpose }, body: amendmentBody(amendment), names: true, ...more });
    if (more.withhold !== true) this.line.carried.push(amendment);
    return { ...written, amendment, purpose };
  }

  accept(proposed: Proposed, more: Partial<ActOptions> = {}): Written {
    return this.#about("accept", proposed, [proposed.leaf], more);
  }

  confirm(proposed: Proposed, more: Partial<ActOptions> = {}): Written {
    return this.#about("confirm", proposed, [proposed.leaf], more);
  }

  /** This log goes over to what `by` confirms (its own file: the proposal itself), and signs under it from here on. */
  goOver(proposed: Proposed, by: Written, more: Partial<ActOptions> = {}): Written {
    const written = this.#about("in-force", proposed, [by.leaf], more);
    const { file } = proposed.amendment;
    if (proposed.purpose === "terms") this.#terms = { terms: decodeTerms(file), bytes: file };
    else this.#file = { file: decodePartyFile(file), bytes: file };
    this.accordDigest = suite.sha256(concatBytes(suite.sha256(this.#terms.bytes), suite.sha256(this.#file.bytes)));
    return written;
  }

  #about(kind: KindName, { amendment }: Proposed, refs: readonly string[], more: Partial<ActOptions>): Written {
    return this.write({ kind, facts: { digest: amendmentDigest(suite, amendment) }, refs, names: true, ...more });
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

  /** `size`: as if nothing had come after so many entries. */
  sourceLog(size: number = this.size): SourceLog {
    const party = this.line.accord.parties[this.position];
    if (party === undefined) throw new RangeError("no such party");
    const head = { origin: `openline.invalid/${this.origin}`, size, root: fromHex(this.head(size).root) };
    const signature = signCheckpoint(suite, this.side.log.seed, head);
    const daily = this.mldsa
      ? { mldsa: cosignMldsa44(suite, this.side.mldsaSeed, head.origin, head, parseUnixSeconds(this.line.now)) }
      : {};
    return {
      log: this.id,
      party: party.id,
      current: this.line.logs[this.position] === this,
      origin: this.origin,
      entries: this.entries.slice(0, size),
      checkpoint: { size: head.size, root: head.root, signature, ...daily },
      cosignatures: this.cosignatures.filter((item) => item.size <= size),
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
    if (other === undefined || other.size <= (this.#named.get(other.id) ?? 0)) return [];
    this.#named.set(other.id, other.size);
    return [other.head()];
  }
}
