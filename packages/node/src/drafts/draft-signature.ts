import {
  type Act,
  type ActId,
  type Kid,
  type Refusal,
  type Release,
  type Result,
  type Signer,
  assert,
  decodeAct,
  encodeAct,
  ok,
  ownReply,
  place,
  refusable,
  refuse,
  secondsOf,
  twoPersons,
} from "@openline/core";
import type { Receipt } from "../author.ts";
import type { Node } from "../node.ts";

/** The one signature of an act that was handed in, over whatever it was made. */
export function onlyRelease(act: Uint8Array): Result<Release> {
  const read = refusable(() => decodeAct(act));
  if (!read.ok) return read;
  const [release, more] = read.value.releases;
  return release === undefined || more !== undefined ? refuse("malformed", "an act with one signature expected") : ok(release);
}

/** An act over exactly these bytes: a signature that was made over others does not verify. */
export const signedOver = (payload: Uint8Array, releases: readonly Release[]): Result<Act> =>
  refusable(() => decodeAct(encodeAct(payload, releases)));

/** What the node would say if this act were placed now. Undefined: it would have effect. */
export function judged(node: Node, act: Act): Refusal | "cannot-say" | undefined {
  const { suite, world } = node.options;
  const { own, record } = node;
  if (!record.logs.has(own.log)) return "cannot-say";
  const placed = refusable(() => place(suite, own, act, { now: secondsOf(world.clock.now()), heads: [], ahead: [] }));
  return placed.ok ? (record.preview(own.log, placed.value.placed.entry) ?? ownReply(record, act.header)) : placed.refusal;
}

/** Whether author and releaser are two persons, also where the channel does not ask for two: who drafts never releases. */
export function notTwoPersons(node: Node, act: Act): Refusal | undefined {
  const ring = node.record.logs.get(node.own.log)?.ring;
  const signers = act.releases.map((release): Signer | undefined => {
    const key = ring?.keys.get(release.kid);
    return key && { release, key };
  });
  const unknown = act.releases.find((_, i) => signers[i] === undefined);
  if (unknown !== undefined) return { code: "unknown-key", detail: `key ${unknown.kid}` };
  return twoPersons(signers.filter((signer) => signer !== undefined));
}

/** Where an act of ours came to stand, looked up by its id; for the few of which it is not known. */
export function receiptOf({ record, options }: Node, actId: ActId): Receipt | undefined {
  const own = new Set(record.logsOf[options.accord.parties.indexOf(options.party)]);
  for (const { log, index, leaf, header } of record.byLeaf.values()) {
    if (header?.actId === actId && own.has(log)) return { log: log.id, index, leaf };
  }
  return undefined;
}

/** Who signed first in an act that has been read. */
export function kidOfAct({ releases }: Act): Kid {
  const last = releases.at(-1);
  assert(last !== undefined, "an act has a signature");
  return last.kid;
}
