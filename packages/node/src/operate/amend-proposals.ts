import {
  type AmendmentStatus,
  type AmendmentView,
  RefusedInput,
  type Said,
  type Terms,
  amendmentBaseNow,
  checkTerms,
  decodeTerms,
  inUseNow,
  proposalsShown,
  refusable,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import type { LineInForce } from "./amend.ts";
import { groupThatDiffers } from "./digits.ts";

/** Which proposal of terms the people of a party accept, confirm or look at, and in words why none. What an act may do is the node's to judge,
 *  when it is placed. */

export interface Proposal {
  readonly status: AmendmentStatus;
  readonly view: AmendmentView;
}

const ofTerms = ({ record }: LineInForce): readonly Proposal[] => proposalsShown(record).filter(({ status }) => status.purpose === "terms");
const isOwn = ({ party }: LineInForce, { view }: Proposal): boolean => view.by === party.id;

/** Proposals of terms that somebody still has to do something about. */
export const openProposals = (line: LineInForce): readonly Proposal[] => ofTerms(line).filter(({ view }) => view.next !== null);

/** The terms that a proposal carries; undefined while they have not come, or where nobody could read them. */
export function termsOfProposal({ status: { amendment } }: Proposal): Terms | undefined {
  const read = amendment === undefined ? undefined : refusable(() => decodeTerms(amendment.file));
  return read?.ok === true ? read.value : undefined;
}

/** The proposal of another party that has these 80 digits, to be accepted. Throws `RefusedInput`. */
export function proposalToAccept(line: LineInForce, digits: string): Proposal {
  const all = ofTerms(line);
  const same = all.filter(({ status }) => groupThatDiffers(status.digest, digits) === 0);
  const found = same.find(({ view }) => view.next !== null) ?? same.at(-1);
  if (found === undefined)
    throw wrong(
      otherDigits(
        all.filter((item) => !isOwn(line, item) && item.view.next !== null),
        digits,
      ),
    );
  const { view, status } = found;
  if (isOwn(line, found)) throw wrong(`${view.entry} is our own proposal; the other side accepts it`);
  refuseOver(found);
  if (view.accepted.includes(line.party.id)) throw wrong(`${view.entry} has been accepted here`);
  if (status.amendment === undefined) throw wrong(`the terms of ${view.entry} have not come yet`);
  // What could not be confirmed is not worth accepting; its author's files say by whom it had to be signed.
  checkTerms(nativeSuite, status.amendment, amendmentBaseNow(line.record, status.proposal.log, "terms"));
  return found;
}

function otherDigits(waiting: readonly Proposal[], digits: string): string {
  const [one, more] = waiting;
  if (one === undefined) return "no terms of another party wait to be accepted here";
  if (more !== undefined) return `the digits are those of none of ${waiting.map(({ view }) => view.entry).join(", ")}`;
  return `the digits differ from those of ${one.view.entry} from group ${groupThatDiffers(one.status.digest, digits)} on`;
}

/** Our own latest proposal, to be confirmed. `digits`: where they were compared once more. Throws `RefusedInput`. */
export function proposalToConfirm(line: LineInForce, digits: string | undefined): Proposal {
  const { termsDigest } = inUseNow(line.log);
  // What was taken back before the terms in force is nobody's question any more.
  const found = ofTerms(line).findLast(
    (item) =>
      isOwn(line, item) && (item.view.over !== "taken-back" || line.record.amendments.baseOf(item.status.proposal.leaf) === termsDigest),
  );
  if (found === undefined) throw wrong("no terms are proposed by us");
  const { view, status } = found;
  const group = digits === undefined ? 0 : groupThatDiffers(status.digest, digits);
  if (group > 0) throw wrong(`the digits differ from those of ${view.entry} from group ${group} on`);
  refuseOver(found);
  if (view.confirmed !== null) throw wrong(`${view.entry} is confirmed, by ${view.confirmed}`);
  const { next } = view;
  if (next?.step === "accept") throw wrong(`${view.entry} has not been accepted by ${next.by.join(" and ")} yet`);
  if (next?.step === "take-back")
    throw wrong(
      `${next.by.join(" and ")} have accepted each other's terms: one of them takes its own back (accord propose --take-back), the other confirms`,
    );
  return found;
}

function refuseOver({ view: { entry, over, by } }: Proposal): void {
  if (over === "taken-back") throw wrong(`${entry} is overtaken: ${by} has taken it back or proposed other terms since`);
  if (over === "overtaken") throw wrong(`${entry} is overtaken: other terms have been confirmed on the same base`);
}

/** A next proposal takes the one before it back; one with the digest of the terms in use does only that. Throws `RefusedInput`. */
export function sayTakeBack(line: LineInForce): Said {
  const own = openProposals(line).filter((item) => isOwn(line, item) && item.view.confirmed === null);
  if (own.length === 0) throw wrong("nothing is proposed by us that could be taken back");
  return { kind: "propose", facts: { purpose: "terms", digest: inUseNow(line.log).termsDigest } };
}

const wrong = (detail: string): RefusedInput => new RefusedInput("wrong-accord", detail);
