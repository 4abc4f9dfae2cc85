import {
  type Accord,
  type Entry,
  type InUse,
  type JudgeContext,
  KINDS,
  type KeyRing,
  type Kid,
  type LogId,
  type Party,
  type Refusal,
  type VerifySuite,
  firstInUse,
  firstRing,
  judge,
  judgeOpening,
  kidsOfAccord,
} from "@openline/core";
import { PackAmendments } from "./pack-amendments.ts";
import type { OpenedEntry, OpenedLog, OpenedPack } from "./read-pack.ts";

/** What became of each entry of a pack. A pack has no entries between, so what needs them (an act id seen before, the agreed
 *  rate, a withdrawal, a head named before) is not judged here; the report says so. */
export type PackVerdicts = ReadonlyMap<OpenedEntry, Refusal | undefined>;

export function judgePack(suite: VerifySuite, { accord, amendments, logs }: OpenedPack): PackVerdicts {
  const verdicts = new Map<OpenedEntry, Refusal | undefined>();
  const kids = kidsOfAccord(suite, accord);
  const changes = new PackAmendments(suite, accord, amendments);
  for (const party of accord.parties) {
    // Closed incarnations stand before the one that carries their keys on.
    const judged = new Map<LogId, JudgedLog>();
    for (const log of logs.filter((item) => item.party === party.id)) {
      const closed = log.entries[0]?.entry?.act.header.facts.closed;
      const before = closed === undefined ? undefined : judged.get(closed.log);
      judged.set(log.log, judgeLog(suite, { accord, changes, party, log, before, kids, verdicts }));
    }
  }
  return verdicts;
}

interface JudgedLog {
  readonly log: OpenedLog;
  readonly ring: KeyRing;
  readonly incarnation: number;
  readonly use: InUse;
}

interface LogOptions {
  readonly accord: Accord;
  readonly changes: PackAmendments;
  readonly party: Party;
  readonly log: OpenedLog;
  readonly before: JudgedLog | undefined;
  readonly kids: ReadonlySet<Kid>;
  readonly verdicts: Map<OpenedEntry, Refusal | undefined>;
}

function judgeLog(suite: VerifySuite, options: LogOptions): JudgedLog {
  const { accord, changes, party, log, before, verdicts } = options;
  const { ring, incarnation } = ringOf(suite, options);
  let use = before?.use ?? firstInUse(accord, party);
  const actIds = new Set<string>();
  let lastControl: JudgeContext["lastControl"] = null;
  let timeBefore = 0;
  for (const opened of log.entries) {
    const { entry, index, leaf } = opened;
    if (entry === undefined) {
      verdicts.set(opened, opened.unreadable);
      continue;
    }
    const context = contextOf(suite, options, { entry, use, ring, actIds, lastControl, timeBefore, index });
    let refusal = judge(context, entry) ?? judgeOpening(accord, { id: log.log, incarnation }, entry);
    if (refusal === undefined && entry.act.header.kind === "in-force") {
      const over = changes.goOver({ header: entry.act.header, index, use, ring });
      if (over.ok) use = over.value;
      else refusal = over.refusal;
    }
    verdicts.set(opened, refusal);
    timeBefore = Math.max(timeBefore, entry.placement.time);
    const { header } = entry.act;
    if (refusal !== undefined || header.kind === undefined) continue;
    actIds.add(header.actId);
    if (KINDS[header.kind].control !== true) continue;
    lastControl = { index, leaf };
    ring.apply(suite, header, index);
  }
  return { log, ring, incarnation, use };
}

/** The first incarnation begins with the keys of the party file, a later one with those that counted where it closed the one
 *  before. */
function ringOf(suite: VerifySuite, { party, log, before }: LogOptions): { readonly ring: KeyRing; readonly incarnation: number } {
  if (log.log === party.incarnation || before === undefined)
    return { ring: firstRing(suite, party), incarnation: log.log === party.incarnation ? 0 : 1 };
  const size = log.entries[0]?.entry?.act.header.facts.closed?.size ?? 0;
  return { ring: before.ring.carriedOver(size), incarnation: before.incarnation + 1 };
}

interface At {
  readonly entry: Entry;
  readonly use: InUse;
  readonly ring: KeyRing;
  readonly actIds: ReadonlySet<string>;
  readonly lastControl: JudgeContext["lastControl"];
  readonly timeBefore: number;
  readonly index: number;
}

function contextOf(suite: VerifySuite, { changes, kids }: LogOptions, at: At): JudgeContext {
  const { heads } = at.entry.placement;
  return {
    suite,
    accord: changes.accordFor(at.use),
    party: at.use.party,
    position: at.index,
    timeBefore: at.timeBefore,
    ring: at.ring,
    hadEffect: (id) => at.actIds.has(id),
    signatures: true,
    kidTaken: (kid) => kids.has(kid) || at.ring.keys.has(kid),
    lastControl: at.lastControl,
    rootAt: (log, size) => heads.find((head) => head.log === log && head.size === size)?.root,
    namedBefore: () => 0,
    referred: () => "elsewhere",
    withdrawn: () => false,
    overRate: () => false,
  };
}
