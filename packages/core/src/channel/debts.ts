import { KINDS, type KindName, PRECEDENCES } from "../entry/kinds.ts";
import type { LeafHash } from "../ids.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { stepAt } from "./calls.ts";
import { debtorsOfAct } from "./debtors.ts";
import { SettledDebts } from "./settled-debts.ts";
import { type SeenSuspension, seenFormsSuspended, seenSuspensions } from "./standing.ts";
import type { ChannelTrack } from "./track.ts";
import { channelOfAct } from "./versions.ts";

export const CLOCKS = ["acknowledgement", "answer", "call-request"] as const;
export type ClockName = (typeof CLOCKS)[number];

/** What one party owes for one act. Its clock and its end are computed at a time (`debt-clock.ts`), never stored. */
export interface Debt {
  readonly clock: ClockName;
  /** Infinity: nothing becomes overdue, and it waits for an officer all the same. */
  readonly seconds: number;
  readonly opener: Placed;
  /** Position of the party that owes. */
  readonly debtor: number;
  /** Suspensions its author had seen when it placed the opener: the clock waits for their resumption. */
  readonly seen: readonly SeenSuspension[];
  /** Acts that end it, of whichever party may. */
  readonly ends: Placed[];
  /** Holding replies: they move an answer clock. */
  readonly holds: Placed[];
  /** Further requests within the quiet period: they belong to this debt and start no clock. */
  readonly joined: Placed[];
}

const ACKNOWLEDGED: ReadonlySet<KindName> = new Set([
  "message",
  "answer",
  "correction",
  "notification",
  "notification-update",
  "pre-agreed",
]);

/** Whether an officer of the other side acknowledges an act of this kind, and may answer it. */
export const isAcknowledged = (kind: KindName): boolean => ACKNOWLEDGED.has(kind);

/** A FLASH waits for an officer also where no clock runs: the accord gives none, or its form is suspended. */
const ringsAlways = ({ header: { kind, precedence } }: Placed): boolean =>
  precedence === "FLASH" && kind !== undefined && isAcknowledged(kind);

/** Which acts of the debtor end which clock. */
const ENDS: Readonly<Record<ClockName, ReadonlySet<KindName>>> = {
  acknowledgement: new Set(["acknowledge", "answer", "decline", "holding-reply"]),
  answer: new Set(["answer", "decline"]),
  "call-request": new Set(["call-accept", "call-counter", "call-decline"]),
};

export class DebtBook {
  /** Debts that may still weigh. Those that no longer do are moved to `settled` by whoever computes; it changes no answer,
   *  only its cost. */
  readonly open: Set<Debt> = new Set();
  readonly settled: SettledDebts = new SettledDebts();
  readonly #byLeaf: Map<LeafHash, Debt[]> = new Map();
  readonly #quiet: Map<string, Debt> = new Map();

  add(record: LineRecord, track: ChannelTrack, placed: Placed): void {
    this.#end(record, placed);
    if (record.oneSided && placed.header.kind === "served") this.#served(record, placed);
    this.#open(record, track, { opener: placed, absent: false });
    this.#recordedBefore(record, placed);
  }

  /** A record of a call ends its debts also of a step that is read after it: which of the two came first must change nothing. */
  #recordedBefore(record: LineRecord, { leaf }: Placed): void {
    const debts = this.of(leaf).filter((debt) => debt.clock === "call-request");
    if (debts.length === 0) return;
    for (const step of stepAt(record, leaf)?.call.steps ?? [])
      if (step.header.kind === "call-record") for (const debt of debts) this.#endBy(debt, step);
  }

  /** A party that is not there owes from when it was served, as far as whoever served it says. */
  #served(record: LineRecord, { header }: Placed): void {
    for (const leaf of header.refs) {
      const opener = record.byLeaf.get(leaf);
      const track = opener?.header === undefined ? undefined : record.channels.get(opener.header.channel);
      if (opener?.header === undefined || track === undefined || track.debts.of(leaf).length > 0) continue;
      track.debts.#open(record, track, { opener, absent: true });
    }
  }

  /** The debts of those who are there, or of those who are `absent`. */
  #open(record: LineRecord, track: ChannelTrack, { opener, absent }: { readonly opener: Placed; readonly absent: boolean }): void {
    const clocks = clocksOf(record, track, opener);
    const rings = !absent && ringsAlways(opener);
    if (clocks.length === 0 && !rings) return;
    const owing = debtorsOfAct(record, track, opener).filter((party) => isAbsent(record, party) === absent);
    if (owing.length === 0) return;
    const seen = seenSuspensions(track, opener);
    const forms = formsOf(record, opener);
    const debtors = owing.filter((debtor) => {
      const suspended = forms.length === 0 ? undefined : seenFormsSuspended(track, debtor, opener);
      return suspended === undefined || !forms.every((form) => suspended.has(form));
    });
    for (const { clock, seconds } of clocks) {
      for (const debtor of debtors) this.#begin(track, { clock, seconds, opener, debtor, seen, ends: [], holds: [], joined: [] });
    }
    if (!rings) return;
    const waitsFor = (debtor: number): boolean =>
      this.of(opener.leaf).some((debt) => debt.clock === "acknowledgement" && debt.debtor === debtor);
    for (const debtor of owing.filter((party) => !waitsFor(party)))
      this.#begin(track, { clock: "acknowledgement", seconds: Infinity, opener, debtor, seen: [], ends: [], holds: [], joined: [] });
  }

  of(leaf: LeafHash): readonly Debt[] {
    return this.#byLeaf.get(leaf) ?? [];
  }

  /** Says that from this instant on the debt no longer weighs, whatever is asked later. */
  settle(debt: Debt, from: number): void {
    this.open.delete(debt);
    this.settled.add(debt, from);
  }

  #begin(track: ChannelTrack, debt: Debt): void {
    const { opener, clock, debtor } = debt;
    const quiet = channelOfAct(track, opener).quietPeriod;
    const { kind, from, to } = opener.header;
    const key = `${clock},${debtor},${opener.log.party},${kind},${from},${to.toSorted().join()}`;
    const first = this.#quiet.get(key);
    if (quiet !== null && first !== undefined && joins(first.opener, opener, quiet)) {
      first.joined.push(opener);
      this.#index(opener, first);
      return;
    }
    this.#quiet.set(key, debt);
    this.open.add(debt);
    this.#index(opener, debt);
  }

  #index(opener: Placed, debt: Debt): void {
    const list = this.#byLeaf.get(opener.leaf);
    if (list === undefined) this.#byLeaf.set(opener.leaf, [debt]);
    else list.push(debt);
  }

  /** An act may end debts of any channel: it follows its references. */
  #end(record: LineRecord, placed: Placed): void {
    for (const leaf of placed.header.refs) {
      const channel = record.byLeaf.get(leaf)?.header?.channel;
      const track = channel === undefined ? undefined : record.channels.get(channel);
      if (track === undefined) continue;
      for (const debt of track.debts.of(leaf)) track.debts.#touch(debt, leaf, placed);
      if (placed.header.kind === "call-record") recorded(record, placed, leaf);
    }
  }

  /** A call on record ends its debts of this step. */
  record(leaf: LeafHash, placed: Placed): void {
    for (const debt of this.of(leaf)) if (debt.clock === "call-request") this.#endBy(debt, placed);
  }

  #touch(debt: Debt, leaf: LeafHash, act: Placed): void {
    const { kind } = act.header;
    if (kind === undefined) return;
    // Withdrawing a request that only joined the debt leaves the first one standing.
    if (kind === "withdraw-request" && act.log.party === debt.opener.log.party && leaf === debt.opener.leaf) this.#endBy(debt, act);
    if (act.log.party !== debt.debtor) return;
    if (ENDS[debt.clock].has(kind)) this.#endBy(debt, act);
    if (kind === "holding-reply" && debt.clock === "answer") {
      debt.holds.push(act);
      this.#reopen(debt);
    }
  }

  #endBy(debt: Debt, act: Placed): void {
    debt.ends.push(act);
    this.#reopen(debt);
  }

  /** Something new bears on a debt that had stopped weighing: it is looked at again. */
  #reopen(debt: Debt): void {
    if (this.settled.delete(debt)) this.open.add(debt);
  }

  /** Another log can change when things count: everything is looked at again. */
  reopenAll(): void {
    for (const debt of this.settled.takeAll()) this.open.add(debt);
  }
}

/** A call on record ends the debts of its request, whoever wrote it, whichever step it names and on whichever channels they stand. */
function recorded(record: LineRecord, placed: Placed, leaf: LeafHash): void {
  for (const step of stepAt(record, leaf)?.call.steps ?? []) record.channels.get(step.header.channel)?.debts.record(step.leaf, placed);
}

const isAbsent = (record: LineRecord, party: number): boolean => record.accord.parties[party]?.absent === true;

/** Does a request join the debt of an earlier one: within the quiet period, and not more urgent than it? */
function joins(first: Placed, next: Placed, quiet: number): boolean {
  const urgency = ({ header }: Placed): number => PRECEDENCES.indexOf(header.precedence);
  return next.placement.time < first.placement.time + quiet && urgency(next) <= urgency(first);
}

/** The clocks that this act starts on this channel. A clock that the accord does not give does not run. */
function clocksOf(record: LineRecord, track: ChannelTrack, placed: Placed): readonly { clock: ClockName; seconds: number }[] {
  const { kind, precedence, facts } = placed.header;
  const { clocks } = channelOfAct(track, placed);
  if (kind === undefined) return [];
  const out: { clock: ClockName; seconds: number }[] = [];
  const acknowledge = clocks.acknowledge[precedence];
  if (ACKNOWLEDGED.has(kind) && acknowledge !== undefined) out.push({ clock: "acknowledgement", seconds: acknowledge });
  const answer = clocks.answer[precedence];
  if (wantsAnswer(kind, facts) && answer !== undefined) out.push({ clock: "answer", seconds: answer });
  if (asksForCall(record, placed) && clocks.callRequest !== null) out.push({ clock: "call-request", seconds: clocks.callRequest });
  return out;
}

/** The forms that an entry is of. An update or a correction is of the forms of what it refers to, whatever it calls itself. */
function formsOf(record: LineRecord, { header }: Pick<Placed, "header">): readonly string[] {
  const own = header.facts.form === undefined ? [] : [header.facts.form];
  if (header.kind !== "notification-update" && header.kind !== "correction") return own;
  const forms = new Set<string>();
  for (const leaf of header.refs) {
    const found = record.byLeaf.get(leaf);
    if (found?.header !== undefined) for (const form of formsOf(record, found)) forms.add(form);
  }
  return forms.size === 0 ? own : [...forms];
}

/** A request asks for a call, and so does a counter to somebody else's step; one to its author's own asks nothing new. */
function asksForCall(record: LineRecord, { header, log }: Placed): boolean {
  if (header.kind === "call-request") return true;
  return header.kind === "call-counter" && header.refs.some((leaf) => record.byLeaf.get(leaf)?.log.party !== log.party);
}

/** Does this act ask for an answer: marked as wanting one, or a request for explanation. */
export function wantsAnswer(kind: KindName, facts: Placed["header"]["facts"]): boolean {
  if (KINDS[kind].by !== "post") return false;
  return facts.wantsAnswer === true || ((kind === "notification" || kind === "message") && facts.form === "request-for-explanation");
}
