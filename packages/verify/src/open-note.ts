import {
  type LogKeys,
  type NoteKey,
  type SourceCheckpoint,
  type VerifySuite,
  formatSignedCheckpoint,
  openCheckpoint,
  parseNote,
  signatureOf,
  utf8,
  equalBytes,
} from "@openline/core";
import { BadFile } from "./finding.ts";

/** A checkpoint note that has been opened with the keys of the accord. */
export interface OpenedNote {
  readonly checkpoint: SourceCheckpoint;
  readonly signedBy: readonly NoteKey[];
}

/** Opens a checkpoint note of which every line must be by a key of the accord and verify, in the one order of
 *  docs/spec/export.md §5. Throws `BadFile`. */
export function openNote(suite: VerifySuite, file: string, bytes: Uint8Array, keys: LogKeys): OpenedNote {
  const opened = openCheckpoint(suite, bytes, keys.ed25519, [keys.mldsa44, ...keys.cosigners.values()]);
  if (!opened.ok) throw new BadFile({ file, ...opened.refusal });
  const note = parseNote(bytes);
  if (!note.ok) throw new BadFile({ file, ...note.refusal });
  const { checkpoint, signedBy } = opened.value;
  const lines = signedBy.flatMap(({ key }) => {
    const line = signatureOf(note.value, key);
    return line === undefined ? [] : [{ key, signature: line.signature }];
  });
  if (!equalBytes(utf8(formatSignedCheckpoint(checkpoint, lines)), bytes))
    throw new BadFile({ file, code: "changed-file", detail: "a line by an unknown key, or out of order" });
  const [first] = lines;
  if (first === undefined) throw new BadFile({ file, code: "unknown-key", detail: "not signed by the log's key" });
  const mldsa = lines.find(({ key }) => key === keys.mldsa44);
  const { size, root } = checkpoint;
  return {
    checkpoint: { size, root, signature: first.signature, ...(mldsa === undefined ? {} : { mldsa: mldsa.signature }) },
    signedBy: signedBy.map(({ key }) => key),
  };
}
