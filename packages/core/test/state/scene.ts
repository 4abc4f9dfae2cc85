import {
  type Accord,
  type Amendment,
  ALG_ED25519,
  type ChannelTerms,
  type Digest,
  EMPTY_FRONTIER,
  type Facts,
  type Frontier,
  type Head,
  KINDS,
  type KindName,
  type LeafHash,
  LineRecord,
  type LoadedLog,
  type LogId,
  type Party,
  type PartyFile,
  type Precedence,
  type Terms,
  amendmentDigest,
  appendLeaf,
  encodeAct,
  encodeEntry,
  encodeHeader,
  encodeProtected,
  fromHex,
  kidOf,
  leafOf,
  loadRecord,
  parseActId,
  parseChannelNumber,
  parseDigest,
  parseLeafHash,
  parseLineId,
  parseLogId,
  parseLogIndex,
  parsePartyId,
  parsePartyKey,
  parsePostId,
  parseUnixMillis,
  parseUnixSeconds,
  presentParties,
  rootOf,
  toHex,
  utf8,
} from "@openline/core";
import { nativeSuite as suite } from "../../../node/src/crypto/native-suite.ts";

/** A line in memory for tests of the state: real encoded entries in real logs, placed at the times a script says, with
 *  signatures that nobody checks. Times are POSIX seconds. */

/** Monday, 5 January 2026, 00:00Z. */
export const START = 1_767_571_200;
export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;

export interface SceneOptions {
  readonly parties?: readonly string[];
  readonly channels?: readonly Partial<ChannelTerms>[];
  readonly terms?: Partial<Terms>;
  readonly files?: Readonly<Record<string, Partial<PartyFile>>>;
  /** The party that is not there, on a one-sided line. */
  readonly absent?: string;
  /** Whether acts of posts carry a body that nobody discloses. */
  readonly bodies?: boolean;
}

/** What one entry is to be. */
export interface SceneAct {
  readonly by: string;
  readonly kind: KindName;
  /** The instant its author's clock shows. */
  readonly at: number;
  readonly channel?: number;
  readonly precedence?: Precedence;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly facts?: Facts;
  readonly refs?: readonly string[];
  /** Logs whose newest heads it names; all of them if left out. */
  readonly names?: readonly string[];
  readonly ahead?: readonly string[];
  readonly notAfter?: number;
  /** Of an earlier act, to place it a second time. */
  readonly actId?: string;
  /** Name of the party's log where it is not its first: see `restore`. */
  readonly log?: string;
}

interface SceneLog {
  readonly id: LogId;
  readonly entries: Uint8Array[];
  readonly leaves: LeafHash[];
  readonly times: number[];
  readonly heads: Head[];
  frontier: Frontier;
  readonly named: Map<string, number>;
  control: { readonly index: number; readonly leaf: LeafHash } | null;
}

const en = (text: string): { readonly en: string } => ({ en: text });
const hash = (text: string): Uint8Array => suite.sha256(utf8(text));
const keys = new Map<string, Uint8Array>();
function keyOf(name: string): Uint8Array {
  const known = keys.get(name) ?? suite.ed25519Public(hash(name));
  keys.set(name, known);
  return known;
}

export class Scene {
  readonly accord: Accord;
  /** By party id; a later incarnation by its own name. */
  readonly logs: Map<string, SceneLog>;
  /** Whose entry was written when: one order in which everything named has been offered before. */
  readonly turns: string[] = [];
  /** What proposals carry. */
  readonly amendments: Amendment[] = [];
  readonly #bodies: boolean;
  #acts = 0;

  constructor(options: SceneOptions = {}) {
    this.accord = accordOf(options);
    this.#bodies = options.bodies === true;
    const present = presentParties(this.accord);
    this.logs = new Map(present.map((party) => [party.id, emptyLog(party.incarnation)]));
    for (const party of present) {
      const origin = toHex(hash(`${party.id}/origin`).subarray(0, 16));
      const facts = { digest: this.accord.ceremony, incarnation: party.incarnation, origin };
      this.write({ by: party.id, kind: "accord-sign", at: START, facts, names: [] });
      const key = keyOf(`${party.id}/watch`);
      const person = parseDigest(toHex(hash(`${party.id}/person`)));
      this.write({
        by: party.id,
        kind: "post-assign",
        at: START,
        facts: { key, posts: ["watch", "minister"], person, possession: new Uint8Array(64) },
      });
    }
    for (const party of present) this.beat(party.id, START);
  }

  channel(number: number, more: Partial<ChannelTerms>): ChannelTerms {
    return channelOf(number, more);
  }

  party(id: string): Party {
    const found = this.accord.parties.find((party) => party.id === id);
    if (found === undefined) throw new RangeError(`no party ${id}`);
    return found;
  }

  log(id: string): SceneLog {
    const found = this.logs.get(id);
    if (found === undefined) throw new RangeError(`no log ${id}`);
    return found;
  }

  /** Places an entry and returns its leaf. */
  write(act: SceneAct): LeafHash {
    const name = act.log ?? act.by;
    const log = this.log(name);
    const party = this.party(act.by);
    const { by } = KINDS[act.kind];
    const at = Math.max(act.at, log.times.at(-1) ?? 0);
    const header = {
      line: this.accord.line,
      party: party.key,
      actId: parseActId(act.actId ?? toHex(hash(`act ${this.#acts++}`).subarray(0, 16))),
      kind: act.kind,
      channel: parseChannelNumber(act.channel ?? (KINDS[act.kind].on === "line" ? 0 : 1)),
      precedence: act.precedence ?? ("ROUTINE" as const),
      drafted: parseUnixMillis(at * 1000),
      ...(by === "post" ? { from: parsePostId(act.from ?? "watch") } : {}),
      to: act.to ?? [],
      ...(this.#bodies && by === "post" ? { body: parseDigest(toHex(hash(`body ${this.#acts}`))) } : {}),
      refs: (act.refs ?? []).map(parseLeafHash),
      facts: act.facts ?? {},
      notAfter: parseUnixSeconds(act.notAfter ?? at + 40 * 366 * DAY),
    };
    const role = by === "node" ? ("node" as const) : ("author" as const);
    const key = { node: "node", directory: "directory-0", "directory-two": "directory-0", post: "watch" }[by];
    const hands = [[key, role] as const, ...(by === "directory-two" ? ([["directory-1", "releaser"]] as const) : [])];
    const signed = hands.map(([name, as]) => {
      const release = { alg: ALG_ED25519, kid: kidOf(suite, keyOf(`${act.by}/${name}`)), role: as, time: parseUnixSeconds(at) };
      return { ...release, protectedBytes: encodeProtected(release), signature: new Uint8Array(64) };
    });
    const placement = {
      index: parseLogIndex(log.entries.length),
      time: parseUnixSeconds(at),
      heads: this.#heads(name, act.names ?? [...this.logs.keys()]),
      ahead: (act.ahead ?? []).map(parseLeafHash),
      control: log.control === null ? null : { index: parseLogIndex(log.control.index), leaf: log.control.leaf },
    };
    this.turns.push(name);
    return this.#append(log, encodeEntry(encodeAct(encodeHeader(header), signed), placement), act.kind, at);
  }

  /** An amendment signed, as far as anybody looks, by the party's root holder. */
  amendment(by: string, file: Uint8Array): { readonly amendment: Amendment; readonly digest: Digest } {
    const kid = fromHex(kidOf(suite, keyOf(`${by}/root`)));
    const amendment = { file, signatures: [{ kid, ed25519: new Uint8Array(64), mldsa44: new Uint8Array(2420) }] };
    this.amendments.push(amendment);
    return { amendment, digest: amendmentDigest(suite, amendment) };
  }

  /** A receipt for everything the other logs have. */
  beat(by: string, at: number): LeafHash {
    return this.write({ by, kind: "beat", at });
  }

  /** Opens a new log of a party, which closes the one before at `size`. */
  restore(
    by: string,
    name: string,
    { at, size, before = by, names = [] }: { at: number; size: number; before?: string; names?: readonly string[] },
  ): LeafHash {
    const closed = this.log(before).heads[size - 1];
    const incarnation = parseLogId(toHex(hash(`${by}/${name}`).subarray(0, 8)));
    this.logs.set(name, emptyLog(incarnation));
    const facts = { incarnation, origin: toHex(hash(`${name}/origin`).subarray(0, 16)), ...(closed === undefined ? {} : { closed }) };
    return this.write({ by, log: name, kind: "restored", at, facts, names });
  }

  /** An act that every other party takes receipt of at the same instant. */
  act(act: SceneAct): LeafHash {
    const leaf = this.write(act);
    for (const other of this.logs.keys()) if (other !== act.by) this.beat(other, act.at);
    return leaf;
  }

  #append(log: SceneLog, bytes: Uint8Array, kind: KindName, at: number): LeafHash {
    const leaf = leafOf(suite, bytes);
    const index = log.entries.length;
    log.entries.push(bytes);
    log.leaves.push(leaf);
    log.times.push(at);
    log.frontier = appendLeaf(suite, log.frontier, fromHex(leaf));
    log.heads.push({ log: log.id, size: index + 1, root: parseDigest(toHex(rootOf(suite, log.frontier))) });
    if (KINDS[kind].control === true) log.control = { index, leaf };
    return leaf;
  }

  #heads(by: string, names: readonly string[]): readonly Head[] {
    const own = this.log(by);
    return names.flatMap((id) => {
      const head = this.log(id).heads.at(-1);
      if (id === by || head === undefined || head.size <= (own.named.get(id) ?? 0)) return [];
      own.named.set(id, head.size);
      return [head];
    });
  }

  /** The logs as they are, or only what was placed by `knownAt`, or a number of entries of each. */
  cut(options: { readonly knownAt?: number; readonly sizes?: Readonly<Record<string, number>> } = {}): readonly LoadedLog[] {
    return [...this.logs].map(([party, { id, entries, leaves, times }]) => {
      const placed = options.knownAt === undefined ? entries.length : times.filter((time) => time <= (options.knownAt ?? 0)).length;
      const size = Math.min(placed, options.sizes?.[party] ?? Infinity);
      return { log: id, entries: entries.slice(0, size), leaves: leaves.slice(0, size) };
    });
  }

  record(options: { readonly knownAt?: number; readonly sizes?: Readonly<Record<string, number>> } = {}): LineRecord {
    return loadRecord(suite, this.accord, this.cut(options), { signatures: false, amendments: this.amendments }).record;
  }

  /** A record that takes the entries of several logs in the order in which `turns` names the logs. */
  interleaved(turns: readonly string[]): LineRecord {
    const record = new LineRecord(suite, this.accord, { signatures: false });
    for (const amendment of this.amendments) record.learn(amendment);
    for (const { heads } of this.logs.values()) for (const head of heads) record.noteRoot(head.log, head.size, head.root);
    const next = new Map<string, number>();
    for (const party of turns) {
      const log = this.log(party);
      const index = next.get(party) ?? 0;
      const [bytes, leaf] = [log.entries[index], log.leaves[index]];
      if (bytes === undefined || leaf === undefined) continue;
      next.set(party, index + 1);
      record.offer({ log: log.id, index, leaf, bytes });
    }
    return record;
  }
}

const emptyLog = (id: LogId): SceneLog => ({
  id,
  entries: [],
  leaves: [],
  times: [],
  heads: [],
  frontier: EMPTY_FRONTIER,
  named: new Map(),
  control: null,
});

/** An accord as if it had been read from files: digests are made up, keys are real. */
function accordOf(options: SceneOptions): Accord {
  const ids = options.parties ?? ["a", "b"].map((id) => `${id}land`);
  const channels = (options.channels ?? [{}]).map((more, i) => channelOf(i + 1, more));
  const terms: Terms = {
    version: 1,
    mode: "live",
    suite: 1,
    base: null,
    title: en("A line for tests of the state"),
    languages: ["en"],
    parties: ids,
    channels,
    forms: [],
    beat: 120,
    silentAfter: null,
    holdingReplyMax: null,
    notice: 7 * DAY,
    rates: null,
    legal: {},
    retention: {},
    ending: {},
    ...options.terms,
  };
  const parties = ids.map((id): Party => ({
    ...(id === options.absent ? { absent: true as const } : {}),
    id: parsePartyId(id),
    key: parsePartyKey(toHex(hash(`${id}/key`).subarray(0, 8))),
    file: { ...fileOf(id, channels), ...(id === options.absent ? { posts: [] } : {}), ...options.files?.[id] },
    fileDigest: parseDigest(toHex(hash(`${id}/file`))),
    accordDigest: hash(`${id}/digest`),
    incarnation: parseLogId(toHex(hash(`${id}/incarnation`).subarray(0, 8))),
  }));
  const files = { terms: new Uint8Array(0), parties: [], signatures: [] };
  const [line, termsDigest] = [parseLineId("11".repeat(16)), parseDigest(toHex(hash("terms")))];
  return { terms, termsDigest, line, ceremony: parseDigest("22".repeat(32)), parties, files };
}

function channelOf(number: number, more: Partial<ChannelTerms>): ChannelTerms {
  return {
    number,
    id: number === 1 ? "main" : `channel-${number}`,
    kind: "military",
    name: en(`Channel ${number}`),
    purpose: en("a test"),
    basis: { text: "agreed", from: START, to: null, sure: true },
    clocks: { held: {}, acknowledge: {}, answer: {}, callRequest: null },
    timetable: null,
    proofWindow: 90 * DAY,
    quietPeriod: null,
    transit: 0,
    release: "one",
    disclosure: { term: "own", embargo: null },
    ...more,
  };
}

const seals = new Map<string, Uint8Array>();
function seal(id: string): Uint8Array {
  const known = seals.get(id) ?? suite.xwingPublic(hash(`${id}/seal`));
  seals.set(id, known);
  return known;
}

function fileOf(id: string, channels: readonly ChannelTerms[]): PartyFile {
  const pair = { ed25519: keyOf(`${id}/log`), mldsa44: new Uint8Array(1312) };
  return {
    version: 1,
    base: null,
    id,
    name: en(id),
    language: "en",
    zone: "UTC",
    incarnation: hash(`${id}/incarnation`).slice(0, 8),
    root: { threshold: 1, holders: [{ ...pair, ed25519: keyOf(`${id}/root`) }] },
    log: pair,
    node: keyOf(`${id}/node`),
    mirror: keyOf(`${id}/mirror`),
    seal: seal(id),
    tls: [],
    addresses: [],
    contribution: hash(`${id}/contribution`),
    directory: [0, 1].map((i) => ({ key: keyOf(`${id}/directory-${i}`), person: hash(`${id}/directory-person-${i}`) })),
    posts: ["watch", "minister"].map((post) => ({
      id: post,
      name: en(post),
      channels: channels.map((channel) => channel.id),
      principal: post === "minister",
      deputy: null,
    })),
    hours: null,
    holidays: [],
  };
}
