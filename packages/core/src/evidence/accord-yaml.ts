import { digitsOf, type Party } from "../accord/accord.ts";
import { amendmentDigest } from "../accord/amendment.ts";
import type { ChannelTerms } from "../accord/terms.ts";
import type { VerifySuite } from "../crypto/suite.ts";
import { toHex } from "../encoding/bytes.ts";
import { formatTime } from "../encoding/time.ts";
import { type LogId, parseDateSeconds } from "../ids.ts";
import type { RingKey } from "../record/key-ring.ts";
import { loadRecord } from "../record/load.ts";
import { type RecordSource, type SourceLog, orderedLogs } from "./record-source.ts";
import { type YamlValue, yamlText } from "./yaml-text.ts";

/** What must stand beside every "verified" of an exercise. */
export const EXERCISE_NOTICE = "EXERCISE, rebuilt from public reports; not signed by the ministries named";

/** The file `accord.yaml`: what a person wants to know of the accord without decoding it, with the index range in which each
 *  key counted. It proves nothing: a verifier derives it again from `accord.cbor` and the logs. Source: docs/spec/export.md §4. */
export function accordYaml(suite: VerifySuite, source: RecordSource): string {
  const { accord } = source;
  const keys = source.keys ?? ringsOf(suite, source);
  return yamlText({
    line: accord.line,
    mode: accord.terms.mode,
    ...(accord.terms.mode === "exercise" ? { notice: EXERCISE_NOTICE } : {}),
    ceremony: digitsOf(accord.ceremony),
    shownBy: source.shownBy,
    title: accord.terms.title,
    parties: accord.parties.map((party) => partyValue(source, party, keys)),
    channels: accord.terms.channels.map(channelValue),
    ...(source.amendments.length === 0 ? {} : { amendments: source.amendments.map((item) => amendmentDigest(suite, item)) }),
  });
}

/** The keys of every log, by judging every entry with its signatures. */
function ringsOf(suite: VerifySuite, source: RecordSource): ReadonlyMap<LogId, readonly RingKey[]> {
  const logs = orderedLogs(source).map(({ log, entries }) => ({ log, entries: entries.map((entry) => entry.bytes) }));
  const { record } = loadRecord(suite, source.accord, logs, { signatures: true, amendments: source.amendments });
  return new Map([...record.logs].map(([id, log]) => [id, [...log.ring.keys.values()]]));
}

function partyValue(source: RecordSource, party: Party, keys: ReadonlyMap<LogId, readonly RingKey[]>): YamlValue {
  const { file } = party;
  if (party.absent === true) return { id: party.id, absent: true };
  return {
    id: party.id,
    key: party.key,
    name: file.name,
    language: file.language,
    zone: file.zone,
    root: { threshold: file.root.threshold, holders: file.root.holders.map((holder) => toHex(holder.ed25519)) },
    log: toHex(file.log.ed25519),
    mirror: toHex(file.mirror),
    posts: file.posts.map((post) => ({ id: post.id, name: post.name, channels: post.channels, principal: post.principal })),
    logs: orderedLogs(source)
      .filter((log) => log.party === party.id)
      .map((log) => logValue(log, keys.get(log.log) ?? [])),
  };
}

function logValue(log: SourceLog, keys: readonly RingKey[]): YamlValue {
  return {
    log: log.log,
    current: log.current,
    origin: log.origin,
    size: log.checkpoint.size,
    root: toHex(log.checkpoint.root),
    keys: keys.map(keyValue),
  };
}

/** `to` is the last index at which the key counted; null: it still does. */
function keyValue(key: RingKey): YamlValue {
  return {
    kid: key.kid,
    key: toHex(key.key),
    may: key.may,
    posts: key.posts,
    person: key.person,
    from: key.since + 1,
    to: key.revokedAt,
    until: key.until === null ? null : timeText(key.until),
  };
}

function channelValue(channel: ChannelTerms): YamlValue {
  const { basis, disclosure } = channel;
  return {
    number: channel.number,
    id: channel.id,
    name: channel.name,
    purpose: channel.purpose,
    basis: { text: basis.text, from: timeText(basis.from), to: basis.to === null ? null : timeText(basis.to), sure: basis.sure },
    release: channel.release,
    disclosure: { term: disclosure.term, embargo: disclosure.embargo === null ? null : timeText(disclosure.embargo) },
  };
}

const timeText = (seconds: number): string => formatTime(parseDateSeconds(seconds));
