import { toHex } from "../encoding/bytes.ts";
import type { Header } from "../entry/act.ts";
import { limits } from "../limits.ts";
import { inUseNow } from "./in-use.ts";
import type { Placed } from "./log-track.ts";
import type { LineRecord } from "./record.ts";

/** Where a party's node may be called and which TLS keys it shows: what its party file in use says, and what its node has said since.
 *  No part of any state. Source: docs/spec/bearers.md §7. */

/** What counts at the time asked for, and what counts later, if that is said. Until then both may be used. */
export interface Announced {
  readonly now: readonly string[];
  /** `from`: POSIX seconds. */
  readonly next: { readonly from: number; readonly all: readonly string[] } | undefined;
}

export interface WaysOf {
  /** `host:port`. */
  readonly addresses: Announced;
  /** 64 hex digits each. */
  readonly pins: Announced;
}

export const saysWays = ({ facts }: Pick<Header, "facts">): boolean => facts.addresses !== undefined || facts.pins !== undefined;

/** The ways of the party at `position` at `at`, POSIX seconds. Addresses and pins are said each for themselves; a later note takes the place
 *  of one that does not count yet. A later party file takes the place of all notes before it. `dial`: addresses that stand instead of
 *  those of the party file. */
export function waysOf(record: LineRecord, position: number, at: number, dial?: readonly string[]): WaysOf {
  const log = record.logsOf[position]?.at(-1);
  const nothing: Announced = { now: [], next: undefined };
  if (log === undefined) return { addresses: nothing, pins: nothing };
  const { file } = inUseNow(log).party;
  const notes = afterFile(record, position);
  return {
    addresses: announced(notes, "addresses", { first: dial ?? file.addresses, at }),
    pins: announced(notes, "pins", { first: file.tls.map(toHex), at }),
  };
}

function announced(
  notes: readonly Placed[],
  what: "addresses" | "pins",
  { first, at }: { readonly first: readonly string[]; readonly at: number },
): Announced {
  let now = first;
  let next: Announced["next"];
  for (const { header, placement } of notes) {
    const { [what]: all, effective = 0 } = header.facts;
    if (all === undefined) continue;
    if (next !== undefined && next.from <= placement.time) now = next.all;
    next = { from: Math.max(effective, placement.time), all };
  }
  return next !== undefined && next.from <= at ? { now: next.all, next: undefined } : { now, next };
}

/** The notes placed since the party's file in use came into force. */
function afterFile(record: LineRecord, position: number): readonly Placed[] {
  const said = record.waysSaid[position] ?? [];
  const since = record.amendments.files.get(position)?.at(-1)?.inForce;
  if (since === undefined) return said;
  const isAfter = ({ log, index }: Placed): boolean =>
    log.incarnation > since.log.incarnation || (log.incarnation === since.log.incarnation && index > since.index);
  return said.filter(isAfter);
}

/** What may be used to reach a party and to know it. */
export interface UsableWays {
  readonly addresses: readonly string[];
  readonly pins: readonly string[];
}

/** What may be used at `at`: what counts, which comes first, and what is announced. What has just ceased to count is good for as long as
 *  two honest clocks may lie apart. `dial`: as above, and always among them. */
export function usableWays(record: LineRecord, position: number, at: number, dial?: readonly string[]): UsableWays {
  const [then, before] = [waysOf(record, position, at, dial), waysOf(record, position, at - limits.clockToleranceS, dial)];
  const all = (what: "addresses" | "pins"): readonly string[] =>
    [then[what], before[what]].flatMap(({ now, next }) => [...now, ...(next?.all ?? [])]);
  return { addresses: [...new Set([...all("addresses"), ...(dial ?? [])])], pins: [...new Set(all("pins"))] };
}
