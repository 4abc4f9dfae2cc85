import { toHex } from "../encoding/bytes.ts";
import {
  type LineId,
  type PartyKey,
  type UnixMillis,
  type UnixSeconds,
  LAST_SECOND,
  LINE_CHANNEL,
  parseActId,
  parseUnixSeconds,
  secondsOf,
} from "../ids.ts";
import type { Sha256 } from "../log/tree.ts";
import type { Body } from "./body.ts";
import { type Draft, type Hand, type Prepared, prepare, signAct } from "./sign.ts";

/** What is said in an act; the rest of its header is filled in when it is composed. */
export type Said = Pick<Draft, "kind"> & Partial<Pick<Draft, "channel" | "precedence" | "from" | "to" | "refs" | "facts">>;

/** On which line, as which party, and when an act is made. */
export interface Composing {
  readonly suite: Sha256;
  /** Fresh random bytes, as many as asked for. */
  readonly random: (count: number) => Uint8Array;
  readonly line: LineId;
  readonly party: PartyKey;
  /** External data of the party's signatures, 32 bytes. */
  readonly accordDigest: Uint8Array;
  readonly now: UnixMillis;
  /** Seconds of the last entry of the party's log: no later entry is placed before it. */
  readonly logTime: number;
}

/** An act with its signatures, and the disclosure that travels beside it. */
export interface ComposedAct {
  readonly act: Uint8Array;
  readonly disclosure: Uint8Array | undefined;
}

/** An author stands by an act for an hour: long enough for a busy node, too short to be kept in a drawer. */
const PLACE_WITHIN_S = 3600;
/** A draft waits for a second person for one shift at most. */
const DRAFT_STANDS_S = 43_200;

type Clock = Pick<Composing, "now" | "logTime">;

const notAfter = ({ now, logTime }: Clock, seconds: number): UnixSeconds =>
  parseUnixSeconds(Math.min(Math.max(secondsOf(now), logTime) + seconds, LAST_SECOND));

/** When the author of a draft no longer stands by it, where nobody names a time. POSIX seconds. */
export const draftNotAfter = (by: Clock): UnixSeconds => notAfter(by, DRAFT_STANDS_S);

/** An act that is to be signed later: by an id that it shares with its other versions, and to be placed by another time. */
export type SaidLater = Said & Partial<Pick<Draft, "actId" | "notAfter">>;

/** The exact bytes that are signed, and the disclosure that travels beside them. Source: docs/spec/acts.md §2. */
export function prepareSaid(by: Omit<Composing, "accordDigest">, said: SaidLater, body?: Body): Prepared {
  const draft: Draft = {
    line: by.line,
    party: by.party,
    actId: parseActId(toHex(by.random(16))),
    channel: LINE_CHANNEL,
    precedence: "ROUTINE",
    drafted: by.now,
    to: [],
    refs: [],
    facts: {},
    notAfter: notAfter(by, PLACE_WITHIN_S),
    ...said,
  };
  return prepare(by.suite, draft, body, by.random(16));
}

/** Makes an act and signs it with each hand. Source: docs/spec/acts.md §2. */
export function composeAct(by: Composing, said: Said, hands: readonly Hand[], body?: Body): ComposedAct {
  const { payload, disclosure } = prepareSaid(by, said, body);
  return { act: signAct(payload, { accordDigest: by.accordDigest, time: secondsOf(by.now), hands }), disclosure };
}
