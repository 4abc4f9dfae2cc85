import { isAcknowledged } from "../channel/debts.ts";
import { messageTrack } from "../channel/message-track.ts";
import { entryView } from "../channel/view.ts";
import { parseUnixSeconds } from "../ids.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { catalogueOf } from "./catalogues.ts";
import type { Language } from "./language.ts";
import { type Line, joined } from "./line.ts";
import { timeText } from "./moment.ts";
import { visibleLine } from "./visible.ts";

/** What has become of an act of a post by `at`, POSIX seconds: held by whose node, acknowledged and answered by which entry. Each is a line of its
 *  own, never merged; where an officer is to acknowledge it, what has not happened is said too. Source: docs/spec/state.md §5. */
export function renderTrack(
  record: LineRecord,
  act: Placed,
  { at, language }: { readonly at: number; readonly language: Language },
): readonly Line[] {
  const { track: steps, sentences } = catalogueOf(language);
  const { kind } = act.header;
  const track = messageTrack(record, act, at);
  const held = track.held.map((item) => {
    const by = record.accord.parties[item.party]?.id ?? "";
    return { label: asLabel(steps.held), text: joined([by, timeText(parseUnixSeconds(item.at))], language) };
  });
  const reply = (step: "acknowledged" | "answered"): readonly Line[] => {
    const found = track[step];
    if (found !== undefined) return [{ label: asLabel(steps[step]), text: joined(replyText(record, found), language) }];
    return kind !== undefined && isAcknowledged(kind) ? [{ label: asLabel(steps[step]), text: sentences.notYet }] : [];
  };
  return [
    ...(held.length > 0 ? held : [{ label: asLabel(steps.held), text: sentences.notYet }]),
    ...reply("acknowledged"),
    ...holdingLine(record, track.holding, language),
    ...reply("answered"),
  ];
}

/** Until when an answer is promised, where one is. */
function holdingLine(record: LineRecord, found: Placed | undefined, language: Language): readonly Line[] {
  const replyBy = found?.header.facts.replyBy;
  if (found === undefined || replyBy === undefined) return [];
  const { kinds, facts } = catalogueOf(language);
  const promised = `${facts.replyBy} ${timeText(replyBy)}`;
  return [{ label: asLabel(kinds["holding-reply"]), text: joined([promised, ...replyText(record, found)], language) }];
}

/** Who said so, when, and where it stands. */
function replyText(record: LineRecord, reply: Placed): readonly string[] {
  const { log, index } = entryView(record, reply);
  const by = record.accord.parties[reply.log.party]?.id ?? "";
  const post = reply.header.from === undefined ? [] : [visibleLine(reply.header.from)];
  return [by, ...post, timeText(reply.placement.time), `${log}/${index}`];
}

/** A step named within a sentence becomes a label: with a capital, where the script has them. */
const asLabel = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
