import type { Judged, LineRecord, LogId, RecordSource, SourceLog } from "@openline/core";
import type { LogReport } from "./report.ts";

/** A record whose every byte has been checked: what the report is made from. */
export interface Checked {
  readonly source: RecordSource;
  readonly record: LineRecord;
  readonly judged: readonly Judged[];
  readonly logs: ReadonlyMap<LogId, LogReport>;
  /** Logs whose first entry does not say that their origin is theirs. */
  readonly unconfirmed: readonly SourceLog[];
  readonly signatures: boolean;
}
