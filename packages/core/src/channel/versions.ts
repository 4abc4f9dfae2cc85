import type { PartyFile } from "../accord/party-file.ts";
import type { ChannelTerms, Terms } from "../accord/terms.ts";
import { inUseAt } from "../record/in-use.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt } from "../record/times.ts";
import type { ChannelTrack } from "./track.ts";

/** Which terms and which party files count at a time. Nothing counts backwards: what lies before an amendment began to count is
 *  computed under what counted then. Times are POSIX seconds. Source: docs/spec/state.md §7a. */

const NEVER = 253_402_300_799;

/** Terms of the line, and from when they count. */
export interface CountingTerms {
  readonly terms: Terms;
  readonly from: number;
}

/** Every version of the terms that counts by `at`, in order: confirmed terms count from when the confirmation is held. */
export function termsUntil(record: LineRecord, at: number): readonly CountingTerms[] {
  const first: CountingTerms = { terms: record.accord.terms, from: -Infinity };
  const later = record.amendments.terms.map(({ confirm, terms }) => ({ terms, from: effectAt(record, confirm, at) }));
  return [first, ...later].filter(({ from }) => from <= at);
}

export function termsAt(record: LineRecord, at: number): Terms {
  return record.amendments.terms.length === 0 ? record.accord.terms : (termsUntil(record, at).at(-1)?.terms ?? record.accord.terms);
}

/** The terms in the log of an act where it stands: its clocks run by these for ever. */
export const termsOfAct = ({ log, index }: Pick<Placed, "log" | "index">): Terms => inUseAt(log, index).terms;

/** The channel in the terms of an act's log; as the accord first had it where they do not name it. */
export const channelOfAct = (track: ChannelTrack, act: Pick<Placed, "log" | "index">): ChannelTerms =>
  termsOfAct(act).channels.find((channel) => channel.number === track.terms.number) ?? track.terms;

/** The channel as it counts at `at`. One that new terms leave out has lapsed when they began to count; one that they add is
 *  not in force before. */
export function channelAt(record: LineRecord, track: ChannelTrack, at: number): ChannelTerms {
  if (record.amendments.terms.length === 0) return track.terms;
  const versions = termsUntil(record, at).map(({ terms, from }) => ({ from, channel: numbered(terms, track.terms.number) }));
  const last = versions.findLastIndex(({ channel }) => channel !== undefined);
  const found = versions[last]?.channel;
  if (found === undefined) return { ...track.terms, basis: { ...track.terms.basis, from: NEVER, to: null } };
  const [added, dropped] = [versions.find(({ channel }) => channel !== undefined), versions[last + 1]];
  const from = Math.max(found.basis.from, added?.from ?? -Infinity);
  const to = dropped === undefined ? found.basis.to : Math.min(found.basis.to ?? Infinity, dropped.from);
  return { ...found, basis: { ...found.basis, from, to } };
}

const numbered = (terms: Terms, number: number): ChannelTerms | undefined => terms.channels.find((channel) => channel.number === number);

/** The channels that the terms name, or named, by `at`, in order of their numbers. */
export function channelsAt(record: LineRecord, at: number): readonly ChannelTrack[] {
  const all = [...record.channels.values()].toSorted((a, b) => a.terms.number - b.terms.number);
  if (record.amendments.terms.length === 0) return [...record.channels.values()];
  const versions = termsUntil(record, at);
  return all.filter((track) => versions.some(({ terms }) => numbered(terms, track.terms.number) !== undefined));
}

/** Every file of a party that counts by `at`, in order. */
export function filesUntil(record: LineRecord, party: number, at: number): readonly { readonly file: PartyFile; readonly from: number }[] {
  const first = record.accord.parties[party]?.file;
  const changes = record.amendments.files.get(party) ?? [];
  const later = changes.map(({ inForce, file, notice }) => ({ file, from: effectAt(record, inForce, at) + notice }));
  return [...(first === undefined ? [] : [{ file: first, from: -Infinity }]), ...later].filter(({ from }) => from <= at);
}

/** Instants in (`after`, `until`] at which other terms or another file begin to count, as the record stands, rising. */
export function changesBetween(record: LineRecord, after: number, until: number): readonly number[] {
  const { terms, files } = record.amendments;
  if (terms.length === 0 && files.size === 0) return [];
  const instants = [
    ...terms.map(({ confirm }) => effectAt(record, confirm, until)),
    ...[...files.values()].flat().map(({ inForce, notice }) => effectAt(record, inForce, until) + notice),
  ];
  return [...new Set(instants)].filter((instant) => instant > after && instant <= until).toSorted((a, b) => a - b);
}
