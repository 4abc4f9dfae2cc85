import type { Party } from "../accord/accord.ts";
import { addressed, hasPost, postOf } from "../accord/authorise.ts";
import type { Placed } from "../record/log-track.ts";
import { accordFor } from "../record/judge-context.ts";
import type { LineRecord } from "../record/record.ts";
import type { ChannelTrack } from "./track.ts";

/** Who owes: the parties of the posts addressed; without an address every other party that has a post on the channel. */
export function debtorsOfAct(record: LineRecord, track: ChannelTrack, { header, log, placement }: Placed): readonly number[] {
  const accord = accordFor(record, log, { placement });
  const { parties } = accord;
  const author = parties[log.party];
  if (author === undefined) return [];
  const asked = header.to.flatMap((address) =>
    addressed(accord, author, address).filter((party) => hasPost(party, postOf(address), track.terms)),
  );
  if (asked.length > 0) return [...new Set(asked)].map((party) => parties.indexOf(party));
  const here = (party: Party): boolean => party.absent === true || party.file.posts.some((post) => post.channels.includes(track.terms.id));
  return parties.flatMap((party, position) => (party !== author && here(party) ? [position] : []));
}
