import type { VerifySuite } from "../crypto/suite.ts";
import { fromBase64, fromUtf8, toBase64, utf8 } from "../encoding/bytes.ts";
import { assert, RefusedInput, refusable, refuse, type Result } from "../errors.ts";
import { limits } from "../limits.ts";
import { type NoteKey, formatVkey, parseNote, sameNoteKey } from "./note.ts";
import { type Proof, verifyInclusion } from "./proof.ts";
import { type OpenedCheckpoint, openCheckpoint } from "./signed-checkpoint.ts";
import { HASH_BYTES } from "./tree.ts";

/** A `.tlog-proof` file: one entry's place under a signed checkpoint, checkable with no network. `checkpoint` is the
 *  signed note as text. Source: docs/spec/checkpoint.md §7, C2SP tlog-proof. */
export interface TlogProof {
  readonly extra?: Uint8Array;
  readonly index: number;
  readonly proof: Proof;
  readonly checkpoint: string;
}

const FIRST_LINE = "c2sp.org/tlog-proof@v1";

export function formatTlogProof(proof: TlogProof): string {
  const extra = proof.extra === undefined ? "" : `extra ${toBase64(proof.extra)}\n`;
  const hashes = proof.proof.map((hash) => `${toBase64(hash)}\n`).join("");
  return `${FIRST_LINE}\n${extra}index ${proof.index}\n${hashes}\n${proof.checkpoint}`;
}

/** A proof file taken apart; checks no hash and no signature. `extra` is authenticated by nothing. */
export function parseTlogProof(bytes: Uint8Array): Result<TlogProof> {
  return refusable(() => {
    if (bytes.length > limits.checkpointBytesMax) throw new RefusedInput("oversized", `proof of ${bytes.length} bytes`);
    const text = textOf(bytes);
    const split = text.indexOf("\n\n");
    if (split < 0) throw new RefusedInput("truncated", "no blank line before the checkpoint");
    const lines = text.slice(0, split).split("\n");
    if (lines.shift() !== FIRST_LINE) throw new RefusedInput("malformed", `the first line is not ${FIRST_LINE}`);
    const extraLine = lines[0]?.startsWith("extra ") === true ? lines.shift() : undefined;
    const index = indexOf(lines.shift() ?? "");
    if (lines.length > limits.proofHashesMax) throw new RefusedInput("oversized", `${lines.length} hashes`);
    const checkpoint = text.slice(split + 2);
    const note = parseNote(utf8(checkpoint));
    if (!note.ok) throw new RefusedInput(note.refusal.code, note.refusal.detail);
    const proof = { index, proof: lines.map(hashOf), checkpoint };
    return extraLine === undefined ? proof : { ...proof, extra: base64Of(extraLine.slice("extra ".length)) };
  });
}

/** Whether the leaf stands where the proof says under a checkpoint of `log`; gives the opened checkpoint.
 *  How many of `others` have to have signed is the caller's policy. */
export function verifyTlogProof(
  suite: VerifySuite,
  proof: TlogProof,
  leaf: Uint8Array,
  keys: { readonly log: NoteKey; readonly others?: readonly NoteKey[] },
): Result<OpenedCheckpoint> {
  const opened = openCheckpoint(suite, utf8(proof.checkpoint), keys.log, keys.others ?? []);
  if (!opened.ok) return opened;
  const { size, root } = opened.value.checkpoint;
  if (!verifyInclusion(suite, { index: proof.index, size, leaf }, root, proof.proof))
    return refuse("wrong-root", `entry ${proof.index} is not shown to be in the tree of ${size}`);
  return opened;
}

/** A tlog-policy text: one log, its witnesses, and how many of them have to have cosigned (0: none).
 *  Witness names are local to the text, so they are `w1`, `w2`, in the order given. C2SP tlog-policy. */
export function formatTlogPolicy(policy: {
  readonly log: NoteKey;
  readonly witnesses: readonly NoteKey[];
  readonly quorum: number;
}): string {
  const { log, witnesses, quorum } = policy;
  assert(quorum >= 0 && quorum <= witnesses.length, "a quorum is at most all witnesses");
  assert(
    witnesses.every((key, i) => witnesses.findIndex((other) => sameNoteKey(key, other)) === i),
    "a policy has each witness key once",
  );
  const names = witnesses.map((_, i) => `w${i + 1}`);
  const lines = [`log ${formatVkey(log)}`, ...witnesses.map((key, i) => `witness ${names[i]} ${formatVkey(key)}`)];
  if (quorum === 0) return `${[...lines, "quorum none"].join("\n")}\n`;
  return `${[...lines, `group counterparts ${quorum} ${names.join(" ")}`, "quorum counterparts"].join("\n")}\n`;
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw new RefusedInput("malformed", "proof is not UTF-8");
  }
}

function indexOf(line: string): number {
  const match = /^index (0|[1-9][0-9]{0,15})$/.exec(line);
  const index = Number(match?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(index)) throw new RefusedInput("malformed", "no index, or one with leading zeroes or beyond 2^53");
  return index;
}

function hashOf(line: string): Uint8Array {
  const hash = base64Of(line);
  if (hash.length !== HASH_BYTES) throw new RefusedInput("malformed", "a hash is 32 bytes");
  return hash;
}

function base64Of(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    throw new RefusedInput("malformed", "not base64");
  }
}
