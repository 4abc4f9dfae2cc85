import fc from "fast-check";
import {
  type Body,
  type Cbor,
  type FactName,
  type Facts,
  type Header,
  type KindName,
  type WordShape,
  COMMON_WORDS,
  FACT_SHAPES,
  KINDS,
  PRECEDENCES,
  checkPlain,
  parseActId,
  parseChannelNumber,
  parseDigest,
  parseLeafHash,
  parseLineId,
  parseLogId,
  parsePartyKey,
  parsePostId,
  parseUnixMillis,
  parseUnixSeconds,
} from "../../src/index.ts";

/** Acts of every kind with any facts and words that fit it, for tests of what people read. */

const plainText = fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) => {
  try {
    return checkPlain(text, "text") === undefined;
  } catch {
    return false;
  }
});
const texts: fc.Arbitrary<Cbor> = fc
  .uniqueArray(fc.constantFrom("en", "zh", "ru", "fr", "pt-BR"), { minLength: 1 })
  .chain((codes) => fc.tuple(...codes.map(() => plainText)).map((values) => new Map(codes.map((code, i) => [code, values[i] ?? ""]))));
const degrees = (max: number): fc.Arbitrary<string> => fc.integer({ min: -max * 10, max: max * 10 }).map((tenths) => String(tenths / 10));

const SHAPES: Readonly<Record<WordShape, fc.Arbitrary<Cbor>>> = {
  texts,
  "texts-list": fc.array(texts, { maxLength: 3 }),
  text: plainText,
  position: fc.tuple(degrees(180), degrees(90)).map((place) => [...place]),
  fields: fc
    .dictionary(plainText, fc.oneof(plainText, fc.nat(), fc.boolean(), fc.array(plainText)))
    .map((fields) => new Map(Object.entries(fields))),
  number: fc.nat(),
  quality: fc.integer({ min: 1, max: 5 }),
  flag: fc.boolean(),
  bytes: fc.uint8Array({ maxLength: 80 }),
  time: fc.nat(4_000_000_000),
  attachments: fc
    .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.integer({ min: 1, max: 1e6 }), fc.stringMatching(/^[a-z]{1,20}$/))
    .map(([object, size, name]) => [[object, size, "application/pdf", name]]),
};

export const bodyOf = (kind: KindName): fc.Arbitrary<Body> =>
  fc
    .record(Object.fromEntries(Object.entries({ ...COMMON_WORDS, ...KINDS[kind].words }).map(([word, shape]) => [word, SHAPES[shape]])), {
      requiredKeys: [],
    })
    .map((words) => new Map(Object.entries(words).filter((entry): entry is [string, Cbor] => entry[1] !== undefined)));

const FACT_SAMPLES = {
  flag: true,
  seconds: parseUnixSeconds(1_696_000_000),
  text: "live-training-short-notice",
  texts: ["live-training-short-notice", "something-else"],
  windows: [{ from: parseUnixSeconds(1_696_000_000), to: parseUnixSeconds(1_696_003_600) }],
  bytes8: "0123456789abcdef",
  bytes16: "01".repeat(16),
  bytes32: "02".repeat(32),
  key: new Uint8Array(64).fill(7),
  head: { log: parseLogId("03".repeat(8)), size: 12, root: parseDigest("04".repeat(32)) },
  number: 4,
} as const;

/** Every fact that the kind may carry. */
export function factsOf(kind: KindName): Facts {
  const spec = KINDS[kind];
  const names: readonly FactName[] = [...(spec.required ?? []), ...(spec.facts ?? []), "unsure"];
  return Object.fromEntries(names.map((name) => [name, FACT_SAMPLES[FACT_SHAPES[name]]]));
}

export function headerOf(kind: KindName | undefined, more: Partial<Header> = {}): Header {
  return {
    line: parseLineId("05".repeat(16)),
    party: parsePartyKey("06".repeat(8)),
    actId: parseActId("07".repeat(16)),
    kind,
    kindCode: kind === undefined ? 999 : KINDS[kind].code,
    channel: parseChannelNumber(kind !== undefined && KINDS[kind].on === "line" ? 0 : 1),
    precedence: PRECEDENCES[2],
    drafted: parseUnixMillis(1_695_999_000_000),
    from: parsePostId("minister"),
    to: ["secretary"],
    refs: [parseLeafHash("08".repeat(32))],
    facts: kind === undefined ? {} : factsOf(kind),
    notAfter: parseUnixSeconds(1_696_086_400),
    ...more,
  };
}
