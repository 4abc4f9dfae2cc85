import { expect, test } from "vitest";
import { type Digest, type LogId, decodeFrame, encodeFrame, parseLogId, toHex } from "@openline/core";
import {
  type Batch,
  MemoryDisk,
  MemorySecondPlace,
  MemoryStore,
  Node,
  type SecondPlace,
  type SignedUpTo,
  type StoredEntry,
} from "@openline/node";
import { breathe, connected, expectEqual } from "./connected.ts";
import { HandBuilt } from "./hand-built.ts";
import { Line, entriesOf, kindsOf, refusalsOf, testBearer } from "./line.ts";

/** Both places of a node, with one list of what happened and a plan for where it stops for ever. */
class Places {
  readonly events: { readonly what: "commit" | "swap"; readonly log: LogId; readonly size: number }[] = [];
  steps = 0;
  /** Stops at this step, before it or after it has taken effect. */
  stop: { readonly at: number; readonly when: "before" | "after" } | undefined;
  readonly #disk: MemoryDisk;
  readonly #second: SecondPlace;

  constructor(disk: MemoryDisk, second: SecondPlace) {
    this.#disk = disk;
    this.#second = second;
  }

  async #step(effect: () => Promise<void>): Promise<void> {
    this.steps++;
    const stops = this.stop?.at === this.steps ? this.stop.when : undefined;
    const dead = this.stop !== undefined && this.steps > this.stop.at;
    if (stops !== "before" && !dead) await effect();
    if (stops !== undefined || dead) await new Promise(() => undefined);
  }

  store(): MemoryStore {
    const store = new MemoryStore(this.#disk);
    const commit = store.commit.bind(store);
    store.commit = (batch: Batch) =>
      this.#step(async () => {
        await commit(batch);
        for (const { log, index } of batch.entries ?? []) this.events.push({ what: "commit", log, size: index + 1 });
      });
    return store;
  }

  second(): SecondPlace {
    return {
      read: (log) => this.#second.read(log),
      swap: (log: LogId, expected: SignedUpTo | undefined, next: SignedUpTo) =>
        this.#step(async () => {
          await this.#second.swap(log, expected, next);
          this.events.push({ what: "swap", log, size: next.size });
        }),
    };
  }
}

const reasonsOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "resolved",
    (error: Error) => `${error.name} ${(error as { code?: string }).code}`,
  );

test("commit, then swap, then sign: no byte leaves before both", async () => {
  const line = await connected();
  const { disk, second } = line.players[0]!;
  const places = new Places(disk, second);
  await line.reopen(0, { store: places.store(), second: places.second() });
  await line.settle(2);
  const durable = (what: "commit" | "swap", log: LogId) =>
    Math.max(0, ...places.events.filter((e) => e.what === what && e.log === log).map(({ size }) => size));
  const log = line.node(0).own.log;
  const before = line.node(0).own.frontier.size;
  let checked = 0;
  const saw = line.oracle.saw.bind(line.oracle);
  line.oracle.saw = (frame) => {
    saw(frame);
    const read = decodeFrame(frame);
    if (!read.ok || read.value.kind !== "packed" || read.value.log !== log || (read.value.checkpoint?.size ?? 0) <= before) return;
    checked++;
    expect(durable("commit", log)).toBeGreaterThanOrEqual(read.value.checkpoint!.size);
    expect(durable("swap", log)).toBeGreaterThanOrEqual(read.value.checkpoint!.size);
  };
  await Promise.all(Array.from({ length: 20 }, () => line.submit(0)));
  await line.submit(1, { precedence: "FLASH" });
  await line.settle();
  expect(checked).toBeGreaterThan(1);
  // Twenty at once are few groups, each committed before it is swapped.
  expect(places.events.filter((event) => event.what === "swap").length).toBeLessThan(15);
  expectEqual(line);
});

test.each(["before", "after"] as const)(
  "stopped %s any step and opened again, a node loses nothing acknowledged and signs no index twice",
  async (when) => {
    for (let at = 1; ; at++) {
      const line = await connected({ seed: at });
      const { disk, second } = line.players[0]!;
      const places = new Places(disk, second);
      await line.reopen(0, { store: places.store(), second: places.second() });
      await line.settle(1);
      places.steps = 0;
      places.stop = { at, when };
      const acknowledged: string[] = [];
      const busy = async () => {
        const submits = [0, 1, 2].map(async (i) => {
          const said = await line.submit(0, {}, `Message ${i}.`);
          if (said.ok) acknowledged.push(said.value.leaf);
        });
        await line.submit(1, { precedence: "FLASH" });
        await line.deliver();
        await Promise.all(submits);
        const last = await line.submit(0, {}, "The last.");
        if (last.ok) acknowledged.push(last.value.leaf);
        line.wait(1);
        await line.node(0).tick();
      };
      void busy();
      await breathe();
      const finished = places.steps < at;
      // The process is gone; what it had said to the link may still arrive.
      await line.reopen(0);
      await line.settle(6);
      const leaves = new Set<string>(disk.entries.get(line.node(0).own.log)!.map(({ leaf }) => leaf));
      expect(acknowledged.filter((leaf) => !leaves.has(leaf))).toEqual([]);
      expect(line.accord.parties[0]!.incarnation).toBe(line.node(0).own.log);
      expect((await line.submit(0)).ok).toBe(true);
      await line.settle(6);
      expectEqual(line);
      if (finished) break;
      expect(at).toBeLessThan(60);
    }
  },
);

test.each(["failed", "failed but persisted"] as const)(
  "after a commit that %s every door rejects, and a fresh start goes on",
  async (fault) => {
    const line = await connected();
    const { disk } = line.players[0]!;
    disk.failCommit(1, fault);
    const sent = line.oracle.frames;
    expect(await reasonsOf(line.submit(0))).toBe("OpenlineError storage");
    expect(line.oracle.frames).toBe(sent);
    expect(await reasonsOf(line.submit(0))).toBe("OpenlineError storage");
    expect(await reasonsOf(line.node(0).tick())).toBe("OpenlineError storage");
    expect(
      await reasonsOf(
        line.node(0).receive(
          new Uint8Array(3),
          testBearer("x", async () => undefined),
        ),
      ),
    ).toBe("OpenlineError storage");
    await line.reopen(0);
    expect((await line.submit(0)).ok).toBe(true);
    await line.settle(6);
    expectEqual(line);
    expect(kindsOf(disk, line.node(0).own.log).filter((kind) => kind === "message")).toHaveLength(fault === "failed" ? 1 : 2);
  },
);

test("a second place that fails stops the node as well", async () => {
  const line = await connected();
  const { second } = line.players[0]!;
  const log = line.node(0).own.log;
  second.overwrite(log, { size: 99, root: new Uint8Array(32) });
  expect(await reasonsOf(line.submit(0))).toBe("OpenlineError second-place");
  expect(await reasonsOf(line.node(0).tick())).toBe("OpenlineError second-place");
});

const spoil: Record<string, (second: MemorySecondPlace, log: LogId) => SecondPlace> = {
  lost: (second, log) => (second.overwrite(log, undefined), second),
  ahead: (second, log) => (second.overwrite(log, { size: 99, root: new Uint8Array(32) }), second),
  torn: (second, log) => ({
    read: async (id) => {
      if (id !== log) return second.read(id);
      const { OpenlineError } = await import("@openline/core");
      throw new OpenlineError("second-place", "no valid slot");
    },
    swap: (id, expected, next) => second.swap(id, expected, next),
  }),
};

test.each(Object.keys(spoil))(
  "second place %s: a new incarnation, with everything that was acknowledged and not yet delivered",
  async (how) => {
    const line = await connected();
    const old = line.node(0).own.log;
    line.links[0]!.up = false;
    for (let i = 0; i < 3; i++) expect((await line.submit(0, {}, `Undelivered ${i}.`)).ok).toBe(true);
    const size = line.node(0).own.frontier.size;
    line.links[0]!.up = true;
    const { second } = line.players[0]!;
    await line.reopen(0, { second: spoil[how]!(second, old) });
    const fresh = line.node(0).own.log;
    expect(fresh).not.toBe(old);
    // Posts' keys still speak, without being named again.
    expect((await line.submit(0)).ok).toBe(true);
    await line.settle(8);
    expectEqual(line);
    const [restored] = entriesOf(line.players[1]!.disk, fresh);
    expect(restored!.read).toMatchObject({
      ok: true,
      value: { act: { header: { kind: "restored", facts: { closed: { log: old, size } } } }, placement: { control: null } },
    });
    expect(line.players[1]!.disk.entries.get(old)).toHaveLength(size);
    expect(kindsOf(line.players[1]!.disk, fresh)).toEqual(expect.arrayContaining(["restored", "message"]));
    // The other party has taken receipt of both, and the next start goes on where this one ended.
    const record = line.node(0).record;
    const theirs = record.logs.get(line.node(1).own.log)!;
    expect(theirs.named.get(old)!.size.at(-1)).toBe(size);
    expect(theirs.named.get(fresh)!.size.at(-1)).toBeGreaterThan(1);
    await line.reopen(0, { second });
    expect(line.node(0).own.log).toBe(fresh);
  },
);

/** A copy of both places, as a machine's snapshot takes it. */
function snapshot(line: Line, position: number): { disk: MemoryDisk; second: Promise<MemorySecondPlace> } {
  const { disk, second, node } = line.players[position]!;
  const copy = new MemoryDisk();
  for (const [log, entries] of disk.entries) {
    const withBodies = entries.map((entry): StoredEntry => disk.withDisclosure(entry));
    copy.apply({ entries: withBodies, heads: disk.headsOf(log) });
  }
  for (const [key, value] of disk.meta) copy.apply({ meta: [{ key, value }] });
  const log = node.own.log;
  const kept = new MemorySecondPlace();
  const read = second.read(log).then((value) => (kept.overwrite(log, value), kept));
  return { disk: copy, second: read };
}

async function rolledBack(confirmStart: boolean): Promise<{ line: Line; old: LogId; size: number; early: number }> {
  const line = await connected();
  const old = line.node(0).own.log;
  await line.submit(0, {}, "Before the snapshot.");
  await line.settle();
  const copy = snapshot(line, 0);
  const second = await copy.second;
  const early = line.node(0).own.frontier.size;
  // Entries of the lost end name entries of the other party that are lost as well.
  for (let i = 0; i < 3; i++) {
    await line.submit(1, { precedence: "FLASH" }, `Theirs ${i}.`);
    await line.submit(0, {}, `Lost ${i}.`);
    await line.settle();
  }
  const size = line.node(0).own.frontier.size;
  const player = line.players[0]!;
  player.disk = copy.disk;
  player.second = second;
  await line.reopen(0, { confirmStart });
  return { line, old, size, early };
}

test.each([true, false])(
  "rolled back with its second place, a node learns of its lost end from the peer (asks first: %s)",
  async (confirmStart) => {
    const { line, old, size, early } = await rolledBack(confirmStart);
    expect(line.node(0).own.frontier.size).toBe(early);
    await line.settle(8);
    const fresh = line.node(0).own.log;
    expect(fresh).not.toBe(old);
    const [restored] = entriesOf(line.players[0]!.disk, fresh);
    expect(restored!.read).toMatchObject({ ok: true, value: { act: { header: { facts: { closed: { log: old, size } } } } } });
    expect((await line.submit(0)).ok).toBe(true);
    await line.settle(8);
    expectEqual(line);
    // Nobody was refused for naming what was lost, and every lost body is back.
    for (const { disk, node } of line.players) expect(refusalsOf(disk, node.own.log)).toEqual([]);
    for (const { index } of line.players[1]!.disk.entries.get(old)!)
      expect(line.players[0]!.disk.disclosure(old, index)).toEqual(line.players[1]!.disk.disclosure(old, index));
  },
);

test("rolled back and signing apart before it hears of its lost end, a node still takes everything of the other side", async () => {
  const { line, old } = await rolledBack(false);
  await line.submit(0, {}, "Apart from what was lost.");
  await line.settle(8);
  expect(line.node(0).own.log).not.toBe(old);
  for (let i = 0; i < 3; i++) {
    await line.submit(1, {}, `Theirs, later ${i}.`);
    await line.submit(0, {}, `Ours, later ${i}.`);
    await line.settle(8);
  }
  const theirs = line.node(1).own;
  expect(line.node(0).record.readTo(theirs.log)).toBe(theirs.frontier.size);
  expect(line.node(1).record.readTo(line.node(0).own.log)).toBe(line.node(0).own.frontier.size);
  // Also after both have been started again.
  for (const position of [0, 1]) await line.reopen(position);
  await line.settle(8);
  for (const position of [0, 1]) expect((await line.submit(position)).ok).toBe(true);
  await line.settle(8);
  expect(line.node(0).record.readTo(theirs.log)).toBe(line.node(1).own.frontier.size);
});

test("what names more of our log than we have waits until its author has said that it has no such thing", async () => {
  const line = await Line.open({ nodes: 1 });
  const peer = new HandBuilt(line, 1);
  peer.open();
  await line.node(0).join(peer.bearer, peer.party);
  await peer.send();
  const { log, frontier } = line.node(0).own;
  const readTo = () => line.node(0).record.readTo(peer.own.log);
  const before = readTo();
  const size = frontier.size + 1000;
  peer.add(peer.message(), { heads: [{ log, size, root: "00".repeat(32) as Digest }] });
  const again = async (): Promise<void> => {
    line.wait(600);
    await line.node(0).tick();
    await peer.send(before);
  };
  await again();
  await again();
  expect(readTo()).toBe(before);
  const says = async (claims: number, counter: number, heard: number): Promise<void> => {
    const logs = [{ log, size: claims, root: "00".repeat(8), missing: [], ahead: [] }];
    const have = { kind: "have", counter, heard, asks: false, credit: 1e6, prekey: null, full: false, logs, open: [] } as const;
    await line.node(0).receive(encodeFrame(have), peer.bearer);
  };
  const heard = peer.sent.flatMap((bytes) => {
    const frame = decodeFrame(bytes);
    return frame.ok && frame.value.kind === "have" ? [frame.value.counter] : [];
  });
  // An old one played again says nothing, and neither does one that claims it.
  await says(frontier.size, 1, 0);
  await again();
  await says(size, 2, heard.at(-1)!);
  await again();
  expect(readTo()).toBe(before);
  await says(frontier.size, 3, heard.at(-1)!);
  await again();
  expect(readTo()).toBe(before + 1);
  expect(refusalsOf(line.players[0]!.disk, log).map(({ code }) => code)).toEqual(["wrong-head"]);
});

test("both sides restored at once", async () => {
  const line = await connected();
  await line.submit(0);
  await line.submit(1);
  await line.settle();
  const old = line.players.map(({ node }) => node.own.log);
  for (const position of [0, 1]) line.players[position]!.second.overwrite(old[position]!, undefined);
  await line.reopen(0);
  await line.reopen(1);
  await line.settle(8);
  for (const position of [0, 1]) expect((await line.submit(position)).ok).toBe(true);
  await line.settle(8);
  expectEqual(line);
  expect(line.players[0]!.disk.entries.size).toBe(4);
});

test("a first start over a second place that cannot be read is a restored one", async () => {
  const line = await Line.open({ nodes: 0 });
  const party = line.accord.parties[0]!;
  const second = new MemorySecondPlace();
  second.overwrite(party.incarnation, { size: 5, root: new Uint8Array(32).fill(1) });
  const node = await Node.open({
    suite: (await import("@openline/node")).nativeSuite,
    accord: line.accord,
    party,
    keys: line.secrets[0]!.keys,
    store: new MemoryStore(),
    second,
    world: { clock: { now: () => line.now }, random: line.chance.bytes },
    receiptDelayMs: 0,
    unprompted: false,
  });
  expect(node.own.log).not.toBe(party.incarnation);
  expect(node.own.frontier.size).toBe(1);
  expect(parseLogId(toHex(new Uint8Array(8)))).toHaveLength(16);
});
