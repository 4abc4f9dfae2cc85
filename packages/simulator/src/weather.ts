import type { Chance } from "./chance.ts";

/** What a way does to frames while the weather is bad: chances per frame, and how long one is under way. */
export interface Weather {
  readonly drop: number;
  readonly double: number;
  readonly corruptBit: number;
  readonly corruptRun: number;
  readonly truncate: number;
  readonly replay: number;
  readonly splice: number;
  /** Milliseconds under way, and whether a later frame may overtake an earlier one. */
  readonly delay: readonly [number, number];
  readonly reorder: boolean;
}

export const CALM: Weather = {
  drop: 0,
  double: 0,
  corruptBit: 0,
  corruptRun: 0,
  truncate: 0,
  replay: 0,
  splice: 0,
  delay: [5, 60],
  reorder: false,
};

/** Each kind of fault is there or not, and often or rarely. */
export function drawWeather(chance: Chance): Weather {
  const rate = (): number => (chance.happens(0.4) ? chance.pick([0.01, 0.05, 0.3]) : 0);
  return {
    drop: rate(),
    double: rate(),
    corruptBit: rate(),
    corruptRun: rate(),
    truncate: rate(),
    replay: rate(),
    splice: rate(),
    delay: chance.pick([
      [5, 60],
      [5, 3000],
      [500, 30_000],
      [1000, 600_000],
    ]),
    reorder: chance.happens(0.5),
  };
}

/** Older frames that a replay or a splice may take from. */
const REMEMBERED = 64;

/** What arrives of the frames that are sent one way: nothing, one or several, each after a time and perhaps changed. */
export class Air {
  readonly #chance: Chance;
  readonly #old: Uint8Array[] = [];
  weather: Weather = CALM;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  carry(frame: Uint8Array): readonly { readonly frame: Uint8Array; readonly delayMs: number }[] {
    const { weather } = this;
    const chance = this.#chance;
    const arriving: Uint8Array[] = [];
    if (!chance.happens(weather.drop)) arriving.push(this.#changed(frame));
    if (chance.happens(weather.double)) arriving.push(frame);
    if (chance.happens(weather.replay)) {
      const old = chance.one(this.#old);
      if (old !== undefined) arriving.push(old);
    }
    if (this.#old.length < REMEMBERED) this.#old.push(frame);
    else this.#old[chance.below(REMEMBERED)] = frame;
    return arriving.map((bytes) => ({ frame: bytes, delayMs: chance.spread(...weather.delay) }));
  }

  /** What was sent before is nowhere any more. */
  forget(): void {
    this.#old.length = 0;
  }

  #changed(frame: Uint8Array): Uint8Array {
    const { weather } = this;
    const chance = this.#chance;
    if (frame.length === 0) return frame;
    if (chance.happens(weather.corruptBit)) return flipped(frame, chance.below(frame.length), 1, 1 << chance.below(8));
    if (chance.happens(weather.corruptRun)) return flipped(frame, chance.below(frame.length), 1 + chance.below(32), 1 + chance.below(255));
    if (chance.happens(weather.truncate)) return frame.slice(0, chance.below(frame.length));
    const old = chance.happens(weather.splice) ? chance.one(this.#old) : undefined;
    if (old === undefined) return frame;
    const cut = chance.below(frame.length);
    const spliced = new Uint8Array(cut + Math.max(0, old.length - cut));
    spliced.set(frame.subarray(0, cut));
    spliced.set(old.subarray(Math.min(cut, old.length)), cut);
    return spliced;
  }
}

function flipped(frame: Uint8Array, from: number, length: number, mask: number): Uint8Array {
  const changed = frame.slice();
  for (let at = from; at < Math.min(frame.length, from + length); at++) changed[at] = (changed[at] ?? 0) ^ mask;
  return changed;
}
