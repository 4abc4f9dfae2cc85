import { type Cbor, encode, type KindName, parseLeafHash } from "@openline/core";
import { bad, bytesOf, type Case, good, header, outer, type Start } from "./case.ts";

const note = ({ north, n }: Start, change: Parameters<Start["north"]["message"]>[2]): void => {
  north.message(n, "words", change);
};
/** The header begins: map head, 01 01 (version), 02 50 and 16 bytes (line). */
const swapped = (payload: Uint8Array): Uint8Array =>
  bytesOf(payload[0] ?? 0, payload.subarray(3, 21), payload.subarray(1, 3), payload.subarray(21));
const doubled = (payload: Uint8Array): Uint8Array => bytesOf((payload[0] ?? 0) + 1, payload.subarray(1, 3), payload.subarray(1));

/** What decoding refuses. */
export const BYTES: readonly Case[] = [
  bad("an entry cut by its last byte", ["north", 2, "truncated"], (at) => note(at, { entry: (bytes) => bytes.slice(0, -1) })),
  bad("an entry with one byte after its end", ["north", 2, "truncated"], (at) => note(at, { entry: (bytes) => bytesOf(bytes, 0) })),
  bad("no bytes at all", ["north", 2, "truncated"], ({ north }) => void north.append(new Uint8Array(0))),
  bad("nested deeper than 16", ["north", 2, "oversized"], ({ north }) => void north.append(new Uint8Array(20).fill(0x81))),
  bad(
    "five releases",
    ["north", 2, "oversized"],
    ({ north, n }) => void north.message(n, "words", { keys: Array.from({ length: 5 }, () => [n, "author"] as const) }),
  ),
  bad(
    "seventeen references",
    ["north", 2, "oversized"],
    ({ north, n }) => void north.message(n, "words", { refs: Array.from({ length: 17 }, (_, i) => i.toString(16).padStart(64, "0")) }),
  ),
  bad("the outer list with a length longer than needed", ["north", 2, "non-canonical"], (at) =>
    note(at, { entry: (bytes) => bytesOf(0x98, 2, bytes.subarray(1)) }),
  ),
  bad("the outer list of indefinite length", ["north", 2, "non-canonical"], (at) =>
    note(at, { entry: (bytes) => bytesOf(0x9f, bytes.subarray(1), 0xff) }),
  ),
  bad("a header whose version has a longer form", ["north", 2, "non-canonical"], (at) =>
    note(at, { payload: (bytes) => bytesOf(bytes.subarray(0, 2), 0x18, 1, bytes.subarray(3)) }),
  ),
  bad("header keys out of order", ["north", 2, "unsorted"], (at) => note(at, { payload: swapped })),
  bad("a header key twice", ["north", 2, "unsorted"], (at) => note(at, { payload: doubled })),
  bad("an empty list", ["north", 2, "malformed"], ({ north }) => void north.append(encode([]))),
  bad("a floating-point number", ["north", 2, "malformed"], ({ north }) => void north.append(Uint8Array.of(0xf9, 0, 0))),
  bad("a tag", ["north", 2, "malformed"], ({ north }) => void north.append(Uint8Array.of(0xc0, 0))),
  bad("a header field nobody knows", ["north", 2, "malformed"], (at) => note(at, { payload: header((map) => void map.set(14, 0)) })),
  bad("precedence 4", ["north", 2, "malformed"], (at) => note(at, { payload: header((map) => void map.set(7, 4)) })),
  bad("a line of 15 bytes", ["north", 2, "malformed"], (at) => note(at, { payload: header((map) => void map.set(2, new Uint8Array(15))) })),
  bad("a header without its last moment", ["north", 2, "malformed"], (at) => note(at, { payload: header((map) => void map.delete(13)) })),
  bad("one reference twice", ["north", 2, "malformed"], (at) =>
    note(at, { payload: header((map) => void map.set(11, [new Uint8Array(32), new Uint8Array(32)])) }),
  ),
  bad("a post with capital letters", ["north", 2, "malformed"], (at) =>
    note(at, { payload: header((map) => void map.set(9, ["Watch", []])) }),
  ),
  ...(
    [
      ["a flag that is a text", "message", 2, "yes"],
      ["a time that is a text", "suspend", 6, "2026-01-05T00:00:00Z"],
      ["a time below 0", "suspend", 6, -1],
      ["a form that is a number", "notification", 8, 7],
      ["an empty scope", "suspend", 4, []],
      ["a scope that is one text", "suspend", 4, "test"],
      ["a window of three times", "call-request", 7, [[1, 2, 3]]],
      ["a number below 0", "pre-agreed", 24, -1],
    ] satisfies readonly (readonly [string, KindName, number, Cbor])[]
  ).map(([comment, kind, fact, value]) =>
    bad(`${comment}, where the kind has the fact`, ["north", 2, "bad-facts"], (at) =>
      note(at, { kind, payload: header((map) => void map.set(12, new Map([[fact, value]]))) }),
    ),
  ),
  bad("a key id of seven bytes", ["north", 2, "bad-facts"], ({ north }) => {
    north.write({ kind: "key-revoke", payload: header((map) => void map.set(12, new Map([[15, new Uint8Array(7)]]))) });
  }),
  bad("facts that are a list", ["north", 2, "malformed"], (at) => note(at, { payload: header((map) => void map.set(12, [])) })),
  bad("seventeen windows", ["north", 2, "oversized"], (at) =>
    note(at, {
      kind: "call-request",
      payload: header((map) => void map.set(12, new Map([[7, Array.from({ length: 17 }, () => [1, 2])]]))),
    }),
  ),
  bad("a form id of 257 bytes", ["north", 2, "oversized"], (at) =>
    note(at, { kind: "notification", payload: header((map) => void map.set(12, new Map([[8, "f".repeat(257)]]))) }),
  ),
  bad("an act without releases", ["north", 2, "malformed"], (at) => note(at, { entry: outer((act) => void (act[3] = [])) })),
  bad("an act with protected bytes of its own", ["north", 2, "malformed"], (at) =>
    note(at, { entry: outer((act) => void (act[0] = Uint8Array.of(0xa0))) }),
  ),
  bad("a placement field nobody knows", ["north", 2, "malformed"], (at) => note(at, { entry: outer((_, place) => void place.set(6, 0)) })),
  bad("a placement that lists no heads in field 3", ["north", 2, "malformed"], (at) =>
    note(at, { entry: outer((_, place) => void place.set(3, [])) }),
  ),
  bad("a placement without field 5", ["north", 2, "malformed"], (at) => note(at, { entry: outer((_, place) => void place.delete(5)) })),
  bad(
    "a placement that names one log twice",
    ["north", 2, "malformed"],
    ({ north, south, n }) => void north.message(n, "words", { place: { heads: [south.head(1), south.head(2)] } }),
  ),
  bad("header version 2", ["north", 2, "unsupported-version"], (at) => note(at, { payload: header((map) => void map.set(1, 2)) })),
  bad("a kind of a later version", ["north", 2, "unknown-kind"], (at) => note(at, { payload: header((map) => void map.set(5, 999)) })),
  good("sixteen references, all held", ({ north, n }) => {
    const refs = Array.from({ length: 16 }, (_, i) => north.message(n, `message ${i}`).leaf);
    north.message(n, "words", { refs });
  }),
  good("four releases: author, releaser and two of other algorithms", ({ north, n }) => void north.message(n, "words", { foreign: 2 })),
  good("every header field and every placement field there is", ({ north, south, n }) => {
    const first = north.message(n, "first");
    const ahead = south.beat().leaf;
    north.message(n, "second", {
      refs: [first.leaf],
      facts: { wantsAnswer: true, unsure: true },
      place: { heads: [south.head(2)], ahead: [parseLeafHash(ahead)] },
    });
  }),
];
