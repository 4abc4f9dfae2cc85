import { type Entry, type KindName, type LeafHash, type Precedence, parsePostId, parseUnixSeconds, secondsOf } from "@openline/core";
import type { Node, StoredEntry } from "@openline/node";
import type { Chance } from "./chance.ts";
import { type Letter, type Pen, type Saying, type Wrong, enrol, revoke, writeAct } from "./drafts.ts";
import type { Laws } from "./laws.ts";
import type { Machine } from "./machine.ts";

export interface Workload {
  /** Mean time between two acts that nobody asked for. Milliseconds. */
  readonly meanMs: number;
  /** Chance that an act is the first of a burst. */
  readonly bursts: number;
  /** Chance that a message is FLASH or IMMEDIATE. A node beats every minute while one of them waits for its answer. */
  readonly urgent: number;
  /** Chance that an act is made wrong, or handed in twice. */
  readonly wrong: number;
  /** Chance of a body of 20 to 200 kB. */
  readonly large: number;
  /** Whether watches change. */
  readonly shifts: boolean;
}

/** What a refusal may be when nobody did anything wrong: too many, too late, a channel withdrawn, a watch relieved meanwhile. */
const USUAL: ReadonlySet<string> = new Set(["over-rate", "late-placed", "not-in-force", "revoked-key", "wrong-reference"]);

interface Seen {
  readonly leaf: LeafHash;
  readonly channel: number;
  readonly kind: KindName;
  readonly urgent: boolean;
}

/** The people of one party: they write, read what arrives, answer, test by the timetable, and hand an act in again when their node
 *  went down before it had told them that it stands. */
export class People {
  readonly #machine: Machine;
  readonly #laws: Laws;
  readonly #chance: Chance;
  readonly #workload: Workload;
  readonly #pen: Pen;
  readonly #open: Set<Letter> = new Set();
  readonly #then: Map<Letter, () => void> = new Map();
  readonly #inbox: Seen[] = [];
  readonly #mine: Seen[] = [];
  readonly #suspended: Set<number> = new Set();
  #assigned = false;
  /** Posts that have their key. */
  #enrolled = 0;
  placed = 0;
  refused = 0;
  working = true;

  constructor(machine: Machine, laws: Laws, chance: Chance, workload: Workload) {
    this.#machine = machine;
    this.#laws = laws;
    this.#chance = chance;
    this.#workload = workload;
    this.#pen = { machine, suite: machine.plan.suite, chance, seeds: new Map(machine.secrets.watch) };
    machine.onOpen((node) => this.#cameUp(node));
  }

  begin(): void {
    this.#later(this.#chance.spread(1000, this.#workload.meanMs), () => this.#act());
    this.#later(this.#untilSlot(), () => this.#slot());
    if (this.#workload.shifts) this.#later(8 * 3_600_000, () => this.#shift());
  }

  get waiting(): number {
    return this.#open.size;
  }

  #later(ms: number, act: () => void): void {
    this.#machine.plan.schedule.after(ms, () => {
      if (this.working) act();
    });
  }

  #cameUp(node: Node): void {
    if (!this.#assigned) {
      this.#assigned = true;
      for (const [post, seed] of this.#machine.secrets.watch)
        this.#handIn(enrol(this.#pen, parsePostId(post), seed), () => this.#enrolled++);
    }
    for (const letter of this.#open) void this.#submit(node, letter);
  }

  /** Reads what the other side wrote. */
  read(stored: StoredEntry, entry: Entry): void {
    const { kind, channel, precedence } = entry.act.header;
    if (kind === undefined || channel === 0 || stored.refusal !== undefined) return;
    const urgent = isUrgent(precedence);
    const seen: Seen = { leaf: stored.leaf, channel, kind, urgent };
    this.#inbox.push(seen);
    if (this.#inbox.length > 30) this.#inbox.shift();
    const share = urgent ? 0.97 : REPLIES[kind] === undefined ? 0.05 : 0.75;
    if (this.#chance.happens(share)) this.#later(this.#chance.spread(3000, urgent ? 600_000 : 2_400_000), () => this.#reply(seen));
  }

  #reply(seen: Seen): void {
    // What waits for other entries cannot be answered yet.
    if (this.#machine.node?.record.byLeaf.get(seen.leaf)?.header === undefined) return;
    const kinds = seen.urgent && seen.kind === "message" ? URGENT_REPLIES : (REPLIES[seen.kind] ?? (["acknowledge"] as const));
    const kind = this.#chance.one(kinds) ?? "acknowledge";
    this.#say({ kind, channel: seen.channel, refs: [seen.leaf], facts: this.#facts(kind) });
    // What does not bear delay is not left at that.
    if (kinds === URGENT_REPLIES && kind !== "answer" && kind !== "decline")
      this.#later(this.#chance.spread(60_000, 900_000), () => this.#say({ kind: "answer", channel: seen.channel, refs: [seen.leaf] }));
  }

  /** One act that nobody asked for, and the next one planned. */
  #act(): void {
    const { meanMs, bursts } = this.#workload;
    const burst = this.#chance.happens(bursts) ? this.#chance.between(3, 12) : 1;
    for (let i = 0; i < burst; i++) this.#say(this.#idea());
    this.#later(this.#chance.spread(meanMs / 4, meanMs * 3), () => this.#act());
  }

  #idea(): Saying {
    const chance = this.#chance;
    const channel = chance.pick([1, 1, 1, 2, 3]);
    const mine = chance.one(this.#mine);
    const precedence = chance.pick<Precedence>(
      chance.happens(this.#workload.urgent) ? ["IMMEDIATE", "FLASH"] : ["ROUTINE", "ROUTINE", "PRIORITY"],
    );
    switch (chance.pick(IDEAS)) {
      case "message":
        return { kind: "message", channel, precedence, facts: chance.happens(0.5) ? { wantsAnswer: true } : {}, ...this.#large() };
      case "about mine":
        if (mine === undefined || mine.channel === 0) return { kind: "note" };
        return {
          kind: chance.pick(["correction", "withdraw-request", "translation", "erase"] as const),
          channel: mine.channel,
          refs: [mine.leaf],
        };
      case "standing":
        return this.#standing(channel);
      case "call":
        return { kind: "call-request", channel: 2, precedence: "PRIORITY" };
      case "test":
        return { kind: "test", channel };
      case "line":
        return {
          kind: chance.pick(["note", "observed", "statement", "state-position", "incident-open", "propose-step"] as const),
          channel: chance.pick([0, channel]),
        };
      case "notification":
        return { kind: "notification", channel, ...this.#large() };
    }
  }

  #large(): { readonly words?: number } {
    return this.#chance.happens(this.#workload.large) ? { words: this.#chance.spread(20_000, 200_000) } : {};
  }

  #standing(channel: number): Saying {
    if (this.#suspended.delete(channel)) return { kind: "resume", channel };
    if (channel === 3 && this.#chance.happens(0.15)) return { kind: this.#chance.pick(["withdraw", "cancel"] as const), channel };
    this.#suspended.add(channel);
    this.#later(this.#chance.spread(600_000, 10_800_000), () => {
      if (this.#suspended.delete(channel)) this.#say({ kind: "resume", channel });
    });
    return { kind: "suspend", channel };
  }

  #facts(kind: KindName): NonNullable<Saying["facts"]> {
    const now = secondsOf(this.#machine.plan.clock.now());
    if (kind === "holding-reply") return { replyBy: parseUnixSeconds(now + this.#chance.between(600, 10_000)) };
    if (kind === "call-counter") return { windows: [{ from: parseUnixSeconds(now + 600), to: parseUnixSeconds(now + 3600) }] };
    return {};
  }

  /** Until the next full slot of the timetable of the first channel. */
  #untilSlot(): number {
    const every = 4 * 3600;
    const now = this.#machine.plan.clock.now() / 1000;
    const next = Math.floor((now - 600) / every + 1) * every + 600;
    return Math.max(1000, (next - now) * 1000);
  }

  #slot(): void {
    if (this.#chance.happens(0.6))
      this.#later(this.#chance.spread(1000, 500_000), () => this.#say({ kind: "test", channel: this.#chance.pick([1, 1, 3]) }));
    this.#later(this.#untilSlot(), () => this.#slot());
  }

  /** The next watch: a new key, and often the old one revoked. */
  #shift(): void {
    this.#newWatch();
    this.#later(8 * 3_600_000, () => this.#shift());
  }

  #newWatch(): void {
    const old = this.#pen.seeds.get("watch");
    const fresh = this.#chance.bytes(32);
    this.#handIn(enrol(this.#pen, parsePostId("watch"), fresh), () => {
      this.#pen.seeds.set("watch", fresh);
      if (old !== undefined && this.#chance.happens(0.5)) this.#handIn(revoke(this.#pen, old));
    });
  }

  #say(saying: Saying): void {
    if (this.#enrolled < this.#machine.secrets.watch.size) return;
    const wrong = this.#chance.happens(this.#workload.wrong)
      ? this.#chance.pick<Wrong>(["strange-key", "unknown-post", "too-late", "other-line", "signature"])
      : undefined;
    const letter = writeAct(this.#pen, saying, wrong);
    this.#handIn(letter);
    // Somebody presses the button twice.
    if (wrong === undefined && this.#chance.happens(this.#workload.wrong)) {
      const node = this.#machine.node;
      if (node !== undefined) void this.#submit(node, letter);
    }
  }

  #handIn(letter: Letter, then?: () => void): void {
    this.#open.add(letter);
    if (then !== undefined) this.#then.set(letter, then);
    const node = this.#machine.node;
    if (node !== undefined) void this.#submit(node, letter);
  }

  /** It stands: now, or since before the node went down. */
  #stands(letter: Letter): void {
    this.#then.get(letter)?.();
    this.#then.delete(letter);
  }

  async #submit(node: Node, letter: Letter): Promise<void> {
    const machine = this.#machine;
    const process = machine.process;
    if (process === undefined || machine.node !== node) return;
    const again = letter.attempts++ > 0;
    machine.stir();
    const said = await machine.guard(process, node.submit(letter.bytes, letter.disclosure));
    if (said === undefined || !process.alive) return;
    this.#open.delete(letter);
    machine.stir();
    if (!said.ok) {
      return this.#refused(letter, said.refusal.code, said.refusal.detail, again);
    }
    this.placed++;
    this.#laws.check(
      !letter.wrong || !this.#laws.honest(machine),
      "wrong-act-placed",
      () => `${machine.plan.name} places an act that its people made wrong`,
    );
    this.#laws.acknowledge(machine, said.value);
    this.#mine.push({ leaf: said.value.leaf, channel: letter.channel, kind: letter.kind, urgent: false });
    if (this.#mine.length > 20) this.#mine.shift();
    this.#stands(letter);
  }

  /** Whether our own log says that we hold this entry; our own we always do. */
  #named(leaf: LeafHash): boolean {
    const { node, disk, plan } = this.#machine;
    const stored = disk.written.leaves.get(leaf);
    if (stored === undefined) return false;
    if (this.#laws.ownLog(this.#machine, stored.log)) return true;
    const mine = node?.record.logsOf[plan.position] ?? [];
    return mine.some((log) => (log.named.get(stored.log)?.size.at(-1) ?? 0) > stored.index);
  }

  #refused(letter: Letter, code: string, detail: string, again: boolean): void {
    this.refused++;
    const machine = this.#machine;
    if (letter.wrong || USUAL.has(code) || !this.#laws.honest(machine)) return;
    if ((code === "replayed" || code === "reused-key") && again) return this.#stands(letter);
    // What it refers to cannot be named yet, or went with what was put back, as the key that signed it may have.
    if (code === "unknown-reference" && !letter.refs.every((leaf) => this.#named(leaf))) return;
    if (machine.disturbed.rolledBack && code === "unknown-key") return this.#newWatch();
    this.#laws.broken("people-refused", `${machine.plan.name} refuses a good ${letter.kind} of its own people: ${code}, ${detail}`);
  }
}

const IDEAS = [
  "message",
  "message",
  "message",
  "message",
  "message",
  "message",
  "about mine",
  "standing",
  "call",
  "test",
  "line",
  "line",
  "notification",
] as const;

const isUrgent = (precedence: Precedence): boolean => precedence === "FLASH" || precedence === "IMMEDIATE";

/** What people say to a message that does not bear delay. */
const URGENT_REPLIES = ["answer", "answer", "answer", "decline", "acknowledge", "holding-reply", "clarify"] as const;

/** What people say to what they read. */
const REPLIES: Partial<Record<KindName, readonly KindName[]>> = {
  message: ["acknowledge", "acknowledge", "answer", "answer", "holding-reply", "decline", "clarify"],
  answer: ["acknowledge", "message"],
  "holding-reply": ["acknowledge"],
  clarify: ["clarification"],
  test: ["test-answer"],
  suspend: ["acknowledge", "conditions-report"],
  "call-request": ["call-accept", "call-accept", "call-counter", "call-decline"],
  "call-counter": ["call-accept", "call-decline"],
  notification: ["acknowledge", "passed-to-units"],
};
