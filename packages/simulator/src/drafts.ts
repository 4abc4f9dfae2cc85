import {
  type Act,
  type Body,
  type Draft,
  type Hand,
  type KindName,
  type LeafHash,
  type PostId,
  type Precedence,
  type Suite,
  LINE_CHANNEL,
  kidOf,
  parseActId,
  parseChannelNumber,
  parseDigest,
  parsePostId,
  parseUnixSeconds,
  possessionMessage,
  prepare,
  secondsOf,
  signAct,
  toHex,
} from "@openline/core";
import type { Chance } from "./chance.ts";
import type { Machine } from "./machine.ts";

/** An act as its author hands it to a node, again and again until somebody says that it is placed. */
export interface Letter {
  readonly bytes: Uint8Array;
  readonly disclosure: Uint8Array | undefined;
  readonly kind: KindName;
  readonly channel: number;
  readonly refs: readonly LeafHash[];
  /** Made wrong on purpose: a node that places it is at fault. */
  readonly wrong: boolean;
  attempts: number;
}

export interface Saying {
  readonly kind: KindName;
  readonly channel?: number;
  readonly precedence?: Precedence;
  readonly refs?: readonly LeafHash[];
  readonly facts?: Draft["facts"];
  readonly words?: number;
}

/** How an act may be wrong. */
export type Wrong = "strange-key" | "unknown-post" | "too-late" | "other-line" | "signature";

const WATCH = parsePostId("watch");
const MINISTER = parsePostId("minister");
const LEADERS_CHANNEL = 2;
/** An author stands by an act for four hours. */
const STANDS_S = 4 * 3600;

export interface Pen {
  readonly machine: Machine;
  readonly suite: Suite;
  readonly chance: Chance;
  /** Seeds of the keys in hand: the watch's changes with each shift. */
  readonly seeds: Map<string, Uint8Array>;
}

/** Writes an act of a post. */
export function writeAct(pen: Pen, saying: Saying, wrong?: Wrong): Letter {
  const two = saying.channel === LEADERS_CHANNEL;
  const from = wrong === "unknown-post" ? parsePostId("nobody") : WATCH;
  const seed = wrong === "strange-key" ? pen.chance.bytes(32) : (pen.seeds.get(WATCH) ?? pen.chance.bytes(32));
  const hands: Hand[] = [handOf(pen.suite, seed, "author")];
  const second = pen.seeds.get(MINISTER);
  if (two && second !== undefined) hands.push(handOf(pen.suite, second, "releaser"));
  const letter = sealed(pen, { ...saying, from }, hands, wrong);
  return letter;
}

/** Gives a post a new watch key, signed by a directory key. */
export function enrol(pen: Pen, post: PostId, seed: Uint8Array): Letter {
  const { machine, suite, chance } = pen;
  const key = suite.ed25519Public(seed);
  const possession = suite.signEd25519(seed, possessionMessage(machine.plan.line.accord.line, machine.party.key, key));
  const person = parseDigest(toHex(chance.bytes(32)));
  return directoryAct(pen, { kind: "post-assign", facts: { key, posts: [post], person, possession } });
}

export const revoke = (pen: Pen, seed: Uint8Array): Letter =>
  directoryAct(pen, { kind: "key-revoke", facts: { kid: kidOf(pen.suite, pen.suite.ed25519Public(seed)) } });

function directoryAct(pen: Pen, saying: Saying): Letter {
  const [seed] = pen.machine.secrets.directory;
  if (seed === undefined) throw new RangeError("a party has directory keys");
  return sealed(pen, { ...saying, words: 0 }, [handOf(pen.suite, seed, "author")]);
}

function handOf(suite: Suite, seed: Uint8Array, role: Hand["role"]): Hand {
  return { kid: kidOf(suite, suite.ed25519Public(seed)), role, sign: (message) => suite.signEd25519(seed, message) };
}

function sealed(pen: Pen, saying: Saying & { readonly from?: PostId }, hands: readonly Hand[], wrong?: Wrong): Letter {
  const { machine, suite, chance } = pen;
  const { accord } = machine.plan.line;
  const now = machine.plan.clock.now();
  const last = Math.max(secondsOf(now), machine.node?.own.time ?? 0);
  const notAfter = parseUnixSeconds(wrong === "too-late" ? last - 7200 : last + STANDS_S);
  const draft: Draft = {
    line: wrong === "other-line" ? flippedLine(accord.line) : accord.line,
    party: machine.party.key,
    actId: parseActId(toHex(chance.bytes(16))),
    kind: saying.kind,
    channel: saying.channel === undefined ? LINE_CHANNEL : parseChannelNumber(saying.channel),
    precedence: saying.precedence ?? "ROUTINE",
    drafted: now,
    to: [],
    refs: saying.refs ?? [],
    facts: saying.facts ?? {},
    notAfter,
    ...(saying.from === undefined ? {} : { from: saying.from }),
  };
  const { payload, disclosure } = prepare(suite, draft, wordsOf(chance, saying), chance.bytes(16));
  const bytes = signAct(payload, { accordDigest: machine.party.accordDigest, time: secondsOf(now), hands });
  if (wrong === "signature") bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return { bytes, disclosure, kind: saying.kind, channel: draft.channel, refs: draft.refs, wrong: wrong !== undefined, attempts: 0 };
}

const flippedLine = (line: Act["header"]["line"]): Act["header"]["line"] =>
  (line.startsWith("0") ? `1${line.slice(1)}` : `0${line.slice(1)}`) as Act["header"]["line"];

/** `words` letters of text; 0: no body at all. */
function wordsOf(chance: Chance, { words }: Saying): Body | undefined {
  const length = words ?? chance.between(20, 400);
  if (length === 0) return undefined;
  const text = `${chance.next().toString(36)} ${"word ".repeat(Math.ceil(length / 5))}`.slice(0, length);
  return new Map([["text", new Map([["en", text]])]]);
}
