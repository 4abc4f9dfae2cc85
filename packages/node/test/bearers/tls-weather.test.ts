import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { FAULTS, type Fault } from "./relay.ts";
import { TlsWay } from "./tls-way.ts";

const SEEDS = Array.from({ length: Number(process.env["OPENLINE_SEEDS"] ?? 3) }, (_, i) => Number(process.env["OPENLINE_SEED"] ?? 1) + i);

const cases = SEEDS.flatMap((seed) => [
  ...FAULTS.map((fault) => [seed, [fault] as readonly Fault[]] as const),
  [seed, FAULTS as readonly Fault[]] as const,
]);

/** Time in bad weather: a delay, a redial, a handshake that came to nothing. */
const WEATHER_STEPS = 150;

test.each(cases)("seed %i, %o: nothing arrives that was not sent, and afterwards everything does", async (seed, faults) => {
  const way = await TlsWay.open(seed);
  try {
    const sent = new Set<string>();
    const send = (side: 0 | 1, size: number): void => {
      const frame = new Uint8Array(randomBytes(size));
      sent.add(Buffer.from(frame).toString("hex"));
      void way.ends[side].send(frame);
    };
    way.relay.weather = { faults, bytesBetween: 5_000 };
    for (let step = 0; step < WEATHER_STEPS; step++) {
      for (const side of [0, 1] as const) if (way.ends[side].credit() > 0) send(side, 1 + ((step * 97) % 3_000));
      await way.step();
      await way.step();
      if (step % 5 === 0) way.timers.turn(1_000);
    }
    expect(faults.some((fault) => (way.relay.did.get(fault) ?? 0) > 0)).toBe(true);
    way.relay.weather = undefined;
    // Whatever the weather left half done ends by itself: as dead, as slow, or as a handshake that took too long.
    for (let s = 0; s < 120; s++) {
      way.timers.turn(1_000);
      for (let i = 0; i < 5; i++) await way.step();
    }
    await way.heal();
    for (const side of [0, 1] as const) {
      const before = way.takers.got[side === 0 ? 1 : 0].length;
      send(side, 1_000);
      while (way.takers.got[side === 0 ? 1 : 0].length === before) await way.step();
    }
    for (const frame of way.takers.got.flat()) expect(sent.has(Buffer.from(frame).toString("hex"))).toBe(true);
  } finally {
    await way.remove();
  }
});
