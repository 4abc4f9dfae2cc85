import { type ChannelTerms, type Post, type PostId, type Terms, shippedForms } from "@openline/core";
import type { Exercise, ExerciseChannel, ExerciseParty } from "./exercise-types.ts";
import type { PartyPlan } from "./line-setup.ts";

/** The accord of an exercise: exactly the channels, posts, clocks and timetables of its file, in mode `exercise`.
 *  Source: exercises/README.md. */
export function termsOf(exercise: Exercise): Terms {
  const note = "Exercise, rebuilt from public reports.";
  return {
    version: 1,
    mode: "exercise",
    suite: 1,
    base: null,
    title: Object.fromEntries(exercise.title),
    languages: exercise.languages,
    parties: exercise.parties.map((party) => party.id),
    channels: exercise.channels.map(channelTerms),
    forms: shippedForms.map((form) => form.id),
    beat: 120,
    silentAfter: null,
    holdingReplyMax: null,
    notice: 7 * 86_400,
    rates: null,
    legal: { en: `Nothing here is an admission or recognition. ${note}`, zh: "本演习不构成任何承认或确认。" },
    retention: { en: note },
    ending: { en: note },
  };
}

function channelTerms(channel: ExerciseChannel, position: number): ChannelTerms {
  const { timetable, clocks, basis } = channel;
  return {
    number: position + 1,
    id: channel.id,
    kind: channel.kind,
    name: Object.fromEntries(channel.name),
    purpose: Object.fromEntries(channel.name),
    basis: { text: basis.text, from: basis.inForce, to: basis.expires, sure: basis.sure },
    clocks: { held: {}, acknowledge: clocks.acknowledge, answer: clocks.answer, callRequest: clocks.callRequestS },
    timetable:
      timetable === null
        ? null
        : {
            caller: timetable.caller,
            times: timetable.timesS,
            weekdays: timetable.weekdays,
            except: timetable.except,
            grace: timetable.graceS,
          },
    proofWindow: channel.proofWindowS,
    quietPeriod: null,
    transit: 0,
    release: "one",
    // Everything in it was public before.
    disclosure: { term: "public", embargo: null },
  };
}

/** Each party with its posts; every post that a call request names counts as a principal's. */
export function plansOf(exercise: Exercise): readonly PartyPlan[] {
  return exercise.parties.map((party) => ({
    id: party.id,
    name: Object.fromEntries(party.name),
    language: party.language,
    zone: party.zone,
    posts: postsOf(exercise, party),
  }));
}

function postsOf(exercise: Exercise, party: ExerciseParty): readonly Post[] {
  const ids = new Set(exercise.channels.flatMap((channel) => channel.posts.get(party.id) ?? []));
  const called = principals(exercise, party);
  return [...ids].map((id) => ({
    id,
    name: nameOf(party, id),
    channels: exercise.channels.filter((channel) => channel.posts.get(party.id)?.includes(id) === true).map((channel) => channel.id),
    principal: called.has(id),
    deputy: null,
  }));
}

function nameOf(party: ExerciseParty, id: PostId): Post["name"] {
  const named = party.posts.get(id);
  return named === undefined ? { en: id } : Object.fromEntries(named.name);
}

function principals(exercise: Exercise, party: ExerciseParty): ReadonlySet<string> {
  const named = exercise.events.flatMap((event) => {
    if (event.kind !== "event" || event.act !== "call-request") return [];
    return event.party === party.id ? [event.post] : event.to;
  });
  return new Set(named);
}
