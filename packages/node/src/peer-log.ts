import {
  type Frontier,
  type Head,
  type LogId,
  type Opening,
  type Party,
  type WireCheckpoint,
  EMPTY_FRONTIER,
  decode,
  encode,
} from "@openline/core";

/** One log of another party, or an own one, as far as it is stored here. */
export interface PeerLog {
  readonly log: LogId;
  readonly party: Party;
  /** 32 lower-case hex digits: how its checkpoints name it. */
  readonly origin: string;
  frontier: Frontier;
  /** Heads its owner signed and that may still be named, smallest first. */
  heads: Head[];
  /** The latest checkpoint seen over the whole of it. */
  checkpoint: WireCheckpoint | undefined;
  /** The head at which a later incarnation of the same party closed it. */
  closed: Head | undefined;
  /** Two histories of it are proven: it is not continued, and what came before stays. */
  forked: boolean;
  /** Positions whose signatures must be checked again after a start: not judged yet when they were kept, or refused. */
  readonly unverified: Set<number>;
  /** Since when it names more of our own log than we have. Milliseconds; undefined: it does not. */
  beyondUsSince: number | undefined;
  /** Its entries gave a wrong root, and it has been asked for from its start. */
  askedFromStart: boolean;
}

export function newPeerLog(log: LogId, { party, origin }: Pick<Opening, "party" | "origin">): PeerLog {
  return {
    log,
    party,
    origin,
    frontier: EMPTY_FRONTIER,
    heads: [],
    checkpoint: undefined,
    closed: undefined,
    forked: false,
    unverified: new Set(),
    beyondUsSince: undefined,
    askedFromStart: false,
  };
}

/** The largest signed head with no body missing below it. Smaller ones are forgotten: no later entry names them. */
export function holdable(item: PeerLog, firstMissing: number): Head | undefined {
  const at = item.heads.findLastIndex((head) => head.size <= firstMissing);
  if (at > 0) item.heads = item.heads.slice(at);
  return at < 0 ? undefined : item.heads[0];
}

/** Where the store keeps, for a log, the positions to be verified again. */
export const unverifiedKey = (log: LogId): string => `unverified/${log}`;
/** Where it keeps the proof that a log has two histories. */
export const forkKey = (log: LogId): string => `fork/${log}`;

export const encodePositions = (positions: ReadonlySet<number>): Uint8Array => encode([...positions].toSorted((a, b) => a - b));

/** Positions as this node wrote them; none where it wrote none. */
export function decodePositions(bytes: Uint8Array | undefined): Set<number> {
  const value = bytes === undefined ? [] : decode(bytes);
  return new Set(Array.isArray(value) ? value.filter((item) => typeof item === "number") : []);
}
