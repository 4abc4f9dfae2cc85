import { readDeterministic } from "./read-deterministic.ts";
import { Embedded, type Written, writeDeterministic } from "./write-deterministic.ts";

/** What signed bytes may hold: no floats, no tags, no undefined. Integers stay within ±(2^53 − 1). */
export type Cbor = number | string | boolean | null | Uint8Array | readonly Cbor[] | CborMap;
export type CborMap = ReadonlyMap<number | string, Cbor>;

/** The one deterministic encoding of `value`, RFC 8949 §4.2.1. Source: docs/spec/encoding.md. */
export const encode: (value: Written) => Uint8Array = writeDeterministic;

/** For `encode`: the byte string that holds the encoding of `value`. */
export const embedded = (value: Cbor): Embedded => new Embedded(value);

/** The value of deterministic CBOR. Throws `RefusedInput` for every other byte string, so that
 *  `encode(decode(b))` is `b` for each `b` that decodes. Byte strings of the value are views of `bytes`. */
export const decode: (bytes: Uint8Array) => Cbor = readDeterministic;
