import {
  type Cbor,
  type Digest,
  type Head,
  type LineRecord,
  type OwnLog,
  type Suite,
  type UnixSeconds,
  concatBytes,
  encode,
  fromHex,
  namedBy,
  parseDigest,
  parseUnixSeconds,
  rootOf,
  statesAt,
  toHex,
  utf8,
  trackOf,
} from "@openline/core";

/** What a node enters without being asked: when it beats, and what its daily `state` act says. */

const DAY_S = 86_400;
const URGENT_BEAT_S = 60;

/** Whether a node beats that has said nothing for `silentS` seconds: after the accord's interval, and after a minute while a FLASH
 *  or IMMEDIATE debt is open, for its first 24 hours. Source: docs/spec/exchange.md §5. */
export function beatDue(record: LineRecord, { at, silentS }: { readonly at: number; readonly silentS: number }): boolean {
  const { beat } = record.amendments.latest(record.accord.terms);
  // Asked at every frame; the debts are gone through only where they can matter.
  if (silentS < Math.min(beat, URGENT_BEAT_S)) return false;
  return silentS >= beat || owesUrgently(record, at);
}

function owesUrgently(record: LineRecord, at: number): boolean {
  return [...record.channels.values()].some((track) =>
    [...track.debts.open].some(({ opener, ends }) => {
      const { precedence } = opener.header;
      const urgent = precedence === "FLASH" || precedence === "IMMEDIATE";
      return urgent && ends.length === 0 && at < opener.placement.time + DAY_S;
    }),
  );
}

/** 00:00Z of the day of `at`. */
export const midnight = (at: number): UnixSeconds => parseUnixSeconds(Math.floor(at / DAY_S) * DAY_S);

/** The last 00:00Z of which this party has entered a state; the day of its first entry where it has entered none. */
export function lastStateSaid(record: LineRecord, party: number): number {
  let last = midnight(record.logsOf[party]?.[0]?.times[0] ?? 0);
  for (const { header, log } of record.byLeaf.values()) {
    if (header?.kind === "state" && log.party === party) last = parseUnixSeconds(Math.max(last, header.facts.saidAt ?? 0));
  }
  return last;
}

/** The cut of a state act placed next in `own`: this log as it ends now, every other as this log will have named it. All of it
 *  follows from the author's log. Undefined while something has been read that cannot be named yet. */
function cutOf(suite: Suite, record: LineRecord, own: OwnLog, naming: readonly Head[]): readonly Head[] | undefined {
  const mine = record.logs.get(own.log);
  if (mine === undefined) return undefined;
  const cut: Head[] = [{ log: own.log, size: own.frontier.size, root: parseDigest(toHex(rootOf(suite, own.frontier))) }];
  for (const log of record.logs.values()) {
    if (log.party === mine.party || log.times.length === 0) continue;
    const size = naming.find((head) => head.log === log.id)?.size ?? namedBy(mine, log.id, mine.times.length);
    const root = record.rootAt(log.id, size);
    if (size !== log.times.length || root === undefined) return undefined;
    cut.push({ log: log.id, size, root });
  }
  return cut.toSorted((a, b) => (a.log < b.log ? -1 : 1));
}

/** Digest of cut and verdicts at `at`: SHA-256("openline/state" || CBOR [at, [[log, size, root]…], [[channel, verdict]…]]), logs
 *  in order of id, channels in order of number. Source: docs/spec/exchange.md §7. */
export function stateDigest(
  suite: Suite,
  record: LineRecord,
  options: { readonly own: OwnLog; readonly naming: readonly Head[]; readonly at: UnixSeconds },
): Digest | undefined {
  const cut = cutOf(suite, record, options.own, options.naming);
  if (cut === undefined) return undefined;
  const verdicts = statesAt(record, options.at).map((state): readonly [number, string] => [
    trackOf(record, state.id).terms.number,
    state.verdict,
  ]);
  const content: Cbor = [
    options.at,
    cut.map(({ log, size, root }): Cbor => [fromHex(log), size, fromHex(root)]),
    verdicts.toSorted(([a], [b]) => a - b),
  ];
  return parseDigest(toHex(suite.sha256(concatBytes(utf8("openline/state"), encode(content)))));
}
