import { type PartyId, digitsOf, parsePartyId } from "@openline/core";
import { type Ceremony, signedBy } from "./ceremony.ts";

/** How far a ceremony has come, for people: what is done, whose turn it is, and what comes next. */

export type StepName = "party-file" | "terms" | "accept" | "compare" | "sign" | "signatures" | "contribution" | "enter";

export interface Step {
  readonly step: StepName;
  /** Who has to do it: this party, another one, or (`compare`, and `terms` while none are here) all together. */
  readonly by: PartyId | "all";
  readonly done: boolean;
  /** Of signatures: how many are here, and how many are needed. */
  readonly count?: readonly [number, number];
}

export interface Progress {
  readonly party: PartyId;
  readonly mode: string;
  readonly parties: readonly { readonly id: PartyId; readonly here: boolean }[];
  /** 80 digits, when terms and all party files are here. */
  readonly digits: string | null;
  readonly steps: readonly Step[];
  /** The first steps that are not done: what to do now, and what to wait for. */
  readonly next: readonly Step[];
  /** The other party, where this one keeps the line alone. */
  readonly absent: PartyId | null;
  /** Files for the other side: nobody here knows whether they have them. */
  readonly handOver: readonly string[];
  readonly inForce: boolean;
}

/** Computed from what the folder holds; nothing in it says how far it has come. */
export function progressOf(ceremony: Ceremony): Progress {
  const { config, files, terms, accord, inForce } = ceremony;
  const named = terms === undefined ? [...files.keys()] : terms.value.parties.map(parsePartyId);
  const steps = stepsOf(ceremony, named);
  return {
    party: config.party,
    mode: config.mode,
    parties: named.map((id) => ({ id, here: files.has(id) })),
    digits: accord === undefined ? null : digitsOf(accord.ceremony),
    steps,
    next: inForce ? [] : nextOf(steps, config.party),
    absent: config.absent ?? null,
    handOver: config.absent === undefined ? ceremony.laidOut : [],
    inForce,
  };
}

function stepsOf(ceremony: Ceremony, named: readonly PartyId[]): readonly Step[] {
  const { config, files, terms, accepted, confirmed, contributions, inForce } = ceremony;
  const own = config.party;
  const others = named.filter((id) => id !== own && config.absent === undefined);
  const { signed, threshold, enough } = signedBy(ceremony, own);
  const alone = config.absent !== undefined || (terms !== undefined && others.length === 0);
  return [
    { step: "party-file", by: own, done: true },
    ...(others.length === 0 && !alone ? [{ step: "party-file", by: "all", done: false } as const] : []),
    ...others.map((id): Step => ({ step: "party-file", by: id, done: files.has(id) })),
    { step: "terms", by: terms === undefined && config.absent === undefined ? "all" : own, done: terms !== undefined },
    { step: "accept", by: own, done: accepted },
    { step: "compare", by: config.absent === undefined ? "all" : own, done: confirmed },
    { step: "sign", by: own, done: confirmed && enough, count: [signed, threshold] },
    ...others.map((id): Step => {
      const theirs = signedBy(ceremony, id);
      return { step: "signatures", by: id, done: theirs.enough, count: [theirs.signed, theirs.threshold] };
    }),
    ...others.map((id): Step => ({ step: "contribution", by: id, done: contributions.has(id) || inForce })),
    { step: "enter", by: own, done: inForce },
  ];
}

/** Steps go in order; what only waits for others does not hold up what we can do, but each phase needs the one before. */
function nextOf(steps: readonly Step[], own: PartyId): readonly Step[] {
  const open = steps.filter((step) => !step.done);
  const first = open[0];
  if (first === undefined) return [];
  const phase = phaseOf(first);
  return open.filter((step) => phaseOf(step) === phase).toSorted((a, b) => Number(b.by === own) - Number(a.by === own));
}

const PHASES: readonly (readonly StepName[])[] = [
  ["party-file", "terms"],
  ["accept"],
  ["compare"],
  ["sign", "signatures", "contribution"],
  ["enter"],
];
const phaseOf = ({ step }: Step): number => PHASES.findIndex((names) => names.includes(step));
