/** Numbers from a fixed seed (xorshift32), so that a failing change can be made again. */
export function* numbers(seed: number): Generator<number, never, undefined> {
  for (let x = seed; ;) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    yield x >>> 0;
  }
}
