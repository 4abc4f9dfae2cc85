import type { Party } from "../accord/accord.ts";
import type { Entry } from "../entry/entry.ts";
import type { JudgeContext } from "./judge.ts";
import { type Kid, type LeafHash, parseLeafHash } from "../ids.ts";
import { type Held, type LogTrack, type Placed, namedBy } from "./log-track.ts";
import type { LineRecord } from "./record.ts";

const NO_LEAF: LeafHash = parseLeafHash("0".repeat(64));

/** The record as one entry's author could see it when the entry was placed. */
export function contextOf(
  record: LineRecord,
  options: { readonly log: LogTrack; readonly party: Party; readonly entry: Entry; readonly signatures: boolean },
): JudgeContext {
  const { log, entry } = options;
  const { header } = entry.act;
  const channel = record.channels.get(header.channel);
  return {
    suite: record.suite,
    accord: record.accord,
    party: options.party,
    position: log.times.length,
    timeBefore: log.times.at(-1) ?? 0,
    ring: log.ring,
    actIds: log.actIds,
    signatures: options.signatures,
    kidTaken: (kid) => record.accordKids.has(kid) || [...record.logs.values()].some((other) => enrolled(log, entry, other, kid)),
    lastControl: log.lastControl,
    rootAt: (id, size) => (record.logs.has(id) && record.logs.get(id)?.party !== log.party ? record.rootAt(id, size) : undefined),
    namedBefore: (id) => namedBy(log, id, log.times.length),
    referred: (leaf) => {
      const found = record.byLeaf.get(leaf);
      return found !== undefined && sees(log, entry, found) ? found : undefined;
    },
    withdrawn: () =>
      channel?.withdrawals.some((act) => sees(log, entry, act) && (act.header.facts.effective ?? 0) <= entry.placement.time) ?? false,
    overRate: () => channel?.overRate(record, log, entry) ?? false,
  };
}

/** Did the author of this entry hold `act` when it was placed: its own, or below a head named until then. */
export function sees(log: LogTrack, entry: Pick<Entry, "placement">, act: Placed | Held): boolean {
  if (act.log.party === log.party) return true;
  const named = entry.placement.heads.find((head) => head.log === act.log.id)?.size;
  return (
    act.index < (named ?? namedBy(log, act.log.id, entry.placement.index)) ||
    entry.placement.ahead.includes(act.leaf) ||
    (log.listed.get(act.leaf) ?? Infinity) <= entry.placement.index
  );
}

/** Two parties may enrol one key at the same time without knowing; only what an author could see is held against it. */
function enrolled(log: LogTrack, entry: Entry, other: LogTrack, kid: Kid): boolean {
  const since = other.ring.keys.get(kid)?.since;
  return since !== undefined && (other.party === log.party || sees(log, entry, { log: other, index: since, leaf: NO_LEAF }));
}
