import { Chance } from "./chance.ts";
import type { LineShape } from "./line.ts";
import type { MachineHabits } from "./machine.ts";
import type { Breadth } from "./network.ts";
import type { Workload } from "./people.ts";

/** How the counterpart of an honest party may be at fault. `forks`: two machines with the same keys go on from one record.
 *  `floods`: junk frames and thousands of acts. `withholds-receipts`: it names nothing. `withholds-bodies`: its words never travel.
 *  `breaks-rules`: it places acts that have no effect: forged, replayed from another line, without authority. */
export const ROGUES = ["forks", "floods", "withholds-receipts", "withholds-bodies", "breaks-rules"] as const;
export type Rogue = (typeof ROGUES)[number];

/** Times at which a kind of fault strikes: how often in 24 hours, and how long it lasts. Milliseconds. */
export interface Spells {
  readonly perDay: number;
  readonly lasts: readonly [number, number];
}

/** Everything that a seed decides. */
export interface Options {
  readonly seed: number;
  readonly hours: number;
  readonly shape: LineShape;
  /** Of each way between two machines. */
  readonly breadths: readonly [Breadth, ...Breadth[]];
  readonly workload: Workload;
  readonly habits: MachineHabits;
  readonly badWeather: Spells;
  readonly partition: Spells;
  readonly oneWay: Spells;
  readonly flap: Spells;
  readonly kill: Spells;
  readonly syncError: Spells;
  readonly diskFull: Spells;
  readonly clockJump: Spells;
  readonly clockFrozen: Spells;
  readonly clockOffsetMs: number;
  readonly driftPpm: number;
  readonly storeBack: Spells;
  readonly secondLost: Spells;
  readonly secondBack: Spells;
  readonly bothBack: Spells;
  readonly rogue: Rogue | "none";
}

const NEVER: Spells = { perDay: 0, lasts: [1, 1] };
const MINUTE = 60_000;
const HOUR = 3_600_000;

type Rhythm = Pick<LineShape, "beat" | "silentAfter">;

/** How often a node says something at least, and after how long a silence the line counts as silent. Seconds. Most seeds have a slow
 *  one: beats are all alike, and cost as much as the acts that they carry receipts for. */
const RHYTHMS: readonly [Rhythm, ...Rhythm[]] = [
  { beat: 120, silentAfter: 900 },
  { beat: 600, silentAfter: 2400 },
  { beat: 1800, silentAfter: 3600 },
  { beat: 1800, silentAfter: 3600 },
  { beat: 3600, silentAfter: 7200 },
  { beat: 3600, silentAfter: 14_400 },
  { beat: 1800, silentAfter: 7200 },
  { beat: 3600, silentAfter: 7200 },
  { beat: 3600, silentAfter: 10_800 },
];

export function drawOptions(seed: number, hours: number): Options {
  const options = draw(seed, hours);
  // Of two machines that answer for one party the one that lags behind can tell a node that nothing of its log is lost. Where both places of
  // that node were put back nothing contradicts it: docs/spec/exchange.md §9.
  return options.rogue === "forks" ? { ...options, bothBack: NEVER } : options;
}

function draw(seed: number, hours: number): Options {
  const chance = new Chance(seed);
  const spells = (share: number, perDay: number, lasts: readonly [number, number]): Spells =>
    chance.happens(share) ? { perDay: perDay * chance.pick([0.3, 1, 3]), lasts } : NEVER;
  const breadth = (): Breadth => ({
    bytesPerSecond: chance.pick([10_000_000, 10_000_000, 100_000, 6000]),
    mtu: chance.pick([8_388_608, 65_536, 2000]),
  });
  return {
    seed,
    hours,
    shape: {
      parties: chance.happens(0.12) ? 3 : 2,
      ...chance.pick(RHYTHMS),
    },
    breadths: chance.happens(0.4) ? [breadth(), breadth()] : [breadth()],
    workload: {
      meanMs: chance.pick([20 * MINUTE, 2 * HOUR, 3 * HOUR, 5 * HOUR]),
      bursts: chance.pick([0, 0, 0.05, 0.1]),
      urgent: chance.pick([0, 0, 0, 0.1]),
      wrong: chance.pick([0, 0.05]),
      large: chance.pick([0, 0, 0.05]),
      shifts: chance.happens(0.6),
    },
    habits: {
      tickMaxMs: chance.pick([15_000, 60_000, 240_000, 240_000]),
      slow: chance.pick([0, 0.05, 0.5]),
      slowMaxMs: chance.pick([20, 500, 5000]),
      stops: chance.happens(0.4) ? 0.7 : 0,
      stopMax: chance.pick([100, 1000, 10_000]),
      restart: chance.pick([
        [1000, 20_000],
        [1000, 30 * MINUTE],
      ]),
      confirmStart: true,
    },
    badWeather: spells(0.6, 6, [MINUTE, 3 * HOUR]),
    partition: spells(0.4, 3, [5000, 3 * HOUR]),
    oneWay: spells(0.3, 3, [5000, 2 * HOUR]),
    flap: spells(0.3, 4, [500, 20_000]),
    kill: spells(0.5, 4, [1, 1]),
    syncError: spells(0.2, 2, [1, 1]),
    diskFull: spells(0.15, 1, [10_000, 30 * MINUTE]),
    clockJump: spells(0.2, 2, [1000, 2 * HOUR]),
    clockFrozen: spells(0.1, 1, [30_000, HOUR]),
    clockOffsetMs: chance.pick([0, 0, 500, 20_000]),
    driftPpm: chance.pick([0, 0, 20, 200]),
    storeBack: spells(0.15, 1, [MINUTE, 6 * HOUR]),
    secondLost: spells(0.1, 1, [1, 1]),
    secondBack: spells(0.1, 1, [MINUTE, 3 * HOUR]),
    bothBack: spells(0.1, 1, [MINUTE, 6 * HOUR]),
    rogue: chance.happens(0.25) ? chance.pick(ROGUES) : "none",
  };
}
