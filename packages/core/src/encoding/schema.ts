import { RefusedInput } from "../errors.ts";
import type { Cbor } from "./cbor.ts";
import { asBytes, asFlag, asList, asMap, asText, asUint, onlyKeys } from "./shape.ts";

/** Reads decoded CBOR into one plain value, or refuses it as `malformed`. Files (accord, pack) are maps with text keys;
 *  a schema says which, and `plain` below writes the same value back. */
export type Schema<T> = (value: Cbor | undefined, what: string) => T;

export const text =
  (max: number = 1024, pattern?: RegExp): Schema<string> =>
  (value, what) => {
    const read = asText(value, what, max);
    if (pattern !== undefined && !pattern.test(read)) throw new RefusedInput("malformed", `${what}: "${read}"`);
    return read;
  };

export const uint =
  (max: number = Number.MAX_SAFE_INTEGER): Schema<number> =>
  (value, what) =>
    asUint(value, what, max);

export const whole =
  (min: number, max: number): Schema<number> =>
  (value, what) => {
    if (typeof value === "number" && value >= min && value <= max) return value;
    throw new RefusedInput("malformed", `${what}: whole number ${min} to ${max} expected`);
  };

export const flag: Schema<boolean> = asFlag;

export const bytes =
  (length?: number): Schema<Uint8Array> =>
  (value, what) =>
    asBytes(value, what, length);

export const oneOf =
  <T extends string>(...words: readonly T[]): Schema<T> =>
  (value, what) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new RefusedInput("malformed", `${what}: one of ${words.join(", ")} expected`);
    return word;
  };

export const list =
  <T>(of: Schema<T>, max: number, min = 0): Schema<readonly T[]> =>
  (value, what) => {
    const items = asList(value, what, max);
    if (items.length < min) throw new RefusedInput("malformed", `${what}: at least ${min} expected`);
    return items.map((item, i) => of(item, `${what}[${i}]`));
  };

export const nullable =
  <T>(of: Schema<T>): Schema<T | null> =>
  (value, what) =>
    value === null ? null : of(value, what);

/** A map from texts to values, such as a text for each language. */
export const record =
  <T>(of: Schema<T>, max = 64): Schema<Readonly<Record<string, T>>> =>
  (value, what) => {
    const map = asMap(value, what);
    if (map.size > max) throw new RefusedInput("oversized", `${what}: more than ${max}`);
    const out: Record<string, T> = Object.create(null);
    for (const [key, item] of map) {
      if (typeof key !== "string") throw new RefusedInput("malformed", `${what}: keys must be text`);
      out[key] = of(item, `${what}.${key}`);
    }
    return out;
  };

type Fields<T> = { readonly [K in keyof T]-?: Schema<T[K]> };

/** A map with exactly these keys. Every key must be there; what may be absent is written as null. */
export const object =
  <T extends object>(fields: Fields<T>): Schema<T> =>
  (value, what) => {
    const map = asMap(value, what);
    onlyKeys(map, what, new Set(Object.keys(fields)));
    const out: Record<string, unknown> = {};
    for (const [key, read] of Object.entries<Schema<unknown>>(fields)) out[key] = read(map.get(key), `${what}.${key}`);
    return out as T;
  };

/** The CBOR value of a plain value: objects become maps with text keys. */
export function plain(value: unknown): Cbor {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object") return new Map(Object.entries(value).map(([key, item]): [string, Cbor] => [key, plain(item)]));
  throw new RangeError(`no CBOR for ${typeof value}`);
}
