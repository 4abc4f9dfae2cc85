import {
  type Entry,
  type LeafHash,
  type LogId,
  type Suite,
  EMPTY_FRONTIER,
  appendLeaves,
  decodeEntry,
  equalBytes,
  fromBase64,
  fromHex,
  refusable,
  rootOf,
  toBase64,
} from "@openline/core";
import type { Batch, Node, StoredEntry } from "@openline/node";
import { Bodies } from "./law-bodies.ts";
import { SilenceLaw } from "./law-beats.ts";
import type { Machine } from "./machine.ts";

/** A law was broken. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly law: string;

  constructor(law: string, text: string) {
    super(`${law}: ${text}`);
    this.law = law;
  }
}

/** An act that its people were told is placed. */
interface Acknowledged {
  readonly leaf: LeafHash;
  readonly log: LogId;
  readonly index: number;
  /** It was in nothing that was left after a machine had been put back, and nobody else had it. */
  gone: boolean;
}

/** What is always true, checked at every write, every signature, every byte sent and every start. It sees what passes through the
 *  ports of the node and nothing inside. */
export class Laws {
  /** Parties that keep the rules: only they are held to them. */
  readonly honest: (machine: Machine) => boolean;
  readonly machines: () => readonly Machine[];
  readonly entries: Map<LeafHash, Entry | undefined> = new Map();
  readonly #suite: Suite;
  readonly #trace: (text: string) => void;
  violation: Violation | undefined;
  checks = 0;
  /** Leaves of each honest log that its key has vouched for. */
  readonly truth: Map<LogId, LeafHash[]> = new Map();
  readonly authors: Map<LogId, Machine> = new Map();
  readonly #roots: Map<string, string> = new Map();
  readonly #origins: Map<string, LogId> = new Map();
  readonly acknowledged: Map<Machine, Acknowledged[]> = new Map();
  readonly #faulted: Set<Machine> = new Set();
  /** Own entries that have their place and may not leave yet. */
  readonly #held: Map<Machine, { readonly log: LogId; readonly index: number; readonly signature: Uint8Array }[]> = new Map();
  readonly #bodies: Bodies;
  readonly #beats: SilenceLaw;

  constructor(options: {
    readonly suite: Suite;
    readonly honest: (machine: Machine) => boolean;
    readonly machines: () => readonly Machine[];
    readonly trace: (text: string) => void;
  }) {
    this.#suite = options.suite;
    this.honest = options.honest;
    this.machines = options.machines;
    this.#trace = options.trace;
    this.#bodies = new Bodies(this);
    this.#beats = new SilenceLaw(this);
  }

  broken(law: string, text: string): void {
    if (this.violation !== undefined) return;
    this.violation = new Violation(law, text);
    this.#trace(`VIOLATION ${law}: ${text}`);
  }

  check(holds: boolean, law: string, text: () => string): void {
    this.checks++;
    if (!holds) this.broken(law, text());
  }

  /** The suite as a machine uses it: what its log's key signs is seen before it is signed. */
  watched(machine: Machine): Suite {
    const key = machine.secrets.keys.log.ed25519;
    return {
      ...this.#suite,
      signEd25519: (seed, message) => {
        if (this.honest(machine) && equalBytes(seed, key)) this.#signing(machine, message);
        return this.#suite.signEd25519(seed, message);
      },
    };
  }

  /** Durable in both places before it is signed, and no index twice. */
  #signing(machine: Machine, message: Uint8Array): void {
    const [origin = "", sizeText = "", root = ""] = new TextDecoder().decode(message).split("\n");
    const log = this.#origins.get(origin);
    const size = Number(sizeText);
    if (log === undefined)
      return this.broken("signed-unknown-log", `${machine.plan.name} signs a head of ${origin}, which it never opened`);
    this.check(machine.disk.durableSize(log) >= size, "signed-before-durable", () => {
      return `${machine.plan.name} signs ${log} at ${size}, and ${machine.disk.durableSize(log)} entries of it are on disk`;
    });
    const second = machine.second.places.get(log)?.size ?? -1;
    // A smaller head may be signed after a larger one of the same tree, for an entry that overtakes.
    const right = size < second ? this.#rootAt(machine, log, size) === root : machine.second.holds(log, size, fromBase64(root));
    this.check(right, "signed-before-swapped", () => `${machine.plan.name} signs ${log} at ${size}, and the second place holds ${second}`);
    const known = this.#roots.get(`${log} ${size}`);
    this.check(
      known === undefined || known === root,
      "index-signed-twice",
      () => `${machine.plan.name} signs two roots of ${log} at ${size}`,
    );
    this.#roots.set(`${log} ${size}`, root);
    this.#vouched(machine, log, size);
  }

  /** Root of the first `size` entries as the machine has them, in base64. */
  #rootAt(machine: Machine, log: LogId, size: number): string {
    const leaves = (machine.disk.written.entries.get(log) ?? []).slice(0, size).map(({ leaf }) => fromHex(leaf));
    return toBase64(rootOf(this.#suite, appendLeaves(this.#suite, EMPTY_FRONTIER, leaves)));
  }

  /** From now on these entries are what this log says, for ever. */
  #vouched(machine: Machine, log: LogId, size: number): void {
    const truth = this.truth.get(log) ?? [];
    this.truth.set(log, truth);
    this.authors.set(log, machine);
    const written = machine.disk.written.entries.get(log) ?? [];
    const last = Math.min(size, truth.length) - 1;
    if (last >= 0)
      this.check(written[last]?.leaf === truth[last], "index-signed-twice", () => {
        return `${machine.plan.name} vouches for ${written[last]?.leaf} at ${log}/${last} after ${truth[last]}`;
      });
    for (const { leaf } of written.slice(truth.length, size)) truth.push(leaf);
  }

  entry(stored: Pick<StoredEntry, "leaf" | "entry">): Entry | undefined {
    const known = this.entries.get(stored.leaf);
    if (known !== undefined || this.entries.has(stored.leaf)) return known;
    const read = refusable(() => decodeEntry(stored.entry));
    const entry = read.ok ? read.value : undefined;
    this.entries.set(stored.leaf, entry);
    return entry;
  }

  ownLog(machine: Machine, log: LogId): boolean {
    const author = this.authors.get(log);
    if (author !== undefined) return author.party === machine.party;
    return log === machine.party.incarnation;
  }

  /** A batch is about to be written. */
  writing(machine: Machine, batch: Batch): void {
    for (const stored of batch.entries ?? []) this.#opens(machine, stored);
    if (!this.honest(machine)) return;
    for (const stored of batch.entries ?? []) {
      const entry = this.entry(stored);
      this.#bodies.written(machine, stored, entry);
      // What a peer returns of our own log after a loss was placed and vouched for long ago.
      const returned = this.truth.get(stored.log)?.[stored.index] === stored.leaf;
      if (this.ownLog(machine, stored.log) && !returned) this.#ownEntry(machine, stored, entry);
      else this.#theirEntry(machine, stored);
    }
    for (const { log, index, disclosure } of batch.disclosures ?? []) this.#bodies.disclosed(machine, { log, index, disclosure });
  }

  /** A log is known by its first entry. */
  #opens(machine: Machine, stored: StoredEntry): void {
    if (stored.index !== 0) return;
    const facts = this.entry(stored)?.act.header.facts;
    const author = this.machines().find(({ party }) => party.key === this.entry(stored)?.act.header.party);
    if (author !== undefined && !this.authors.has(stored.log)) this.authors.set(stored.log, author);
    if (facts?.origin !== undefined) this.#origins.set(`openline.invalid/${facts.origin}`, stored.log);
    // What a later incarnation closes without a signature is vouched for by closing it: when it is opened, and not when a peer
    // returns the opening to a machine that was put back behind what it closes.
    const returned = this.truth.get(stored.log)?.[0] === stored.leaf;
    if (facts?.closed !== undefined && author === machine && !returned && this.honest(machine))
      this.#vouched(machine, facts.closed.log, facts.closed.size);
  }

  #ownEntry(machine: Machine, stored: StoredEntry, entry: Entry | undefined): void {
    if (entry === undefined) return this.broken("unreadable-own-entry", `${machine.plan.name} writes ${stored.log}/${stored.index}`);
    const signature = entry.act.releases[0]?.signature ?? new Uint8Array(0);
    const held = this.#held.get(machine) ?? [];
    held.push({ log: stored.log, index: stored.index, signature });
    this.#held.set(machine, held);
    const clock = machine.plan.clock.highest / 1000;
    const before = machine.disk.written.entries.get(stored.log)?.at(-1);
    const floor = (before === undefined ? undefined : this.entry(before))?.placement.time ?? 0;
    this.check(entry.placement.time <= Math.max(clock + 1, floor) || stored.index === 0, "time-not-ours", () => {
      return `${machine.plan.name} places ${stored.log}/${stored.index} at ${entry.placement.time}, later than its clock ever was (${clock})`;
    });
    this.#bodies.named(machine, entry);
    this.#beats.placed(machine, stored, entry);
    this.#refuses(machine, entry);
  }

  /** What an honest author placed is never refused, except for what only the refusing side can know. */
  #refuses(machine: Machine, entry: Entry): void {
    const { kind, facts, refs } = entry.act.header;
    if (kind === "fork-found") {
      const author = facts.incarnation === undefined ? undefined : this.authors.get(facts.incarnation);
      const twice = author !== undefined && this.honest(author);
      this.check(
        !twice,
        "honest-log-forked",
        () => `${machine.plan.name} finds two histories of ${facts.incarnation}, whose author is honest`,
      );
    }
    if (kind !== "refusal") return;
    for (const leaf of refs) {
      const missing = facts.code === "missing-disclosure";
      const twice = this.entries.get(leaf)?.act.header.kind === "refusal";
      this.check(!twice, "refusal-refused", () => `${machine.plan.name} refuses a refusal: ${facts.code}`);
      const waited = missing && this.#bodies.mayBeMissing(machine, leaf);
      this.check(!missing || waited, "refused-too-soon", () => `${machine.plan.name} refuses ${leaf} as missing before its time`);
      const author = this.authorOf(machine, leaf);
      if (author === undefined || !this.honest(author)) continue;
      const clocks = author.disturbed.clock || machine.disturbed.clock;
      const refused = machine.disk.written.leaves.get(leaf);
      const forked = refused !== undefined && this.#otherBranch(facts.code, this.entry(refused));
      const known = waited || forked || (facts.code === "future-dated" && clocks);
      this.check(known, "honest-entry-refused", () => `${machine.plan.name} refuses ${leaf} of ${author.plan.name}: ${facts.code}`);
    }
  }

  /** An honest party may name the branch of a forked log that another honest party does not have. */
  #otherBranch(code: string | undefined, entry: Entry | undefined): boolean {
    const authors = entry?.placement.heads.map(({ log }) => this.authors.get(log)) ?? [];
    return code === "wrong-head" && authors.some((author) => author !== undefined && !this.honest(author));
  }

  authorOf(machine: Machine, leaf: LeafHash): Machine | undefined {
    const stored = machine.disk.written.leaves.get(leaf);
    return stored === undefined ? undefined : this.authors.get(stored.log);
  }

  /** Each log as another side has it is a beginning of what its author signed. */
  #theirEntry(machine: Machine, stored: StoredEntry): void {
    const author = this.authors.get(stored.log);
    if (author === undefined || !this.honest(author)) return;
    const truth = this.truth.get(stored.log)?.[stored.index];
    this.check(truth === stored.leaf, "not-a-prefix", () => {
      return `${machine.plan.name} keeps ${stored.leaf} at ${stored.log}/${stored.index}, where ${author.plan.name} signed ${truth}`;
    });
    const code = stored.refusal;
    this.check(
      code === undefined || this.#otherBranch(code, this.entry(stored)),
      "honest-entry-refused",
      () => `${machine.plan.name} judges ${stored.log}/${stored.index} of ${author.plan.name}: ${code}`,
    );
  }

  /** No byte of an own entry leaves before the entry is durable in both places. */
  sent(machine: Machine, frame: Uint8Array): void {
    if (!this.honest(machine)) return;
    const held = this.#held.get(machine);
    if (held === undefined || held.length === 0) return;
    const still = held.filter(
      ({ log, index }) => machine.disk.durableSize(log) <= index || (machine.second.places.get(log)?.size ?? 0) <= index,
    );
    if (still.length === 0) {
      this.#held.delete(machine);
      return;
    }
    this.#held.set(machine, still);
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
    for (const { log, index, signature } of still) {
      this.check(
        !bytes.includes(Buffer.from(signature)),
        "sent-before-durable",
        () => `${machine.plan.name} sends ${log}/${index} before it is durable in both places`,
      );
    }
  }

  /** Its people were told that this act is placed. */
  acknowledge(machine: Machine, receipt: { readonly leaf: LeafHash; readonly log: LogId; readonly index: number }): void {
    if (!this.honest(machine)) return;
    const list = this.acknowledged.get(machine) ?? [];
    list.push({ ...receipt, gone: false });
    this.acknowledged.set(machine, list);
    this.check(
      machine.disk.durableSize(receipt.log) > receipt.index,
      "acknowledged-before-durable",
      () => `${machine.plan.name} told its people of ${receipt.log}/${receipt.index}`,
    );
  }

  /** A disk error was injected: the process has to stop. */
  faulted(machine: Machine): void {
    this.#faulted.add(machine);
  }

  /** A node has stopped by itself. Only a fault of its disk may do that. */
  stopped(machine: Machine, error: unknown): void {
    if (this.#faulted.has(machine) || !this.honest(machine)) return;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const where = cause instanceof Error ? (cause.stack ?? cause.message).split("\n").slice(0, 6).join(" | ") : String(cause);
    this.broken("node-stopped", `${machine.plan.name}: ${where}`);
  }

  died(machine: Machine): void {
    this.#held.delete(machine);
    this.#beats.died(machine);
  }

  /** After every start: what was acknowledged still stands, unless the machine was put back. */
  opened(machine: Machine, node: Node): void {
    this.#faulted.delete(machine);
    this.#beats.opened(machine);
    if (!this.honest(machine)) return;
    for (const { leaf, log, index, gone } of this.acknowledged.get(machine) ?? []) {
      if (gone) continue;
      const stored = machine.disk.written.entries.get(log)?.[index];
      const returned = machine.disturbed.rolledBack && stored === undefined;
      this.check(
        returned || stored?.leaf === leaf,
        "acknowledged-lost",
        () => `${machine.plan.name} has ${stored?.leaf} at ${log}/${index}, where it acknowledged ${leaf}`,
      );
    }
    this.check(node.record.waiting === 0 || node.record.logs.size > 0, "record-unread", () => machine.plan.name);
  }

  /** Whether a node that has stored this has something to say. */
  isNews(machine: Machine, stored: StoredEntry): boolean {
    return this.#beats.isNews(machine, stored);
  }

  /** What is asked of every machine now and then. */
  sometimes(): void {
    for (const machine of this.machines()) if (this.honest(machine)) this.#beats.sometimes(machine);
  }

  /** A machine was put back to an earlier state, and what only it had is lost. */
  putBack(machine: Machine): void {
    machine.disturbed.rolledBack = true;
    const elsewhere = this.machines().filter((other) => other.party !== machine.party);
    const kept = (log: LogId, index: number): boolean =>
      machine.disk.durableSize(log) > index || elsewhere.some((other) => other.disk.durableSize(log) > index);
    for (const item of this.acknowledged.get(machine) ?? []) if (!kept(item.log, item.index)) item.gone = true;
    this.#bodies.putBack(machine);
  }

  /** Nobody has what was signed above this, and the machine itself cannot know of it: both its places were put back. */
  forget(machine: Machine): void {
    for (const [log, truth] of this.truth) {
      if (!this.ownLog(machine, log)) continue;
      const sizes = this.machines().map((other) => other.disk.written.entries.get(log)?.length ?? 0);
      const known = Math.min(truth.length, Math.max(...sizes));
      for (let size = known + 1; size <= truth.length; size++) this.#roots.delete(`${log} ${size}`);
      truth.length = known;
    }
  }
}
