import fc from "fast-check";
import { expect, test } from "vitest";
import {
  cosignEd25519,
  cosignMldsa44,
  encodeWireCheckpoint,
  formatCheckpoint,
  formatNote,
  formatSignedCheckpoint,
  formatTlogPolicy,
  formatTlogProof,
  formatVkey,
  inclusionProof,
  leafHash,
  leavesHashReader,
  NOTE_COSIGNATURE_ED25519,
  NOTE_COSIGNATURE_MLDSA44,
  NOTE_ED25519,
  noteKey,
  openCheckpoint,
  origin,
  parseCheckpoint,
  parseLineId,
  parseLogId,
  parseNote,
  parsePartyKey,
  parseTlogProof,
  parseUnixSeconds,
  parseVkeys,
  parseWireCheckpoint,
  rootOfLeaves,
  signCheckpoint,
  utf8,
  verifyTlogProof,
} from "../../src/index.ts";
import { seedOf, testSuite as suite } from "./test-suite.ts";

const ORIGIN = origin(suite, parseLineId("11".repeat(16)), parsePartyKey("22".repeat(8)), parseLogId("33".repeat(8)), seedOf(4));
const PEER = `openline.invalid/${"77".repeat(16)}`;
const LEAVES = Array.from({ length: 9 }, (_, i) => leafHash(suite, utf8(`${i}`)));
const HEAD = { origin: ORIGIN, size: 9, root: rootOfLeaves(suite, LEAVES) };
const TIME = parseUnixSeconds(1_765_000_000);

const log = noteKey(suite, NOTE_ED25519, ORIGIN, suite.ed25519Public(seedOf(1)));
const logMldsa = noteKey(suite, NOTE_COSIGNATURE_MLDSA44, ORIGIN, suite.mldsa44Public(seedOf(2)));
const peer = noteKey(suite, NOTE_COSIGNATURE_ED25519, PEER, suite.ed25519Public(seedOf(3)));
const SIGNATURE = signCheckpoint(suite, seedOf(1), HEAD);
const MLDSA = cosignMldsa44(suite, seedOf(2), ORIGIN, HEAD, TIME);
const TEXT = formatSignedCheckpoint(HEAD, [
  { key: log, signature: SIGNATURE },
  { key: logMldsa, signature: MLDSA },
  { key: peer, signature: cosignEd25519(suite, seedOf(3), HEAD, TIME) },
]);
const KEYS = `${[log, logMldsa, peer].map(formatVkey).join("\n")}\n`;

test("a signed checkpoint opens with its keys, and an unknown key is passed over", () => {
  const keys = parseVkeys(suite, KEYS);
  if (!keys.ok) throw new Error(keys.refusal.detail);
  const [first, ...others] = keys.value;
  const opened = openCheckpoint(suite, utf8(TEXT), first, others);
  expect(opened.ok && opened.value.checkpoint).toEqual(HEAD);
  expect(opened.ok && opened.value.signedBy.map((by) => [by.key.type, by.time])).toEqual([
    [1, undefined],
    [6, TIME],
    [4, TIME],
  ]);
  const alone = openCheckpoint(suite, utf8(TEXT), log);
  expect(alone.ok && alone.value.signedBy.length).toBe(1);
});

test("no changed character opens", () => {
  const others = [logMldsa, peer];
  const length = TEXT.length;
  fc.assert(
    fc.property(fc.nat({ max: length - 1 }), fc.integer({ min: 0, max: 0xff }), (at, code) => {
      const letter = String.fromCharCode(code);
      if (letter === TEXT[at]) return;
      const changed = TEXT.slice(0, at) + letter + TEXT.slice(at + 1);
      const opened = openCheckpoint(suite, utf8(changed), log, others);
      // A changed name or key id makes the line an unknown key's: it is passed over and never counted.
      if (opened.ok) expect(opened.value.signedBy.length).toBe(2);
      if (opened.ok) expect(opened.value.checkpoint).toEqual(HEAD);
    }),
    { numRuns: 300 },
  );
});

test("one wrong signature of a known key refuses the whole", () => {
  const wrong = formatSignedCheckpoint(HEAD, [
    { key: log, signature: SIGNATURE },
    { key: peer, signature: cosignEd25519(suite, seedOf(5), HEAD, TIME) },
  ]);
  const opened = openCheckpoint(suite, utf8(wrong), log, [peer]);
  expect(!opened.ok && opened.refusal.code).toBe("wrong-signature");
  expect(openCheckpoint(suite, utf8(wrong), log).ok).toBe(true);
});

test("the ML-DSA signature covers name, time, origin, size and root", () => {
  const changes = [
    { ...HEAD, size: 8 },
    { ...HEAD, root: LEAVES[0] as Uint8Array },
    { ...HEAD, origin: PEER },
  ];
  for (const head of changes) {
    const key = { ...log, name: head.origin, id: noteKey(suite, 1, head.origin, log.publicKey).id };
    const text = formatSignedCheckpoint(head, [
      { key, signature: signCheckpoint(suite, seedOf(1), head) },
      { key: logMldsa, signature: MLDSA },
    ]);
    const opened = openCheckpoint(suite, utf8(text), key, [logMldsa]);
    expect(!opened.ok && opened.refusal.code).toBe("wrong-signature");
  }
});

test("format and parse are inverse", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.boolean(),
      (size, root, both) => {
        const head = { origin: ORIGIN, size, root: new Uint8Array(root) };
        expect(parseCheckpoint(formatCheckpoint(head))).toEqual({ ok: true, value: head });
        const wire = { incarnation: parseLogId("ab".repeat(8)), size, signature: SIGNATURE, ...(both ? { mldsa: MLDSA } : {}) };
        expect(parseWireCheckpoint(encodeWireCheckpoint(wire))).toEqual({ ok: true, value: wire });
      },
    ),
  );
  const note = parseNote(utf8(TEXT));
  expect(note.ok && formatNote(note.value)).toBe(TEXT);
});

test("a proof file stands alone, and moves to no other entry", () => {
  const reader = leavesHashReader(suite, LEAVES);
  const proof = { index: 4, proof: inclusionProof(suite, reader, { index: 4, size: 9 }), checkpoint: TEXT, extra: utf8("x") };
  const text = formatTlogProof(proof);
  const parsed = parseTlogProof(utf8(text));
  expect(parsed).toEqual({ ok: true, value: proof });
  const keys = { log, others: [logMldsa, peer] };
  const verified = verifyTlogProof(suite, proof, LEAVES[4] as Uint8Array, keys);
  expect(verified.ok && verified.value.signedBy.length).toBe(3);
  const moved = verifyTlogProof(suite, { ...proof, index: 5 }, LEAVES[4] as Uint8Array, keys);
  expect(!moved.ok && moved.refusal.code).toBe("wrong-root");
});

test("a policy names the log, its witnesses and the quorum", () => {
  expect(formatTlogPolicy({ log, witnesses: [], quorum: 0 })).toBe(`log ${formatVkey(log)}\nquorum none\n`);
  expect(formatTlogPolicy({ log, witnesses: [peer, logMldsa], quorum: 1 })).toBe(
    `log ${formatVkey(log)}\nwitness w1 ${formatVkey(peer)}\nwitness w2 ${formatVkey(logMldsa)}\n` +
      "group counterparts 1 w1 w2\nquorum counterparts\n",
  );
});
