import {
  type Body,
  type Cbor,
  type ChannelTerms,
  type Facts,
  KINDS,
  type KindName,
  type LeafHash,
  type PartyId,
  type PostId,
  formatTime,
  parseChannelNumber,
  parseKindName,
} from "@openline/core";
import type { Exercise, ExerciseClaim, ExerciseEvent, Texts } from "./exercise-types.ts";
import type { Said } from "@openline/core";

/** One event or claim of an exercise file as an act: its header's facts and references, and its words. Every body says that
 *  it was rebuilt, and from which source. */
export interface ExerciseAct {
  readonly said: Said;
  readonly body: Body;
}

/** `leafOf` gives the entry that an earlier event came to stand in. */
export function actOfEvent(
  exercise: Exercise,
  channels: readonly ChannelTerms[],
  event: ExerciseEvent,
  leafOf: (id: string) => LeafHash | undefined,
): ExerciseAct {
  const kind = parseKindName(event.act);
  const number = channels.find((channel) => channel.id === event.channel)?.number ?? 0;
  const ref = event.ref === undefined ? undefined : leafOf(event.ref);
  return {
    said: {
      kind,
      channel: parseChannelNumber(number),
      precedence: event.precedence,
      from: event.post,
      to: addresses(exercise, event),
      refs: ref === undefined ? [] : [ref],
      facts: factsOf(event, kind),
    },
    body: bodyOf(exercise, event, kind),
  };
}

/** On a line of more than two parties an address names its party: the one that made what is referred to, where that is whom
 *  the event answers, else every other party that has the post on the channel. */
function addresses(exercise: Exercise, event: ExerciseEvent): readonly string[] {
  if (exercise.parties.length <= 2) return event.to;
  const ref = exercise.events.find(
    (item): item is ExerciseEvent => item.kind === "event" && item.id !== undefined && item.id === event.ref,
  );
  const channel = exercise.channels.find((item) => item.id === event.channel);
  const others = exercise.parties.map((party) => party.id).filter((id) => id !== event.party);
  const having = (post: PostId): readonly PartyId[] => others.filter((id) => channel?.posts.get(id)?.includes(post) === true);
  return event.to.flatMap((post) => {
    const parties = having(post);
    const answered = parties.filter((id) => id === ref?.party && ref.post === post);
    return (answered.length > 0 ? answered : parties).map((id) => `${id}/${post}`);
  });
}

function factsOf(event: ExerciseEvent, kind: KindName): Facts {
  const facts: { -readonly [K in keyof Facts]: Facts[K] } = {};
  if (!event.sure) facts.unsure = true;
  if (event.wantsAnswer === true) facts.wantsAnswer = true;
  if (event.until !== undefined) facts.replyBy = event.until;
  if (Array.isArray(event.scope)) facts.scope = event.scope;
  if (event.effective !== undefined) facts.effective = event.effective;
  if (event.review !== undefined) facts.review = event.review;
  if (event.windows !== undefined) facts.windows = event.windows.map(([from, to]) => ({ from, to }));
  if (event.form !== undefined) facts.form = event.form;
  return Object.fromEntries(Object.entries(facts).filter(([name]) => hasFact(kind, name)));
}

const hasFact = (kind: KindName, name: string): boolean =>
  name === "unsure" || [...(KINDS[kind].required ?? []), ...(KINDS[kind].facts ?? [])].some((known) => known === name);

/** What the format lets an event say and its kind has no fact for changes no state, and is left to the words. */
function remarksOf(event: ExerciseEvent, kind: KindName): string | undefined {
  const said: readonly (readonly [string, string])[] = [
    ...(event.review === undefined ? [] : [["review", formatTime(event.review)] as const]),
    ...(event.windows ?? []).map(([from, to]) => ["windows", `${formatTime(from)} to ${formatTime(to)}`] as const),
  ];
  const left = said.filter(([name]) => !hasFact(kind, name)).map(([name, value]) => `${name}: ${value}`);
  return left.length === 0 ? undefined : left.join("; ");
}

const texts = (value: Texts): Cbor => new Map([...value].map(([language, text]) => [language, nfc(text)]));

/** What was signed is what is seen: one spelling of each character. */
const nfc = (text: string): string => text.normalize("NFC");

function bodyOf(exercise: Exercise, event: ExerciseEvent, kind: KindName): Body {
  const body = new Map<string, Cbor>([["reconstructed", true]]);
  const put = (key: string, value: Cbor | undefined): void => {
    if (value !== undefined) body.set(key, value);
  };
  put("source", event.source === undefined ? undefined : nfc(event.source));
  for (const key of ["text", "subject", "reason", "ground", "title", "characterisation"] as const)
    put(key, event[key] && texts(event[key]));
  put("conditions", event.conditions?.map(texts));
  put("quality", event.quality);
  put("place", event.place === undefined ? undefined : nfc(event.place));
  put("position", event.position && [...event.position]);
  put("with", event.with?.join(", "));
  put("way", event.way === undefined ? undefined : nfc(event.way));
  put("fields", event.fields);
  const [remarks, party] = [remarksOf(event, kind), exercise.parties.find(({ id }) => id === event.party)];
  put("remarks", remarks === undefined || party === undefined ? undefined : new Map([[party.language, remarks]]));
  const words = KINDS[kind].words ?? {};
  for (const key of body.keys()) if (typeof key === "string" && EXTRA.has(key) && words[key] === undefined) body.delete(key);
  return body;
}

/** Words that only some kinds have. The reader of the file has refused them where the format does not allow them. */
const EXTRA: ReadonlySet<string> = new Set(["subject", "ground", "title", "characterisation", "conditions", "quality", "with", "fields"]);

/** A claim as its party enters it: on the line, with the reading its author gives, or none. */
export function actOfClaim(claim: ExerciseClaim): ExerciseAct {
  const facts: Facts = {
    ...(claim.sure ? {} : { unsure: true }),
    ...(claim.reading === undefined ? {} : { reading: claim.reading }),
    saidAt: claim.on,
  };
  const body = new Map<string, Cbor>([
    ["reconstructed", true],
    ["source", nfc(claim.source)],
    ["text", texts(claim.text)],
  ]);
  return { said: { kind: "claim", from: claim.post, facts }, body };
}
