import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  type Accord,
  type Terms,
  type UnixMillis,
  LINE_CHANNEL,
  parseActId,
  parseChannelNumber,
  parsePostId,
  parseUnixMillis,
  parseUnixSeconds,
  prepare,
  secondsOf,
  signAct,
  toHex,
} from "@openline/core";
import { verifyEd25519Aside } from "../crypto/ed25519-aside.ts";
import { nativeSuite } from "../crypto/native-suite.ts";
import { Node } from "../node.ts";
import type { NodeOptions } from "../node-options.ts";
import { type PartySecrets, assignPosts, handOf, setUpLine } from "../operate/line-setup.ts";
import type { Said } from "@openline/core";
import { FILES } from "../operate/folder.ts";
import type { SecondPlace, Store } from "../ports.ts";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { openSqlite } from "../store/sqlite.ts";
import { WATCH } from "./orders.ts";

/** A line of two for measuring: one channel, one post each. */
export const START_MS: UnixMillis = parseUnixMillis(1_700_000_000_000);
const en = (text: string) => ({ en: text });
const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

const terms: Terms = {
  version: 1,
  mode: "live",
  suite: 1,
  base: null,
  title: en("Bench"),
  languages: ["en"],
  parties: ["north", "south"],
  channels: [
    {
      number: 1,
      id: "main",
      kind: "military",
      name: en("main"),
      purpose: en("bench"),
      basis: { text: "agreed", from: 1_600_000_000, to: null, sure: true },
      clocks: { held: {}, acknowledge: { ROUTINE: 28_800 }, answer: {}, callRequest: null },
      timetable: null,
      proofWindow: 90 * 86_400,
      quietPeriod: null,
      transit: 0,
      release: "one",
      disclosure: { term: "own", embargo: null },
    },
  ],
  forms: [],
  beat: 120,
  silentAfter: null,
  holdingReplyMax: null,
  notice: 0,
  rates: null,
  legal: en("none"),
  retention: en("none"),
  ending: en("none"),
};

export interface BenchLine {
  readonly accord: Accord;
  readonly secrets: readonly PartySecrets[];
}

export function benchLine(): BenchLine {
  const posts = [{ id: WATCH, name: en("watch"), channels: ["main"], principal: false, deputy: null }];
  const plans = terms.parties.map((id) => ({ id, name: en(id), language: "en", zone: "UTC", posts }));
  return setUpLine(nativeSuite, random, terms, plans);
}

export type Clock = { ms: UnixMillis };

export async function openNode(
  line: BenchLine,
  position: number,
  places: { readonly store: Store; readonly second: SecondPlace; readonly clock: Clock },
): Promise<Node> {
  const [party, secrets] = [line.accord.parties[position], line.secrets[position]];
  if (party === undefined || secrets === undefined) throw new RangeError("the line has two parties");
  const options: NodeOptions = {
    suite: nativeSuite,
    accord: line.accord,
    party,
    keys: secrets.keys,
    store: places.store,
    second: places.second,
    world: { clock: { now: () => places.clock.ms }, random },
    receiptDelayMs: 0,
    unprompted: false,
    verifyAside: verifyEd25519Aside,
  };
  const node = await Node.open(options);
  await assignPosts(node, secrets);
  return node;
}

/** Enters the log's beginning and its posts in a folder that was just made, as its party does before the line is used. */
export async function assignPostsIn(dir: string, line: BenchLine, position: number): Promise<void> {
  const store = await openSqlite(join(dir, FILES.database));
  const second = new FileSecondPlace(join(dir, FILES.second));
  await openNode(line, position, { store, second, clock: { ms: START_MS } });
  await store.close();
  await second.close();
}

/** A signed act with its disclosure, made beforehand so that making it is not measured. */
export interface Ready {
  readonly bytes: Uint8Array;
  readonly disclosure: Uint8Array | undefined;
}

export function messages(node: Node, { watch }: Pick<PartySecrets, "watch">, count: number, said: Partial<Said> = {}): readonly Ready[] {
  const { suite, accord, party, world } = node.options;
  const seed = watch.get(WATCH) ?? new Uint8Array(32);
  const hand = { ...handOf(suite, seed), role: "author" as const };
  const now = world.clock.now();
  return Array.from({ length: count }, (_, i) => {
    const draft = {
      line: accord.line,
      party: party.key,
      actId: parseActId(toHex(random(16))),
      kind: "message" as const,
      channel: parseChannelNumber(1),
      precedence: "ROUTINE" as const,
      drafted: now,
      from: parsePostId(WATCH),
      to: [],
      refs: [],
      facts: {},
      notAfter: parseUnixSeconds(secondsOf(now) + 86_400 * 365),
      ...said,
    };
    const body = new Map([["text", new Map([["en", `Message ${i}. `.padEnd(300, "x")]])]]);
    const { payload, disclosure } = prepare(suite, draft, body, random(16));
    return { bytes: signAct(payload, { accordDigest: party.accordDigest, time: secondsOf(now), hands: [hand] }), disclosure };
  });
}

/** Acts of the node itself: one signature that its own house has made. */
export function serviceNotes(node: Node, secrets: PartySecrets, count: number): readonly Ready[] {
  const { suite, accord, party, world } = node.options;
  const hand = { ...handOf(suite, secrets.keys.node), role: "node" as const };
  const now = world.clock.now();
  return Array.from({ length: count }, () => {
    const draft = {
      line: accord.line,
      party: party.key,
      actId: parseActId(toHex(random(16))),
      kind: "service-note" as const,
      channel: LINE_CHANNEL,
      precedence: "ROUTINE" as const,
      drafted: now,
      to: [],
      refs: [],
      facts: {},
      notAfter: parseUnixSeconds(secondsOf(now) + 86_400 * 365),
    };
    const { payload, disclosure } = prepare(suite, draft, undefined, random(16));
    return { bytes: signAct(payload, { accordDigest: party.accordDigest, time: secondsOf(now), hands: [hand] }), disclosure };
  });
}
