import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AssertionError } from "@openline/core";
import type { OpenBearer, TakeFrame } from "../../src/bearers/bearer.ts";

/** What the bearer under test is told to do with the frames it got, side by side: they are kept, and each is taken when the gate
 *  of its side is open. */
export class Takers {
  readonly got: readonly [Uint8Array[], Uint8Array[]] = [[], []];
  readonly #shut: [PromiseWithResolvers<void> | undefined, PromiseWithResolvers<void> | undefined] = [undefined, undefined];

  take(side: 0 | 1): TakeFrame {
    return async (frame) => {
      this.got[side].push(frame);
      await this.#shut[side]?.promise;
    };
  }
  shut(side: 0 | 1): void {
    this.#shut[side] ??= Promise.withResolvers();
  }
  open(side: 0 | 1): void {
    this.#shut[side]?.resolve();
    this.#shut[side] = undefined;
  }
}

/** Two ends of one way, with somebody hostile on it. */
export interface TestWay {
  readonly ends: readonly [OpenBearer, OpenBearer];
  readonly takers: Takers;
  /** Lets a little time pass and whatever is under way move on. */
  step(): Promise<void>;
  /** The way is gone: what is under way is lost, and what is sent is dropped. */
  cut(): Promise<void>;
  /** It is there again, when this resolves. */
  heal(): Promise<void>;
  /** Somebody puts these bytes on the way to the second end, in the place of what belongs there. */
  intrude(bytes: Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

export interface WayOptions {
  /** The first end only sends and the second only receives. */
  readonly oneWay?: true;
}

type Open = (options: WayOptions) => Promise<TestWay>;

/** More than any kind takes while nothing leaves it, bytes. */
const MORE_THAN_ENOUGH = 32 * 1024 * 1024;

/** What every bearer does. Source: the docstrings of `bearer.ts`. */
export function bearerAcceptance(name: string, open: Open, kinds: { readonly oneWay: boolean }): void {
  const use = (title: string, body: (way: TestWay) => Promise<void>, options: WayOptions = {}): void =>
    test(title, async () => {
      const way = await open(options);
      try {
        await body(way);
      } finally {
        await way.remove();
      }
    });
  describe(`${name}: the bearer contract`, () => {
    frameTests(use);
    creditTests(use);
    downTests(use);
    hostileTests(use);
    if (kinds.oneWay) oneWayTests(use);
  });
}

type Use = (title: string, body: (way: TestWay) => Promise<void>, options?: WayOptions) => void;

async function until(way: TestWay, holds: () => boolean): Promise<void> {
  while (!holds()) await way.step();
}

/** Long enough for whatever would come to have come. */
async function aWhile(way: TestWay): Promise<void> {
  for (let i = 0; i < 200; i++) await way.step();
}

/** Steps until all of these have been handed over or dropped. */
async function done(way: TestWay, sent: readonly Promise<void>[]): Promise<void> {
  let all = false;
  void Promise.all(sent).then(() => (all = true));
  await until(way, () => all);
}

const hex = (frames: readonly Uint8Array[]): readonly string[] => frames.map((frame) => Buffer.from(frame).toString("hex")).toSorted();
const words = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Sends until it has arrived at least once: what is dropped is sent again by whoever is above. */
async function sendUntilGot(way: TestWay, from: 0 | 1, frame: Uint8Array): Promise<void> {
  const to = from === 0 ? 1 : 0;
  const wanted = Buffer.from(frame);
  let steps = 0;
  while (!way.takers.got[to].some((got) => wanted.equals(got))) {
    if (steps++ % 100 === 0 && way.ends[from].credit() > 0) void way.ends[from].send(frame);
    await way.step();
  }
}

function frameTests(use: Use): void {
  use("it says what it is", async ({ ends }) => {
    for (const end of ends) {
      expect(end.id).not.toBe("");
      expect(end.mtu).toBeGreaterThanOrEqual(1024);
      expect(end.oneWay).toBe(undefined);
    }
    expect(ends[0].id).not.toBe(ends[1].id);
  });

  use("frames arrive whole and unchanged, both ways, from one byte to the longest", async (way) => {
    const longest = Math.min(way.ends[0].mtu, 200_000);
    const sizes = fc.sample(fc.integer({ min: 1, max: 5_000 }), 20);
    for (const side of [0, 1] as const) {
      const frames = [1, 2, longest, ...sizes].map((size) => new Uint8Array(randomBytes(size)));
      for (const frame of frames) {
        await until(way, () => way.ends[side].credit() >= frame.length);
        void way.ends[side].send(frame);
      }
      const got = way.takers.got[side === 0 ? 1 : 0];
      await until(way, () => got.length >= frames.length);
      expect(hex(got)).toEqual(hex(frames));
    }
  });

  use("a frame of the longest size arrives, if the kind has one that a test can hold", async (way) => {
    const frame = new Uint8Array(way.ends[0].mtu).fill(7);
    await until(way, () => way.ends[0].credit() > 0);
    await done(way, [way.ends[0].send(frame)]);
    await until(way, () => way.takers.got[1].length > 0);
    expect(Buffer.from(frame).equals(way.takers.got[1][0]!)).toBe(true);
  });

  use("an empty frame and one above the longest size are bugs", async ({ ends: [end], takers }) => {
    await expect(end.send(new Uint8Array(0))).rejects.toBeInstanceOf(AssertionError);
    await expect(end.send(new Uint8Array(end.mtu + 1))).rejects.toBeInstanceOf(AssertionError);
    expect(takers.got[1]).toEqual([]);
  });

  use("a frame waits until the one before it has been taken", async (way) => {
    way.takers.shut(1);
    for (const text of ["one", "two", "three"]) void way.ends[0].send(words(text));
    await until(way, () => way.takers.got[1].length > 0);
    await aWhile(way);
    expect(way.takers.got[1].length).toBe(1);
    way.takers.open(1);
    await until(way, () => way.takers.got[1].length === 3);
  });
}

function creditTests(use: Use): void {
  use("credit goes down with what is sent, ends, and comes back", async (way) => {
    const [end] = way.ends;
    const size = Math.min(end.mtu, 60_000);
    way.takers.shut(1);
    const before = end.credit();
    expect(before).toBeGreaterThan(0);
    let bytes = 0;
    const sent: Promise<void>[] = [];
    while (end.credit() > 0 && bytes < MORE_THAN_ENOUGH) {
      sent.push(end.send(new Uint8Array(size).fill(1)));
      bytes += size;
      expect(end.credit()).toBeLessThanOrEqual(Math.max(0, before - bytes) + size);
    }
    expect(end.credit()).toBe(0);
    way.takers.open(1);
    await until(way, () => end.credit() > 0);
  });

  use("what is sent far above the credit is dropped, so that memory is bounded, and nobody waits for it", async (way) => {
    const [end] = way.ends;
    way.takers.shut(1);
    const size = Math.min(end.mtu, 65_536);
    const sent = Array.from({ length: (2 * MORE_THAN_ENOUGH) / size }, () => end.send(new Uint8Array(size)));
    await aWhile(way);
    way.takers.open(1);
    await done(way, sent);
    await aWhile(way);
    expect(way.takers.got[1].length).toBeLessThan(sent.length / 2);
  });
}

function downTests(use: Use): void {
  use("while the way is gone nothing is taken, it says so, and nobody waits; afterwards it carries again", async (way) => {
    await sendUntilGot(way, 0, words("before"));
    await way.cut();
    await until(way, () => way.ends[0].credit() === 0);
    await done(way, [way.ends[0].send(words("lost"))]);
    expect(way.ends[0].health().out.is).toBe("failing");
    await way.heal();
    await sendUntilGot(way, 0, words("after"));
    await sendUntilGot(way, 1, words("and back"));
    expect(hex(way.takers.got[1])).not.toContain(hex([words("lost")])[0]);
    expect(way.ends[0].health().out.is).not.toBe("failing");
  });

  use("closed: nothing more comes or goes, whoever waits is let go, and closing again does no harm", async (way) => {
    way.takers.shut(1);
    const waiting = way.ends[0].send(words("under way"));
    await way.ends[0].close();
    await done(way, [waiting, way.ends[0].send(words("too late"))]);
    expect(way.ends[0].credit()).toBe(0);
    await way.ends[0].close();
    way.takers.open(1);
    const before = way.takers.got[0].length;
    void way.ends[1].send(words("to nobody"));
    await aWhile(way);
    expect(way.takers.got[0].length).toBe(before);
    expect(hex(way.takers.got[1])).not.toContain(hex([words("too late")])[0]);
  });
}

function hostileTests(use: Use): void {
  use("whatever is put on the way, no end falls over or hands on what is no frame, and the way carries afterwards", async (way) => {
    const junk = fc.sample(
      fc.oneof(
        fc.uint8Array({ maxLength: 64 }),
        fc.uint8Array({ minLength: 1_000, maxLength: 5_000 }),
        fc.constant(new Uint8Array(70_000)),
      ),
      12,
    );
    for (const bytes of junk) await way.intrude(bytes);
    for (const frame of way.takers.got[1]) {
      expect(frame.length).toBeGreaterThan(0);
      expect(frame.length).toBeLessThanOrEqual(way.ends[1].mtu);
    }
    await way.heal();
    await sendUntilGot(way, 0, words("still here"));
    await sendUntilGot(way, 1, words("here too"));
  });
}

function oneWayTests(use: Use): void {
  use(
    "one way: frames go out on one end and come in on the other, and nothing goes back",
    async (way) => {
      const [out, into] = way.ends;
      expect([out.oneWay, into.oneWay]).toEqual(["out", "in"]);
      await sendUntilGot(way, 0, words("there"));
      expect(into.credit()).toBe(0);
      await done(way, [into.send(words("back"))]);
      await aWhile(way);
      expect(way.takers.got[0]).toEqual([]);
      expect([out.health().in, into.health().out]).toEqual([{ is: "not-tested" }, { is: "not-tested" }]);
    },
    { oneWay: true },
  );
}
