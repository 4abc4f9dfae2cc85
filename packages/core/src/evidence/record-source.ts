import type { Accord } from "../accord/accord.ts";
import type { Amendment } from "../accord/amendment.ts";
import type { LogId, PartyId } from "../ids.ts";
import type { RingKey } from "../record/key-ring.ts";

/** What a holder of a record has: the accord, every log, and what was signed over them. An export and an evidence pack are
 *  written from it, and an export is read back into it. Source: docs/spec/export.md. */
export interface RecordSource {
  /** Of the ceremony. */
  readonly accord: Accord;
  /** What has changed since: the amendments that acts with effect rest on, by digest (`Amendments.inForce`). */
  readonly amendments: readonly Amendment[];
  /** Who shows this record: its holder's own word, signed by nobody. */
  readonly shownBy: PartyId;
  readonly logs: readonly SourceLog[];
  /** The keys of each log where the caller has read the record already; otherwise the entries are judged for them. */
  readonly keys?: ReadonlyMap<LogId, readonly RingKey[]>;
}

/** One incarnation of one party's log, from index 0 to the size of its checkpoint. */
export interface SourceLog {
  readonly log: LogId;
  readonly party: PartyId;
  /** False for a closed incarnation. Each party has at most one that is current. */
  readonly current: boolean;
  /** 32 lower-case hex digits: what follows `openline.invalid/`. */
  readonly origin: string;
  readonly entries: readonly SourceEntry[];
  readonly checkpoint: SourceCheckpoint;
  readonly cosignatures: readonly SourceCosignature[];
}

/** An entry, and its disclosure unless it is withheld. The disclosure matches the commitment in the entry. */
export interface SourceEntry {
  readonly bytes: Uint8Array;
  readonly disclosure?: Uint8Array;
}

/** `size` is the number of entries. `signature` is the log key's 0x01 signature (64 bytes), `mldsa` the 0x06 line's time and
 *  signature (2,428 bytes). */
export interface SourceCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  readonly signature: Uint8Array;
  readonly mldsa?: Uint8Array;
}

/** A counterpart's 0x04 cosignature with its mirror key; `time` in seconds, `signature` 64 bytes without the time. */
export interface SourceCosignature {
  readonly size: number;
  readonly root: Uint8Array;
  readonly time: number;
  readonly signature: Uint8Array;
  readonly by: PartyId;
}

/** Logs in the one order in which files and packs list them: parties as in the accord, closed incarnations as given, then
 *  the current one. */
export function orderedLogs(source: RecordSource): readonly SourceLog[] {
  return source.accord.parties.flatMap((party) => {
    const own = source.logs.filter((log) => log.party === party.id);
    return [...own.filter((log) => !log.current), ...own.filter((log) => log.current)];
  });
}

/** How people and outside tools name a log: the party for its current one, `<party>@<16 hex>` for a closed one. */
export const sourceLogName = (log: Pick<SourceLog, "party" | "log" | "current">): string =>
  log.current ? log.party : `${log.party}@${log.log}`;
