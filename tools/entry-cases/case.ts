import { type Cbor, decode, encode, type RefusalCode } from "@openline/core";
import { Line } from "../../packages/verify/test/builder.ts";
import { channel, EPOCH_S, type Key } from "../../packages/verify/test/builder-accord.ts";

/** One vector: a line is written, and these entries have no effect, each for this reason; all others have. */
export interface Case {
  readonly comment: string;
  readonly expect: readonly Expected[];
  readonly line: () => Line;
}
export type Expected = readonly [party: "north" | "south", index: number, code: RefusalCode];

/** Both logs opened and one watch key each enrolled: two entries in each log, so that the next has index 2. */
export interface Start {
  readonly line: Line;
  readonly north: Line["logs"][number];
  readonly south: Line["logs"][number];
  /** Watch keys: north's for `watch`, south's for `watch` and `minister`. */
  readonly n: Key;
  readonly s: Key;
}

export const DAY = 86_400;

export function newLine(): Line {
  return new Line({
    channels: [
      channel(1, "main"),
      channel(2, "leaders", { release: "two" }),
      channel(3, "later", { basis: { text: "agreed", from: EPOCH_S + 365 * DAY, to: null, sure: true } }),
      channel(4, "lapsed", { basis: { text: "agreed", from: EPOCH_S - DAY, to: EPOCH_S, sure: true } }),
    ],
  });
}

export function start(): Start {
  const line = newLine();
  const [north, south] = [line.log(0), line.log(1)];
  north.open();
  south.open();
  const n = north.assign("watch-1", ["watch"]);
  const s = south.assign("watch-1", ["watch", "minister"]);
  return { line, north, south, n, s };
}

type Write = (start: Start) => void;

function written(write: Write): () => Line {
  return () => {
    const begun = start();
    write(begun);
    return begun.line;
  };
}

/** An entry, or several, without effect. */
export const bad = (comment: string, expected: Expected | readonly Expected[], write: Write): Case => ({
  comment,
  expect: isOne(expected) ? [expected] : expected,
  line: written(write),
});
const isOne = (expected: Expected | readonly Expected[]): expected is Expected => typeof expected[0] === "string";

/** Every entry has effect. */
export const good = (comment: string, write: Write): Case => ({ comment, expect: [], line: written(write) });

/** Logs without any entry to start with. */
export const bare = (comment: string, expect: readonly Expected[], write: (line: Line) => void): Case => ({
  comment,
  expect,
  line: () => {
    const line = newLine();
    write(line);
    return line;
  },
});

/** A header with other fields, encoded as an honest encoder would. */
export const header =
  (change: (map: Map<number, Cbor>) => void) =>
  (payload: Uint8Array): Uint8Array => {
    const map = new Map(decode(payload) as ReadonlyMap<number, Cbor>);
    change(map);
    return encode(map);
  };

/** An entry whose outer list is decoded, changed and encoded again. */
export const outer =
  (change: (act: Cbor[], placement: Map<number, Cbor>) => readonly [Cbor, Cbor] | void) =>
  (entry: Uint8Array): Uint8Array => {
    const [act, placement] = decode(entry) as readonly [Uint8Array, Uint8Array];
    const [list, map] = [[...(decode(act) as readonly Cbor[])], new Map(decode(placement) as ReadonlyMap<number, Cbor>)];
    return encode(change(list, map)?.slice() ?? [encode(list), encode(map)]);
  };

export const bytesOf = (...parts: readonly (number | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...part])));
