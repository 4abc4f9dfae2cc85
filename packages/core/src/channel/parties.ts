import type { LineRecord } from "../record/record.ts";
import type { ChannelTrack } from "./track.ts";

/** Each party whose receiving and answering is in question, by position in the accord: those with a post on the channel. */
export function debtorsOf(record: LineRecord, track: ChannelTrack): readonly number[] {
  const { parties } = record.accord;
  return parties.flatMap((party, position) => (party.file.posts.some((post) => post.channels.includes(track.terms.id)) ? [position] : []));
}
