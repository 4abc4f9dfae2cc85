import {
  type Accord,
  type ChannelTerms,
  type EntriesFrame,
  type LogId,
  type Precedence,
  type Terms,
  type UnixMillis,
  decodeEntry,
  decodeFrame,
  leafOf,
  limits,
  millisOf,
  parseChannelNumber,
  parsePostId,
  parseUnixSeconds,
  refusable,
  toHex,
} from "@openline/core";
import { type Bearer, MemoryDisk, MemoryLink, MemorySecondPlace, MemoryStore, Node, type NodeOptions, nativeSuite } from "@openline/node";
import { type PartySecrets, assignPosts, handOf, setUpLine, submitDraft } from "../../src/operate/line-setup.ts";
import type { Said } from "@openline/core";

/** Real nodes over memory stores and links, a clock that stands still until it is set, and an oracle that sees every frame. */

export const START_S = 1_700_000_000;
export const en = (text: string) => ({ en: text });

/** Chance from a seed: every run of a test draws the same. */
export function seeded(seed: number): { readonly below: (max: number) => number; readonly bytes: (count: number) => Uint8Array } {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  return { below: (max) => next() % max, bytes: (count) => Uint8Array.from({ length: count }, () => next() & 255) };
}

export const channel = (number: number, id: string, more: Partial<ChannelTerms> = {}): ChannelTerms => ({
  number,
  id,
  kind: "military",
  name: en(id),
  purpose: en("a test"),
  basis: { text: "agreed", from: START_S - 1000, to: null, sure: true },
  clocks: { held: { FLASH: 300 }, acknowledge: { FLASH: 300 }, answer: {}, callRequest: null },
  timetable: null,
  proofWindow: 90 * 86_400,
  quietPeriod: null,
  transit: 0,
  release: "one",
  disclosure: { term: "own", embargo: null },
  ...more,
});

export const CHANNELS = [
  channel(1, "main"),
  channel(2, "leaders", { release: "two" }),
  channel(3, "ended", { basis: { text: "agreed", from: START_S - 1000, to: START_S - 10, sure: true } }),
];

const termsOf = (parties: readonly string[], more: Partial<Terms>): Terms => ({
  version: 1,
  mode: "live",
  suite: 1,
  base: null,
  title: en("A line for tests"),
  languages: ["en"],
  parties,
  channels: CHANNELS,
  forms: [],
  beat: 120,
  silentAfter: 600,
  holdingReplyMax: null,
  notice: 0,
  rates: { flashPerHour: 3, immediatePerHour: 20, entriesPerDay: 1_000_000 },
  legal: en("none"),
  retention: en("none"),
  ending: en("none"),
  ...more,
});

/** Sees every frame that leaves a node, and knows when an index has been signed twice. */
export class Oracle {
  readonly wrong: string[] = [];
  readonly #leaves = new Map<string, string>();
  readonly #signatures = new Map<string, string>();
  frames = 0;

  saw(frame: Uint8Array): void {
    this.frames++;
    const read = decodeFrame(frame);
    if (!read.ok) return void this.wrong.push(`a node sent what cannot be read: ${read.refusal.detail}`);
    const { value } = read;
    if (value.kind === "disclosure" || value.kind === "part" || value.kind === "have") return;
    if (value.kind === "ahead" || value.kind === "head") {
      const { incarnation, size, signature } = value.checkpoint;
      if (value.kind === "ahead") this.#note(this.#leaves, `${incarnation}/${size - 1}`, leafOf(nativeSuite, value.entry));
      return this.#signed(incarnation, size, signature);
    }
    const { log, checkpoint } = value;
    if (value.kind === "entries") this.#placed(value);
    if (checkpoint !== null) this.#signed(log, checkpoint.size, checkpoint.signature);
  }

  #placed({ log, from, entries }: EntriesFrame): void {
    entries.forEach(({ entry }, i) => this.#note(this.#leaves, `${log}/${from + i}`, leafOf(nativeSuite, entry)));
  }

  #signed(log: LogId, size: number, signature: Uint8Array): void {
    this.#note(this.#signatures, `${log}:${size}`, toHex(signature));
  }

  #note(map: Map<string, string>, key: string, value: string): void {
    const known = map.get(key);
    if (known !== undefined && known !== value) this.wrong.push(`${key} twice: ${known} and ${value}`);
    map.set(key, value);
  }
}

/** A wide bearer that takes everything. */
export const testBearer = (id: string, send: Bearer["send"]): Bearer => ({
  id,
  kind: "memory",
  epoch: "direct",
  mtu: limits.frameBytesMax,
  oneWay: undefined,
  credit: () => limits.frameBytesMax,
  send,
});

export interface Player {
  readonly secrets: PartySecrets;
  disk: MemoryDisk;
  second: MemorySecondPlace;
  node: Node;
  options: NodeOptions;
}

export class Line {
  readonly accord: Accord;
  readonly secrets: readonly PartySecrets[];
  readonly players: Player[] = [];
  readonly links: MemoryLink[] = [];
  readonly oracle = new Oracle();
  readonly chance: ReturnType<typeof seeded>;
  now: UnixMillis = millisOf(parseUnixSeconds(START_S));

  private constructor(parties: readonly string[], terms: Partial<Terms>, seed: number) {
    this.chance = seeded(seed);
    const posts = (channels: readonly string[]) => [
      { id: "watch", name: en("watch"), channels, principal: false, deputy: null },
      { id: "minister", name: en("minister"), channels, principal: true, deputy: null },
    ];
    const all = (terms.channels ?? CHANNELS).map((item) => item.id);
    const plans = parties.map((id) => ({ id, name: en(id), language: "en", zone: "UTC", posts: posts(all) }));
    const { accord, secrets } = setUpLine(nativeSuite, this.chance.bytes, termsOf(parties, terms), plans);
    this.accord = accord;
    this.secrets = secrets;
  }

  /** `nodes`: how many of the parties are real nodes; the others are played by hand. */
  static async open(
    options: { parties?: readonly string[]; terms?: Partial<Terms>; nodes?: number; seed?: number; node?: Partial<NodeOptions> } = {},
  ): Promise<Line> {
    const parties = options.parties ?? ["north", "south"];
    const line = new Line(parties, options.terms ?? {}, options.seed ?? 1);
    for (const position of parties.keys()) if (position < (options.nodes ?? parties.length)) await line.#add(position, options.node ?? {});
    return line;
  }

  async #add(position: number, more: Partial<NodeOptions>): Promise<void> {
    const [party, secrets] = [this.accord.parties[position]!, this.secrets[position]!];
    const disk = new MemoryDisk();
    const second = new MemorySecondPlace();
    const options: NodeOptions = {
      suite: nativeSuite,
      accord: this.accord,
      party,
      keys: secrets.keys,
      store: new MemoryStore(disk),
      second,
      world: { clock: { now: () => this.now }, random: this.chance.bytes },
      receiptDelayMs: 1000,
      unprompted: false,
      verifyAside: async (...question) => nativeSuite.verifyEd25519(...question),
      ...more,
    };
    this.players.push({ secrets, disk, second, options, node: await Node.open(options) });
  }

  /** The node of one party. */
  node(position: number): Node {
    return this.players[position]!.node;
  }

  /** Links every two nodes, and carries what they say. */
  async connect(): Promise<void> {
    for (const [i, first] of this.players.entries()) {
      for (const [j, second] of this.players.entries()) {
        if (j <= i) continue;
        const link = new MemoryLink(`${i}-${j}`);
        this.links.push(link);
        await this.joinTo(link, 0, first, second);
        await this.joinTo(link, 1, second, first);
      }
    }
  }

  async joinTo(link: MemoryLink, side: 0 | 1, player: Player, other: Player): Promise<void> {
    const bearer = link.join(side, (frame, from) => player.node.receive(frame, { ...from, send: this.#watched(from) }));
    await player.node.join({ ...bearer, send: this.#watched(bearer) }, other.options.party);
  }

  #watched(bearer: Bearer): Bearer["send"] {
    return (frame) => {
      this.oracle.saw(frame);
      return bearer.send(frame);
    };
  }

  /** Opens a node again over what is durable: the one before is abandoned where it stands. */
  async reopen(position: number, more: Partial<NodeOptions> = {}): Promise<Node> {
    const player = this.players[position]!;
    player.options = { ...player.options, store: new MemoryStore(player.disk), second: player.second, ...more };
    player.node = await Node.open(player.options);
    for (const [at, link] of this.links.entries()) await this.#rejoin(at, link, position);
    return player.node;
  }

  async #rejoin(at: number, link: MemoryLink, position: number): Promise<void> {
    const pairs = this.players.flatMap((_, i) => this.players.slice(i + 1).map((__, k) => [i, i + 1 + k] as const));
    const pair = pairs[at]!;
    const [first, second] = [this.players[pair[0]]!, this.players[pair[1]]!];
    if (pair[0] === position) await this.joinTo(link, 0, first, second);
    if (pair[1] === position) await this.joinTo(link, 1, second, first);
  }

  wait(seconds: number): void {
    this.now = (this.now + seconds * 1000) as UnixMillis;
  }

  async deliver(): Promise<void> {
    for (const link of this.links) await link.deliver();
  }

  /** Ticks, a second apart, and deliveries. */
  async settle(rounds = 4): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      await this.deliver();
      this.wait(1);
      for (const { node } of this.players) await node.tick();
      await this.deliver();
    }
  }

  async assign(): Promise<void> {
    for (const { node, secrets } of this.players) await assignPosts(node, secrets);
  }

  /** A message of the watch, or whatever `said` makes of it. */
  async submit(position: number, said: Partial<Said> = {}, text = "A message."): ReturnType<Node["submit"]> {
    const { node, secrets } = this.players[position]!;
    const whole = message(said);
    const seed = secrets.watch.get(whole.from ?? "watch")!;
    return submitDraft(node, whole, [{ ...handOf(nativeSuite, seed), role: "author" }], new Map([["text", new Map([["en", text]])]]));
  }
}

export const message = (said: Partial<Said> = {}): Said => ({
  kind: "message",
  channel: parseChannelNumber(1),
  precedence: "ROUTINE" satisfies Precedence,
  from: parsePostId("watch"),
  to: [],
  ...said,
});

/** All entries of a disk's log, decoded. */
export const entriesOf = (disk: MemoryDisk, log: LogId) =>
  (disk.entries.get(log) ?? []).map((item) => ({ ...item, read: refusable(() => decodeEntry(item.entry)) }));

/** Kinds of the entries of a log in order. */
export const kindsOf = (disk: MemoryDisk, log: LogId): readonly (string | undefined)[] =>
  entriesOf(disk, log).map(({ read }) => (read.ok ? read.value.act.header.kind : "unreadable"));

/** Code and leaf of each refusal in a log. */
export const refusalsOf = (
  disk: MemoryDisk,
  log: LogId,
): readonly { readonly code: string | undefined; readonly leaf: string | undefined }[] =>
  entriesOf(disk, log).flatMap(({ read }) =>
    read.ok && read.value.act.header.kind === "refusal"
      ? [{ code: read.value.act.header.facts.code, leaf: read.value.act.header.refs[0] }]
      : [],
  );
