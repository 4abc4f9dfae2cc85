import type { Draft as DraftView, DraftSummary } from "@openline/api";
import {
  type Body,
  type Header,
  type Suite,
  type UnixSeconds,
  asksForTwo,
  channelState,
  decodeHeader,
  draftFinding,
  formatTime,
  inUseNow,
  logLabel,
  openDisclosure,
  parseLogId,
  readBackCode,
  secondsOf,
  stateView,
  toHex,
  validUntil,
} from "@openline/core";
import { problemIn } from "../drafts/draft-content.ts";
import type { Content } from "../drafts/draft-place.ts";
import { type Draft, type Remark, type Signed, headerOf, isTooLate, standing, stateOf } from "../drafts/draft.ts";
import { trackOfLog } from "./lookup.ts";
import type { ServedLine } from "./served.ts";
import { withWords } from "./words.ts";

/** A draft as a list shows it. */
export function draftSummary(line: ServedLine, draft: Draft): DraftSummary {
  const header = headerOf(draft);
  const version = standing(draft);
  const remark = draft.remarks.at(-1);
  const terms = termsOf(line, header);
  return {
    draft: draft.number,
    state: stateOf(draft),
    version: version.number,
    saved: formatTime(version.at),
    actId: header.actId,
    digest: version.digest,
    kind: header.kind ?? `unknown ${header.kindCode}`,
    channel: terms?.id ?? null,
    precedence: header.precedence,
    from: header.from ?? null,
    to: [...header.to],
    notAfter: formatTime(header.notAfter),
    late: isTooLate(draft, nowOf(line)),
    twoPersons: header.kind !== undefined && asksForTwo(terms, header.kind),
    signed: signedBy(draft.signed),
    released: signedBy(draft.released),
    recallUntil: draft.leaving === null ? null : formatTime(draft.leaving),
    refusal: draft.refusal,
    remark: remark === undefined ? null : remarkView(remark),
    placed: draft.placed && { ...draft.placed, log: logLabel(line.node.record, trackOfLog(line, parseLogId(draft.placed.log))) },
  };
}

/** A draft with the bytes of one version, and what who releases it is to know of its channel. */
export async function draftView(line: ServedLine, draft: Draft, shown: { version: number; content: Content }): Promise<DraftView> {
  const { suite } = line.node.options;
  const { payload, disclosure } = shown.content;
  return {
    ...draftSummary(line, draft),
    versions: draft.versions.map(({ number, base, at, digest, beside }) => ({ version: number, base, at: formatTime(at), digest, beside })),
    remarks: draft.remarks.map(remarkView),
    seen: draft.seen.map(({ kid, version }) => ({ kid, version })),
    shown: {
      version: shown.version,
      payload: base64(payload),
      disclosure: disclosure === undefined ? null : base64(disclosure),
      digest: toHex(suite.sha256(payload)),
      readBackCode: readBackCode(suite, payload),
      problem: problemIn(line.node.options, shown.content) ?? null,
      completeness: await completenessOf(line, shown.content),
    },
    channelState: await channelStateOf(line, headerOf(shown.content)),
  };
}

export const nowOf = ({ node }: ServedLine): UnixSeconds => secondsOf(node.options.world.clock.now());

/** The channel in the terms that our log uses now. */
function termsOf({ node, accord }: ServedLine, { channel }: Header) {
  const log = node.record.logs.get(node.own.log);
  const { channels } = log === undefined ? accord.terms : inUseNow(log).terms;
  return channels.find(({ number }) => number === channel);
}

/** What both sides will find of it. */
async function completenessOf(line: ServedLine, { payload, disclosure }: Content): Promise<DraftView["shown"]["completeness"]> {
  const { record, options } = line.node;
  const header = decodeHeader(payload);
  const body = disclosure === undefined ? undefined : openedBody(options.suite, header, disclosure);
  const found = await withWords({ store: line.store, suite: options.suite }, (words) =>
    draftFinding(record, { header, body }, { at: nowOf(line), words }),
  );
  if (found === undefined) return null;
  const wrong = found.wrong.map(({ key, code, expected }) => ({ key, code, expected: [...expected] }));
  return { ...found, missing: [...found.missing], wrong };
}

/** A draft is kept only where its words are those that it commits to. */
function openedBody(suite: Suite, { body: commitment }: Header, disclosure: Uint8Array): Body | undefined {
  if (commitment === undefined) return undefined;
  const opened = openDisclosure({ suite, commitment, disclosure, kind: undefined });
  return opened.ok ? opened.value : undefined;
}

async function channelStateOf(line: ServedLine, { channel }: Header): Promise<DraftView["channelState"]> {
  const { record, options } = line.node;
  const track = record.channels.get(channel);
  if (track === undefined) return null;
  const state = channelState(record, track, nowOf(line));
  const until = validUntil(record, track, state);
  return withWords({ store: line.store, suite: options.suite }, (words) => stateView(record, state, { validUntil: until, words }));
}

const remarkView = ({ version, at, text }: Remark) => ({ version, at: formatTime(at), text });
const signedBy = (signed: Signed | null) => signed && { kid: signed.kid, at: formatTime(signed.at) };
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
