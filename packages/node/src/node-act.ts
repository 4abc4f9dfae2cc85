import {
  type Accord,
  type Body,
  type Draft,
  type Entry,
  type Hand,
  type KindName,
  type LeafHash,
  type Party,
  type Refusal,
  type Suite,
  LAST_SECOND,
  LINE_CHANNEL,
  parseActId,
  parseUnixSeconds,
  prepare,
  secondsOf,
  signAct,
  toHex,
} from "@openline/core";
import type { World } from "./ports.ts";

/** What a node says in an act of its own. */
export interface NodeActSaid {
  readonly kind: KindName;
  /** Left out: on the line itself. */
  readonly channel?: Draft["channel"];
  readonly facts?: Draft["facts"];
  readonly refs?: readonly LeafHash[];
  readonly body?: Body;
}

/** An act of the node itself, signed by the hand with its key. `logTime`: seconds of the log's last entry. */
export function nodeAct(
  options: { readonly suite: Suite; readonly accord: Accord; readonly party: Party; readonly hand: Hand; readonly world: World },
  said: NodeActSaid,
  logTime: number,
): { readonly bytes: Uint8Array; readonly disclosure: Uint8Array | undefined } {
  const { suite, accord, party, hand, world } = options;
  const now = world.clock.now();
  const draft: Draft = {
    line: accord.line,
    party: party.key,
    actId: parseActId(toHex(world.random(16))),
    kind: said.kind,
    channel: said.channel ?? LINE_CHANNEL,
    precedence: "ROUTINE",
    drafted: now,
    to: [],
    refs: said.refs ?? [],
    facts: said.facts ?? {},
    // A node places at once; a minute covers a clock that was set back while it wrote.
    notAfter: parseUnixSeconds(Math.min(Math.max(secondsOf(now), logTime) + 60, LAST_SECOND)),
  };
  const { payload, disclosure } = prepare(suite, draft, said.body, world.random(16));
  return { bytes: signAct(payload, { accordDigest: party.accordDigest, time: secondsOf(now), hands: [hand] }), disclosure };
}

/** An entry that no refusal answers: one of a kind that a later version knows, and a refusal, so that two nodes that can take nothing from
 *  each other come to an end. */
export const isNotRefused = (refusal: Refusal | undefined, entry: Entry | undefined): boolean =>
  refusal?.code === "unknown-kind" || entry?.act.header.kind === "refusal";

const DETAIL_MAX = 512;

/** A refusal as an act. Its detail may quote the peer: only plain letters of it are repeated, so that our own entry is never
 *  one that breaks a rule. */
export function refusalAct({ code, detail }: Refusal, leaf: LeafHash): NodeActSaid {
  const plain = detail.slice(0, DETAIL_MAX).replaceAll(/[^\x20-\x7e]/g, "?");
  return { kind: "refusal", facts: { code }, refs: [leaf], body: new Map([["detail", plain]]) };
}
