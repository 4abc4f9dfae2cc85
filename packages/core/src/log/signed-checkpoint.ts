import type { VerifySuite } from "../crypto/suite.ts";
import { assert, RefusedInput, refusable, type Result } from "../errors.ts";
import type { UnixSeconds } from "../ids.ts";
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { cosignatureTime, verifyCosignatureEd25519, verifyCosignatureMldsa44 } from "./cosignature.ts";
import {
  formatNote,
  NOTE_COSIGNATURE_ED25519,
  NOTE_COSIGNATURE_MLDSA44,
  NOTE_ED25519,
  type NoteKey,
  type NoteSignature,
  parseNote,
  parseVkey,
  signatureOf,
  verifyNoteEd25519,
} from "./note.ts";
import type { Sha256 } from "./tree.ts";

/** A key and what it put on a checkpoint: 64 bytes for 0x01, 72 for 0x04, 2,428 for 0x06. */
export interface CheckpointSignature {
  readonly key: NoteKey;
  readonly signature: Uint8Array;
}

/** A checkpoint whose known signatures have all been verified. `time` is what each cosigner states, seconds. */
export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly signedBy: readonly { readonly key: NoteKey; readonly time?: UnixSeconds }[];
}

/** The checkpoint as a signed note, the log's plain signature first. */
export function formatSignedCheckpoint(checkpoint: Checkpoint, signatures: readonly CheckpointSignature[]): string {
  assert(signatures[0]?.key.type === NOTE_ED25519, "the log's plain Ed25519 signature stands first");
  const lines = signatures.map(({ key, signature }): NoteSignature => ({ name: key.name, id: key.id, signature }));
  return formatNote({ text: formatCheckpoint(checkpoint), signatures: lines });
}

/** Opens a signed checkpoint of the log whose plain Ed25519 key is `log`. Lines of keys that are neither `log` nor in
 *  `others` are passed over; one wrong signature of a known key refuses the note. Source: docs/spec/checkpoint.md §6. */
export function openCheckpoint(
  suite: VerifySuite,
  bytes: Uint8Array,
  log: NoteKey,
  others: readonly NoteKey[] = [],
): Result<OpenedCheckpoint> {
  const note = parseNote(bytes);
  if (!note.ok) return note;
  const parsed = parseCheckpoint(note.value.text);
  if (!parsed.ok) return parsed;
  const checkpoint = parsed.value;
  return refusable(() => {
    if (log.type !== NOTE_ED25519 || checkpoint.origin !== log.name) throw new RefusedInput("unknown-key", "checkpoint of another log");
    if (signatureOf(note.value, log) === undefined) throw new RefusedInput("unknown-key", "not signed by the log's key");
    const signedBy = [log, ...others].flatMap((key) => {
      const line = signatureOf(note.value, key);
      if (line === undefined) return [];
      const valid =
        key.type === NOTE_ED25519
          ? verifyNoteEd25519(suite, note.value, key)
          : verifyCosignature(suite, { key, signature: line.signature }, checkpoint);
      if (!valid) throw new RefusedInput("wrong-signature", `signature of ${key.name}+${key.id}`);
      const time = key.type === NOTE_ED25519 ? undefined : cosignatureTime(line.signature);
      return [time === undefined ? { key } : { key, time }];
    });
    return { checkpoint, signedBy };
  });
}

/** Whether a cosignature of either type verifies; a plain key is none. Never throws. */
export function verifyCosignature(suite: VerifySuite, line: CheckpointSignature, checkpoint: Checkpoint): boolean {
  switch (line.key.type) {
    case NOTE_ED25519:
      return false;
    case NOTE_COSIGNATURE_ED25519:
      return verifyCosignatureEd25519(suite, line.key.publicKey, checkpoint, line.signature);
    case NOTE_COSIGNATURE_MLDSA44:
      return verifyCosignatureMldsa44(suite, line.key, checkpoint, line.signature);
  }
}

/** The file `vkeys` of an export: verifier keys, one a line, the log's Ed25519 key first. */
export function parseVkeys(suite: Sha256, text: string): Result<readonly [NoteKey, ...NoteKey[]]> {
  return refusable(() => {
    if (!text.endsWith("\n")) throw new RefusedInput("truncated", "the last key has no newline");
    const keys = text
      .slice(0, -1)
      .split("\n")
      .map((line) => {
        const key = parseVkey(suite, line);
        if (!key.ok) throw new RefusedInput(key.refusal.code, key.refusal.detail);
        return key.value;
      });
    const [log, ...others] = keys;
    if (log?.type !== NOTE_ED25519) throw new RefusedInput("malformed", "the log's Ed25519 key stands first");
    return [log, ...others] as const;
  });
}
