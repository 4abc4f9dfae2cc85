import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  encodeEntryBundle,
  encodeWireCheckpoint,
  equalBytes,
  forkOf,
  formatCheckpoint,
  formatNote,
  formatVkey,
  fromHex,
  leafHash,
  type NoteKey,
  openCheckpoint,
  origin,
  parseCheckpoint,
  parseEntryBundle,
  parseLineId,
  parseLogId,
  parseNote,
  parsePartyKey,
  parseTilePath,
  parseTlogProof,
  parseVkey,
  parseVkeys,
  parseWireCheckpoint,
  type Result,
  rootFromPlace,
  rootOfLeaves,
  tilePath,
  toHex,
  utf8,
  verifyConsistency,
  verifyInclusion,
  verifyTlogProof,
} from "../../src/index.ts";
import { testSuite as suite } from "./test-suite.ts";

interface Vectors<Input, Expect> {
  readonly cases: readonly { readonly comment: string; readonly input: Input; readonly expect: Expect }[];
}

/** Runs every case of `vectors/log/<name>.json`; each is a test of its own name. */
function each<Input, Expect>(name: string, run: (input: Input) => unknown): void {
  const file = new URL(`../../../../vectors/log/${name}.json`, import.meta.url);
  const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors<Input, Expect>;
  test.each(vectors.cases)(`${name}: $comment`, ({ input, expect: expected }) => {
    expect(run(input)).toEqual(expected);
  });
}

/** A result as vectors write it: the value, mapped, or `{ refusal: code }`. */
const shown = <T>(result: Result<T>, value: (value: T) => unknown): unknown =>
  result.ok ? value(result.value) : { refusal: result.refusal.code };
const bytesOf = (hexes: readonly string[]): Uint8Array[] => hexes.map(fromHex);

interface HexHead {
  size: number;
  root: string;
}
interface HexLeaf {
  leaf: string;
  proof: string[];
}
const head = ({ size, root }: HexHead): { size: number; root: Uint8Array } => ({ size, root: fromHex(root) });
const leafProof = ({ leaf, proof }: HexLeaf): { leaf: Uint8Array; proof: Uint8Array[] } => ({ leaf: fromHex(leaf), proof: bytesOf(proof) });

each("tree", (input: { entries: string[] }) => {
  const leaves = bytesOf(input.entries).map((entry) => leafHash(suite, entry));
  return { leaves: leaves.map(toHex), root: toHex(rootOfLeaves(suite, leaves)) };
});

each("inclusion", (input: HexLeaf & { index: number; size: number; root: string }) =>
  verifyInclusion(suite, { index: input.index, size: input.size, leaf: fromHex(input.leaf) }, fromHex(input.root), bytesOf(input.proof)),
);

each("consistency", (input: { first: number; second: number; firstRoot: string; secondRoot: string; proof: string[] }) =>
  verifyConsistency(
    suite,
    head({ size: input.first, root: input.firstRoot }),
    head({ size: input.second, root: input.secondRoot }),
    bytesOf(input.proof),
  ),
);

each("place", (input: HexLeaf & { index: number }) => {
  const root = rootFromPlace(suite, input.index, fromHex(input.leaf), bytesOf(input.proof));
  return root === undefined ? null : { root: toHex(root) };
});

each(
  "forks",
  (input: { first: HexHead; second: HexHead; consistency?: string[]; leaves?: { index: number; first: HexLeaf; second: HexLeaf } }) => {
    const { consistency, leaves } = input;
    return forkOf(suite, head(input.first), head(input.second), {
      ...(consistency && { consistency: bytesOf(consistency) }),
      ...(leaves && { leaves: { index: leaves.index, first: leafProof(leaves.first), second: leafProof(leaves.second) } }),
    });
  },
);

each("tile-paths", (input: { path: string }) =>
  shown(parseTilePath(input.path), (tile) => {
    expect(tilePath(tile)).toBe(input.path);
    return tile;
  }),
);

each("bundles", (input: { bytes: string; count: number }) =>
  shown(parseEntryBundle(fromHex(input.bytes), input.count), (entries) => {
    expect(toHex(encodeEntryBundle(entries))).toBe(input.bytes);
    return { entries: entries.map(toHex) };
  }),
);

each("notes", (input: { note?: string; noteHex?: string }) => {
  const bytes = input.noteHex === undefined ? utf8(input.note ?? "") : fromHex(input.noteHex);
  return shown(parseNote(bytes), (note) => {
    expect(equalBytes(utf8(formatNote(note)), bytes)).toBe(true);
    return { ...note, signatures: note.signatures.map((line) => ({ ...line, signature: toHex(line.signature) })) };
  });
});

each("vkeys", (input: { vkey: string }) =>
  shown(parseVkey(suite, input.vkey), (key) => {
    expect(formatVkey(key)).toBe(input.vkey);
    return { ...key, publicKey: toHex(key.publicKey) };
  }),
);

each("checkpoints", (input: { text: string }) =>
  shown(parseCheckpoint(input.text), (checkpoint) => {
    expect(formatCheckpoint(checkpoint)).toBe(input.text);
    return { ...checkpoint, root: toHex(checkpoint.root) };
  }),
);

each("origins", (input: { line: string; party: string; incarnation: string; lineSecret: string }) => ({
  origin: origin(suite, parseLineId(input.line), parsePartyKey(input.party), parseLogId(input.incarnation), fromHex(input.lineSecret)),
}));

each("wire", (input: { bytes: string }) =>
  shown(parseWireCheckpoint(fromHex(input.bytes)), (wire) => {
    expect(toHex(encodeWireCheckpoint(wire))).toBe(input.bytes);
    return { ...wire, signature: toHex(wire.signature), ...(wire.mldsa && { mldsa: toHex(wire.mldsa) }) };
  }),
);

function keysOf(texts: readonly string[]): { log: NoteKey; others: readonly NoteKey[] } {
  const keys = parseVkeys(suite, `${texts.join("\n")}\n`);
  if (!keys.ok) throw new Error(keys.refusal.detail);
  const [log, ...others] = keys.value;
  return { log, others };
}

each("signed-checkpoints", (input: { note: string; vkeys: string[] }) => {
  const { log, others } = keysOf(input.vkeys);
  return shown(openCheckpoint(suite, utf8(input.note), log, others), ({ checkpoint, signedBy }) => ({
    ...checkpoint,
    root: toHex(checkpoint.root),
    signedBy: signedBy.map(({ key, time }) => ({ type: key.type, ...(time !== undefined && { time }) })),
  }));
});

each("tlog-proofs", (input: { proof: string; leaf: string; vkeys: string[] }) => {
  const proof = parseTlogProof(utf8(input.proof));
  if (!proof.ok) return { refusal: proof.refusal.code };
  const verified = verifyTlogProof(suite, proof.value, fromHex(input.leaf), keysOf(input.vkeys));
  return shown(verified, ({ checkpoint }) => ({ index: proof.value.index, size: checkpoint.size }));
});
