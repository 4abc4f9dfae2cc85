/** Writes vectors/exchange/frames.json. Run after `npm run build`:
 *  `node --conditions=openline-source tools/make-exchange-vectors.ts`. */
import { writeFileSync } from "node:fs";
import {
  type Cbor,
  type Frame,
  type RefusalCode,
  encode,
  encodeFrame,
  fromHex,
  limits,
  pack,
  parseDigest,
  parseLeafHash,
  parseLogId,
  toHex,
} from "../packages/core/src/index.ts";

const log = parseLogId("00112233445566ff");
const other = parseLogId("a0a1a2a3a4a5a6a7");
const bytes = (count: number, from = 0): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (from + i) & 255);
const checkpoint = { incarnation: log, size: 12, signature: bytes(64) };
const sealed = { ...checkpoint, mldsa: bytes(2428) };
const object = parseDigest("5".repeat(64));
const empty = { kind: "have", counter: 1, heard: 0, asks: false, credit: 0, prekey: null, full: false, logs: [], open: [] } as const;

const valid: readonly (readonly [string, Frame])[] = [
  ["a node that has nothing asks", { ...empty, asks: true }],
  [
    "two logs, one with a gap and a body missing, and a prekey",
    {
      ...empty,
      counter: 1_700_000_000_000_001,
      heard: 1_700_000_000_000_000,
      credit: 1_000_000,
      prekey: parseLeafHash("7".repeat(64)),
      logs: [
        { log, size: 12, root: "0001020304050607", missing: [], ahead: [] },
        { log: other, size: 7, root: "08090a0b0c0d0e0f", missing: [3, 5], ahead: [9, 11] },
      ],
    },
  ],
  [
    "an object in the making, and a list that is not whole",
    {
      ...empty,
      full: true,
      open: [
        {
          object,
          missing: [
            { from: 0, to: 10 },
            { from: 20, to: 30 },
          ],
        },
      ],
    },
  ],
  [
    "two entries under a checkpoint, one without its body",
    {
      kind: "entries",
      log,
      from: 10,
      entries: [
        { entry: bytes(3), disclosure: bytes(2) },
        { entry: bytes(4), disclosure: null },
      ],
      checkpoint,
    },
  ],
  [
    "the end of a closed log, vouched for by the one that closed it",
    { kind: "entries", log, from: 11, entries: [{ entry: bytes(3), disclosure: null }], checkpoint: null },
  ],
  ["a body that was asked for", { kind: "disclosure", log, index: 3, disclosure: bytes(5) }],
  ["the last byte of an object", { kind: "part", object, size: 300, offset: 299, bytes: bytes(1) }],
  ["a head with an ML-DSA-44 line", { kind: "head", checkpoint: sealed }],
  [
    "entry 11 ahead of a gap: three bits set in 11, three hashes",
    { kind: "ahead", checkpoint, entry: bytes(6), disclosure: bytes(2), proof: [bytes(32), bytes(32, 1), bytes(32, 2)] },
  ],
];

const more: readonly (readonly [string, Frame])[] = [
  [
    "packed entries, one of which names a head of the receiver, under a checkpoint that says neither log nor size",
    {
      kind: "packed",
      log,
      from: 10,
      entries: [
        { entry: bytes(3), disclosure: bytes(2), named: null },
        { entry: bytes(4), disclosure: null, named: { log: other, size: 7 } },
      ],
      checkpoint,
    },
  ],
  ["packed entries under a head with an ML-DSA-44 line", { kind: "packed", log, from: 12, entries: [], checkpoint: sealed }],
  [
    "the end of a closed log, packed",
    { kind: "packed", log, from: 3, entries: [{ entry: bytes(3), disclosure: null, named: null }], checkpoint: null },
  ],
];

const id = fromHex(log);
const wire: Cbor = [id, 12, bytes(64)];
const have = (logs: Cbor, open: Cbor = []): Cbor => [1, 1, 0, false, 0, null, false, logs, open];
const line = (more: Partial<Record<"size" | "root" | "missing" | "ahead", Cbor>> = {}): Cbor => [
  id,
  more.size ?? 3,
  more.root ?? bytes(8),
  more.missing ?? [],
  more.ahead ?? [],
];
const invalid: readonly (readonly [string, Uint8Array, RefusalCode])[] = [
  ["an empty list", encode([]), "malformed"],
  ["a kind that there is not", encode([9]), "malformed"],
  ["not a list", encode(new Map([[1, 1]])), "malformed"],
  ["a byte after the end", Uint8Array.from([...encodeFrame(empty), 0]), "truncated"],
  ["ends early", encodeFrame(empty).subarray(0, 5), "truncated"],
  ["a length in more bytes than it needs", Uint8Array.from([0x98, 0x02, 0x05, 0x80]), "non-canonical"],
  ["have: a field too few", encode([1, 1, 0, false, 0, null, false, []]), "malformed"],
  ["have: a counter below zero", encode([1, -1, 0, false, 0, null, false, [], []]), "malformed"],
  ["have: asks is a number", encode([1, 1, 0, 1, 0, null, false, [], []]), "malformed"],
  ["have: a prekey of 31 bytes", encode([1, 1, 0, false, 0, bytes(31), false, [], []]), "malformed"],
  ["have: a log listed twice", encode(have([line(), line()])), "malformed"],
  ["have: a log id of 7 bytes", encode(have([[bytes(7), 0, bytes(8), [], []]])), "malformed"],
  ["have: a whole root", encode(have([line({ root: bytes(32) })])), "malformed"],
  ["have: positions ahead that do not rise", encode(have([line({ ahead: [5, 5] })])), "malformed"],
  [
    "have: more ahead than may be",
    encode(have([line({ ahead: Array.from({ length: limits.heldAheadMax + 1 }, (_, i) => i + 4) })])),
    "oversized",
  ],
  [
    "have: more logs than may be",
    encode(have(Array.from({ length: limits.headsMax + 1 }, (_, i) => [bytes(8, i), 0, bytes(8), [], []]))),
    "oversized",
  ],
  [
    "have: asks for too many bodies",
    encode(have([line({ missing: Array.from({ length: limits.missingMax + 1 }, (_, i) => i) })])),
    "oversized",
  ],
  ["have: an empty range", encode(have([], [[bytes(32), [[4, 4]]]])), "malformed"],
  [
    "have: ranges that do not rise",
    encode(
      have(
        [],
        [
          [
            bytes(32),
            [
              [4, 8],
              [2, 3],
            ],
          ],
        ],
      ),
    ),
    "malformed",
  ],
  [
    "have: more open objects than may be",
    encode(
      have(
        [],
        Array.from({ length: limits.openObjectsMax + 1 }, (_, i) => [bytes(32, i), [[0, 1]]]),
      ),
    ),
    "oversized",
  ],
  ["entries: a number where an entry should be", encode([2, id, 0, [[1, null]], wire]), "malformed"],
  ["entries: a checkpoint with a short signature", encode([2, id, 0, [], [id, 0, bytes(63)]]), "malformed"],
  ["disclosure: without its bytes", encode([3, id, 0]), "malformed"],
  ["part: nothing in it", encode([4, bytes(32), 10, 0, new Uint8Array(0)]), "malformed"],
  ["part: reaches beyond its object", encode([4, bytes(32), 10, 9, bytes(2)]), "malformed"],
  ["part: of an object above the limit", encode([4, bytes(32), limits.objectBytesMax + 1, 0, bytes(2)]), "oversized"],
  ["part: a short name", encode([4, bytes(31), 10, 0, bytes(2)]), "malformed"],
  ["packed: an entry of three fields", encode([7, id, 0, [[bytes(1), null, id]], bytes(64)]), "malformed"],
  ["packed: a short signature", encode([7, id, 0, [], bytes(63)]), "malformed"],
  ["packed: a third signature", encode([7, id, 0, [], [bytes(64), bytes(2428), bytes(64)]]), "malformed"],
  ["head: no checkpoint", encode([5, null]), "malformed"],
  ["ahead: a head over nothing", encode([6, [id, 0, bytes(64)], bytes(3), null, []]), "malformed"],
  ["ahead: a hash of 31 bytes", encode([6, wire, bytes(3), null, [bytes(31)]]), "malformed"],
  [
    "ahead: more hashes than a tree has levels",
    encode([6, wire, bytes(3), null, Array.from({ length: limits.proofHashesMax + 1 }, () => bytes(32))]),
    "oversized",
  ],
];

const cases = [
  ...[...valid, ...more].map(([comment, frame]) => ({ comment, input: toHex(encodeFrame(frame)), expect: { frame } })),
  ...invalid.map(([comment, input, code]) => ({ comment, input: toHex(input), expect: { code } })),
];
const hex = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? toHex(value) : value);
writeFileSync(
  new URL("../vectors/exchange/frames.json", import.meta.url),
  `${JSON.stringify({ comment: "Frames of docs/spec/exchange.md §2: bytes as hex, and the frame they are or the code they are refused with.", cases }, hex, 2)}\n`,
);

const dictionary = bytes(40);
const packedCase = (comment: string, given: Uint8Array) => ({
  comment,
  input: { dictionary: toHex(dictionary), packed: toHex(pack(dictionary, given)), max: 100 },
  expect: { bytes: toHex(given) },
});
const refusedCase = (comment: string, packed: readonly number[], code: RefusalCode) => ({
  comment,
  input: { dictionary: toHex(dictionary), packed: toHex(Uint8Array.from(packed)), max: 100 },
  expect: { code },
});
const packs = [
  packedCase("nothing", new Uint8Array(0)),
  packedCase("nothing in common", bytes(5, 200)),
  packedCase("the dictionary itself", dictionary),
  packedCase("a literal between two copies", Uint8Array.from([...bytes(10, 5), 255, ...bytes(12, 20)])),
  packedCase("four bytes in common are not worth a copy", Uint8Array.from([9, 9, 4, 5, 6, 7, 9])),
  refusedCase("a step that takes nothing", [0], "malformed"),
  refusedCase("a copy that takes nothing", [1, 0], "malformed"),
  refusedCase("a copy from beyond the dictionary", [21, 31], "malformed"),
  refusedCase("a literal that is not there", [10, 1, 2], "truncated"),
  refusedCase("a copy that does not say from where", [11], "truncated"),
  refusedCase("a number that does not end", [0x80, 0x80, 0x80, 0x80, 0x01], "malformed"),
  refusedCase("more than the most", [81, 0, 81, 0, 81, 0], "oversized"),
];
writeFileSync(
  new URL("../vectors/exchange/packed.json", import.meta.url),
  `${JSON.stringify({ comment: "Packed bytes of docs/spec/exchange.md §11.", cases: packs }, null, 2)}\n`,
);
