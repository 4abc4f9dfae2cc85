import type { Accord, Party } from "../accord/accord.ts";
import { concatBytes, equalBytes } from "../encoding/bytes.ts";
import { assert } from "../errors.ts";
import type { Checkpoint } from "../log/checkpoint.ts";
import { NOTE_COSIGNATURE_ED25519, NOTE_COSIGNATURE_MLDSA44, NOTE_ED25519, type NoteKey, formatVkey, noteKey } from "../log/note.ts";
import { type CheckpointSignature, formatSignedCheckpoint } from "../log/signed-checkpoint.ts";
import type { Sha256 } from "../log/tree.ts";
import type { SourceCosignature, SourceLog } from "./record-source.ts";

/** The verifier keys of one log, all derived from the accord: none is taken from a file that nobody signed. */
export interface LogKeys {
  readonly ed25519: NoteKey;
  readonly mldsa44: NoteKey;
  /** Mirror keys of the other parties that have a log here, by party, in the order of the accord. */
  readonly cosigners: ReadonlyMap<string, NoteKey>;
}

/** What keys follow from: who has a log here, and under which origin. */
export interface KeySource {
  readonly accord: Accord;
  readonly logs: readonly Pick<SourceLog, "party" | "current" | "origin">[];
}

export const noteName = (origin: string): string => `openline.invalid/${origin}`;

export function partyOf(accord: Accord, id: string): Party {
  const party = accord.parties.find((item) => item.id === id);
  assert(party !== undefined, "a log's party is one of the accord");
  return party;
}

/** A cosigner's key name is the origin of its own current log (docs/spec/checkpoint.md §4). */
export function keysOfLog(suite: Sha256, source: KeySource, log: KeySource["logs"][number]): LogKeys {
  const name = noteName(log.origin);
  const { file } = partyOf(source.accord, log.party);
  const cosigners = new Map<string, NoteKey>();
  for (const other of source.accord.parties) {
    const own = source.logs.find((item) => item.party === other.id && item.current);
    if (other.id === log.party || own === undefined) continue;
    cosigners.set(other.id, noteKey(suite, NOTE_COSIGNATURE_ED25519, noteName(own.origin), other.file.mirror));
  }
  return {
    ed25519: noteKey(suite, NOTE_ED25519, name, file.log.ed25519),
    mldsa44: noteKey(suite, NOTE_COSIGNATURE_MLDSA44, name, file.log.mldsa44),
    cosigners,
  };
}

/** The file `vkeys`: the log's Ed25519 key, its ML-DSA-44 key, then the cosigners', one a line. */
export const vkeysText = (keys: LogKeys): string =>
  [keys.ed25519, keys.mldsa44, ...keys.cosigners.values()].map((key) => `${formatVkey(key)}\n`).join("");

export const checkpointOf = (log: SourceLog): Checkpoint => ({
  origin: noteName(log.origin),
  size: log.checkpoint.size,
  root: log.checkpoint.root,
});

/** The file `checkpoint`: the log's own lines, then the last cosignature of each other party over exactly this head. */
export function checkpointText(log: SourceLog, keys: LogKeys): string {
  const { checkpoint } = log;
  const lines: CheckpointSignature[] = [{ key: keys.ed25519, signature: checkpoint.signature }];
  if (checkpoint.mldsa !== undefined) lines.push({ key: keys.mldsa44, signature: checkpoint.mldsa });
  for (const [party, key] of keys.cosigners) {
    const last = lastOver(log, party);
    if (last !== undefined) lines.push({ key, signature: timestamped(last) });
  }
  return formatSignedCheckpoint(checkpointOf(log), lines);
}

function lastOver({ checkpoint, cosignatures }: SourceLog, by: string): SourceCosignature | undefined {
  let last: SourceCosignature | undefined;
  for (const one of cosignatures) {
    if (one.by !== by || one.size !== checkpoint.size || !equalBytes(one.root, checkpoint.root)) continue;
    if (last === undefined || one.time > last.time) last = one;
  }
  return last;
}

/** A 0x04 signature as its note line carries it: 8 bytes of time, big-endian, then 64 bytes. */
export function timestamped({ time, signature }: Pick<SourceCosignature, "time" | "signature">): Uint8Array {
  const head = new Uint8Array(8);
  let rest = time;
  for (let i = 7; i >= 0; i--) {
    head[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return concatBytes(head, signature);
}
