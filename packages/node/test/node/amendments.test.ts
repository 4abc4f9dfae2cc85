import {
  type Amendment,
  type Digest,
  type LeafHash,
  accordView,
  amendmentBody,
  amendmentDigest,
  amendmentStatus,
  encodePartyFile,
  encodeTerms,
  fromHex,
  inUseNow,
  signAmendment,
} from "@openline/core";
import { nativeSuite } from "@openline/node";
import { describe, expect, test } from "vitest";
import { handOf, submitDraft } from "../../src/operate/line-setup.ts";
import { Line, entriesOf } from "./line.ts";

/** Two real nodes, an amendment that people of both sides agree, and nodes that go over by themselves. */

function signed(line: Line, position: number, file: Uint8Array): Amendment {
  const roots = line.secrets[position]!.roots!.slice(0, 2);
  return { file, signatures: roots.map((seeds) => signAmendment(nativeSuite, seeds, { line: line.accord.line, file })) };
}

/** An act of two directory persons. */
async function directed(
  line: Line,
  position: number,
  said: {
    readonly kind: "propose" | "accept" | "confirm";
    readonly amendment: Amendment;
    readonly purpose?: string;
    readonly refs?: readonly LeafHash[];
  },
): Promise<LeafHash> {
  const { node, secrets } = line.players[position]!;
  const { kind, amendment, purpose, refs } = said;
  const [first, second] = secrets.directory;
  const hands = [
    { ...handOf(nativeSuite, first!), role: "author" as const },
    { ...handOf(nativeSuite, second!), role: "releaser" as const },
  ];
  const digest: Digest = amendmentDigest(nativeSuite, amendment);
  const facts = { digest, ...(purpose === undefined ? {} : { purpose }) };
  const body = kind === "propose" ? amendmentBody(amendment) : undefined;
  const result = await submitDraft(node, { kind, facts, ...(refs === undefined ? {} : { refs }) }, hands, body);
  if (!result.ok) throw new Error(`${kind}: ${result.refusal.code}: ${result.refusal.detail}`);
  return result.value.leaf;
}

const turn = (line: Line): unknown => amendmentStatus(line.node(1).record).map(({ next }) => next);
const beatOf = (line: Line, position: number): number =>
  inUseNow(line.node(position).record.logs.get(line.node(position).own.log)!).terms.beat;

async function amended(): Promise<Line> {
  const line = await Line.open();
  await line.assign();
  await line.connect();
  await line.settle();
  const { terms, termsDigest } = line.accord;
  const amendment = signed(line, 0, encodeTerms({ ...terms, base: fromHex(termsDigest), beat: 60 }));
  const proposal = await directed(line, 0, { kind: "propose", amendment, purpose: "terms" });
  await line.settle();
  expect(turn(line)).toEqual([{ kind: "accept", parties: [1] }]);
  await directed(line, 1, { kind: "accept", amendment, refs: [proposal] });
  await line.settle();
  expect(turn(line)).toEqual([{ kind: "confirm", parties: [0] }]);
  await directed(line, 0, { kind: "confirm", amendment, refs: [proposal] });
  await line.settle(6);
  return line;
}

describe("an amendment between two nodes", () => {
  test("is proposed, accepted and confirmed by people, and both nodes go over and sign under it", async () => {
    const line = await amended();
    expect([beatOf(line, 0), beatOf(line, 1)]).toEqual([60, 60]);
    expect(turn(line)).toEqual([]);
    for (const position of [0, 1]) expect((await line.submit(position)).ok).toBe(true);
    await line.settle();
    for (const { disk, node } of line.players) {
      const refusals = [...node.record.logs.keys()].flatMap((log) => entriesOf(disk, log).filter((item) => item.refusal !== undefined));
      expect(refusals).toEqual([]);
      expect(node.record.waiting).toBe(0);
    }
  });

  test("stands after both nodes were opened again", async () => {
    const line = await amended();
    for (const position of [0, 1]) await line.reopen(position);
    await line.settle();
    expect([beatOf(line, 0), beatOf(line, 1)]).toEqual([60, 60]);
    expect((await line.submit(1)).ok).toBe(true);
    await line.settle();
    expect(line.oracle.wrong).toEqual([]);
  });

  test("a party's own file comes into force when the other node holds it, and nobody has to accept it", async () => {
    const line = await amended();
    const party = inUseNow(line.node(1).record.logs.get(line.node(1).own.log)!).party;
    const file = encodePartyFile({ ...party.file, base: fromHex(party.fileDigest), addresses: ["north.example:4300"] });
    await directed(line, 1, { kind: "propose", amendment: signed(line, 1, file), purpose: "party" });
    expect(line.node(1).record.amendments.files.size).toBe(0);
    await line.settle(6);
    for (const position of [0, 1]) expect(line.node(position).record.amendments.files.get(1)?.length).toBe(1);
    expect((await line.submit(1)).ok).toBe(true);
  });

  test("a node does not place what nobody would let count", async () => {
    const line = await amended();
    const old = signed(line, 1, encodeTerms({ ...line.accord.terms, base: fromHex(line.accord.termsDigest), beat: 90 }));
    const proposal = await directed(line, 1, { kind: "propose", amendment: old, purpose: "terms" });
    await line.settle();
    await directed(line, 0, { kind: "accept", amendment: old, refs: [proposal] });
    await line.settle();
    await expect(directed(line, 1, { kind: "confirm", amendment: old, refs: [proposal] })).rejects.toThrow("wrong-accord");
  });
});

describe("two amendments at once", () => {
  test("when each party has accepted the other's, it is said that one of them takes its own back; then the other is confirmed", async () => {
    const line = await Line.open();
    await line.assign();
    await line.connect();
    await line.settle();
    const { terms, termsDigest } = line.accord;
    const proposals: { readonly amendment: Amendment; readonly leaf: LeafHash }[] = [];
    for (const [position, beat] of [60, 90].entries()) {
      const amendment = signed(line, position, encodeTerms({ ...terms, base: fromHex(termsDigest), beat }));
      proposals.push({ amendment, leaf: await directed(line, position, { kind: "propose", amendment, purpose: "terms" }) });
    }
    await line.settle();
    for (const position of [0, 1]) {
      const { amendment, leaf } = proposals[1 - position]!;
      await directed(line, position, { kind: "accept", amendment, refs: [leaf] });
    }
    await line.settle();
    expect(turn(line)).toEqual([
      { kind: "take-back", parties: [0, 1] },
      { kind: "take-back", parties: [1, 0] },
    ]);
    // A proposal with the digest of the terms in use, which is no amendment's.
    const facts = { digest: termsDigest, purpose: "terms" };
    const hands = line.players[1]!.secrets.directory.slice(0, 2).map((seed, i) => {
      return { ...handOf(nativeSuite, seed), role: i === 0 ? ("author" as const) : ("releaser" as const) };
    });
    expect(await submitDraft(line.node(1), { kind: "propose", facts }, hands)).toMatchObject({ ok: true });
    await line.settle();
    expect(accordView(line.node(0).record).amendments.map(({ by, next, over }) => [by, next?.step ?? over])).toEqual([
      ["north", "confirm"],
      ["south", "taken-back"],
    ]);
    await directed(line, 0, { kind: "confirm", amendment: proposals[0]!.amendment, refs: [proposals[0]!.leaf] });
    await line.settle(6);
    for (const position of [0, 1]) {
      expect(beatOf(line, position)).toBe(60);
      const { inForce, amendments } = accordView(line.node(position).record);
      expect(inForce.map(({ entry }) => entry?.split("/")[0])).toEqual(["north", "south"]);
      expect(amendments.filter(({ next }) => next !== null)).toEqual([]);
    }
  });
});
