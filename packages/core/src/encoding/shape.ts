import { RefusedInput } from "../errors.ts";
import { toHex, utf8 } from "./bytes.ts";
import type { Cbor, CborMap } from "./cbor.ts";

/** Readers for decoded CBOR: each returns the value in the shape asked for or refuses it as `malformed`.
 *  `what` names the field in the refusal, for people. */

function wrong(what: string, expected: string): never {
  throw new RefusedInput("malformed", `${what}: ${expected} expected`);
}

export function asList(value: Cbor | undefined, what: string, max: number): readonly Cbor[] {
  if (!Array.isArray(value)) return wrong(what, "list");
  if (value.length > max) throw new RefusedInput("oversized", `${what}: more than ${max}`);
  return value;
}

/** A list of exactly `count` items. */
export function asTuple(value: Cbor | undefined, what: string, count: number): readonly Cbor[] {
  if (!Array.isArray(value) || value.length !== count) return wrong(what, `list of ${count}`);
  return value;
}

/** Whether a list names something twice. Most lists name one thing. */
export const hasDouble = (list: readonly unknown[]): boolean => list.length > 1 && new Set(list).size !== list.length;

export function asMap(value: Cbor | undefined, what: string): CborMap {
  return value instanceof Map ? value : wrong(what, "map");
}

export function asBytes(value: Cbor | undefined, what: string, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array)) return wrong(what, "bytes");
  if (length !== undefined && value.length !== length) return wrong(what, `${length} bytes`);
  return value;
}

/** Fixed-size bytes as lower-case hex. */
export function asHex(value: Cbor | undefined, what: string, length: number): string {
  return toHex(asBytes(value, what, length));
}

export function asUint(value: Cbor | undefined, what: string, max: number = Number.MAX_SAFE_INTEGER): number {
  return typeof value === "number" && value >= 0 && value <= max ? value : wrong(what, `whole number 0 to ${max}`);
}

/** Text whose UTF-8 is at most `max` bytes. A text of n UTF-16 units has n to 3n of them, so most need not be measured. */
export function asText(value: Cbor | undefined, what: string, max: number): string {
  if (typeof value !== "string") return wrong(what, "text");
  if (value.length > max || (value.length * 3 > max && utf8(value).length > max))
    throw new RefusedInput("oversized", `${what}: longer than ${max} bytes`);
  return value;
}

export function asFlag(value: Cbor | undefined, what: string): boolean {
  return typeof value === "boolean" ? value : wrong(what, "true or false");
}

/** Refuses keys that are not listed: a field nobody understands must not be signed unseen. */
export function onlyKeys(map: CborMap, what: string, known: ReadonlySet<number | string>): void {
  for (const key of map.keys()) if (!known.has(key)) throw new RefusedInput("malformed", `${what}: unknown key ${key}`);
}
