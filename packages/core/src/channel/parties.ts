import type { PartyFile } from "../accord/party-file.ts";
import type { LineRecord } from "../record/record.ts";
import type { ChannelTrack } from "./track.ts";
import { filesUntil } from "./versions.ts";

/** Each party whose receiving and answering is in question, by position in the accord: those with a post on the channel. One
 *  that has taken its posts from the channel stays: it cannot get rid of what it owes by that. */
export function debtorsOf(record: LineRecord, track: ChannelTrack, at: number): readonly number[] {
  const here = (file: PartyFile): boolean => file.posts.some((post) => post.channels.includes(track.terms.id));
  const has = (party: number): boolean => filesUntil(record, party, at).some(({ file }) => here(file));
  return record.accord.parties.flatMap(({ absent }, party) => (absent === true || has(party) ? [party] : []));
}
