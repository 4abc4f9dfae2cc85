import { type Digest, LineRecord, type LeafHash, dueInForce, encodeTerms, fileDigest, fromHex, inUseNow } from "@openline/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nativeSuite as suite } from "../../../node/src/crypto/native-suite.ts";
import { MINUTE, START, Scene } from "./scene.ts";

/** Several parties amend at once, over a network that lets through what it likes. Who may confirm is judged by the record alone. */

interface Step {
  readonly by: number;
  readonly does: "propose" | "take-back" | "accept" | "confirm" | "go-over" | "hear";
  /** Which of several, and from whom it hears: a bit for each party. */
  readonly choice: number;
}

const IDS = ["aland", "bland", "cland"] as const;
const step = fc.record({
  by: fc.nat(2),
  does: fc.constantFrom(...(["propose", "take-back", "accept", "accept", "confirm", "confirm", "go-over", "hear", "hear"] as const)),
  choice: fc.nat(7),
});
const RUNS = { numRuns: Number(process.env["OPENLINE_RUNS"] ?? 60) };

interface Proposal {
  readonly by: string;
  readonly leaf: LeafHash;
  readonly digest: Digest;
}

/** What honest parties do, one after the other: some amendment is always confirmed among those that chance plays. */
const HONEST: readonly Step[] = [
  { by: 0, does: "propose", choice: 0 },
  { by: 1, does: "accept", choice: 7 },
  { by: 2, does: "accept", choice: 7 },
  { by: 0, does: "confirm", choice: 7 },
  { by: 1, does: "propose", choice: 7 },
];

class Parties {
  readonly scene: Scene;
  readonly ids: readonly string[];
  readonly proposals: Proposal[] = [];
  #beats = 130;
  #at = START + MINUTE;
  readonly #record: LineRecord;
  readonly #offered: Map<string, number> = new Map();

  constructor(count: number) {
    this.ids = IDS.slice(0, count);
    this.scene = new Scene({ parties: this.ids });
    this.#record = new LineRecord(suite, this.scene.accord, { signatures: false });
  }

  /** Everything written so far, as a node that holds it all has it. */
  get record(): LineRecord {
    for (const amendment of this.scene.amendments) this.#record.learn(amendment);
    for (const party of this.scene.turns.slice(this.#offered.get("") ?? 0)) {
      const log = this.scene.log(party);
      const index = this.#offered.get(party) ?? 0;
      this.#offered.set(party, index + 1);
      const [bytes, leaf, head] = [log.entries[index], log.leaves[index], log.heads[index]];
      if (bytes === undefined || leaf === undefined || head === undefined) throw new RangeError("a turn without an entry");
      this.#record.noteRoot(head.log, head.size, head.root);
      this.#record.offer({ log: log.id, index, leaf, bytes });
    }
    this.#offered.set("", this.scene.turns.length);
    // An act that was refused is no part of the control chain.
    for (const log of this.scene.logs.values()) log.control = this.#record.logs.get(log.id)?.lastControl ?? null;
    return this.#record;
  }

  /** What every party has, whether a rule lets it count or not: a hostile node writes what it likes. */
  play({ by, does, choice }: Step): void {
    const id = this.ids[by % this.ids.length] ?? "aland";
    const names = this.ids.filter((_, i) => (choice >> i) % 2 === 1);
    const at = (this.#at += MINUTE);
    const { record } = this;
    const log = record.logs.get(this.scene.log(id).id);
    if (log === undefined) return;
    const pick = (list: readonly Proposal[]): Proposal | undefined => list.at(-1 - (choice % Math.min(2, Math.max(1, list.length))));
    switch (does) {
      case "propose": {
        const { terms, termsDigest } = inUseNow(log);
        const file = encodeTerms({ ...terms, base: fromHex(termsDigest), beat: this.#beats++ });
        const { digest } = this.scene.amendment(id, file);
        const leaf = this.scene.write({ by: id, kind: "propose", at, facts: { digest, purpose: "terms" }, names });
        this.proposals.push({ by: id, leaf, digest });
        return;
      }
      case "take-back": {
        const digest = inUseNow(log).termsDigest;
        this.scene.write({ by: id, kind: "propose", at, facts: { digest, purpose: "terms" }, names });
        return;
      }
      case "accept": {
        const found = pick(this.proposals.filter((item) => item.by !== id));
        if (found === undefined) return;
        this.scene.write({ by: id, kind: "accept", at, facts: { digest: found.digest }, refs: [found.leaf], names });
        return;
      }
      case "confirm": {
        const found = pick(this.proposals.filter((item) => item.by === id));
        if (found === undefined) return;
        this.scene.write({ by: id, kind: "confirm", at, facts: { digest: found.digest }, refs: [found.leaf], names });
        return;
      }
      case "go-over":
        return this.#goOver(record, id, at);
      case "hear":
        this.scene.write({ by: id, kind: "beat", at, names });
        return;
    }
  }

  #goOver(record: LineRecord, id: string, at: number): void {
    const log = record.logs.get(this.scene.log(id).id);
    const due = log === undefined ? undefined : dueInForce(record, log);
    if (due !== undefined) this.scene.write({ by: id, kind: "in-force", at, ...due, names: [] });
  }

  /** The network is whole again, and every node does what is due. */
  settle(): LineRecord {
    for (let round = 0; round < 5; round++) {
      for (const id of this.ids) {
        this.scene.beat(id, (this.#at += MINUTE));
        this.#goOver(this.record, id, (this.#at += MINUTE));
      }
    }
    return this.record;
  }
}

const chainOf = (record: LineRecord): readonly string[] => record.amendments.terms.map(({ confirm }) => confirm.leaf);

describe("amendments of terms", () => {
  for (const count of [2, 3]) {
    test(`at most one of the proposals on one base is confirmed, in every order and partition of ${count} parties`, () => {
      let confirmed = 0;
      fc.assert(
        fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
          const parties = new Parties(count);
          for (const item of steps) parties.play(item);
          const record = parties.settle();
          const { terms } = record.amendments;
          confirmed += terms.length;
          const bases = terms.map(({ confirm }) => record.amendments.baseOf(confirm.leaf));
          expect(new Set(bases).size).toBe(bases.length);
          // Each is made on the one before it, and every log uses the last.
          const digests = [record.accord.termsDigest, ...terms.map(({ amendment }) => fileDigest(suite, amendment.file))];
          expect(bases).toEqual(digests.slice(0, -1));
          for (const log of record.logs.values()) expect(inUseNow(log).termsDigest).toBe(digests.at(-1));
        }),
        { ...RUNS, examples: [[[...HONEST]]] },
      );
      expect(confirmed).toBeGreaterThan(0);
    });
  }

  test("equal entries give equal terms, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.infiniteStream(fc.nat(1000)), (steps, chance) => {
        const parties = new Parties(2);
        for (const item of steps) parties.play(item);
        const { scene } = parties;
        const loaded = parties.settle();
        const left = new Map([...scene.logs].map(([id, log]) => [id, log.entries.length]));
        const turns: string[] = [];
        while (left.size > 0) {
          const ids = [...left.keys()];
          const id = ids[Number(chance.next().value) % ids.length] ?? "";
          turns.push(id);
          if ((left.get(id) ?? 1) === 1) left.delete(id);
          else left.set(id, (left.get(id) ?? 1) - 1);
        }
        const shuffled = scene.interleaved(turns);
        expect(shuffled.waiting).toBe(0);
        expect(chainOf(shuffled)).toEqual(chainOf(loaded));
      }),
      RUNS,
    );
  });

  test("after crossed accepts one party takes its own back and the other confirms: nobody is locked out", () => {
    const parties = new Parties(2);
    const all = 7;
    for (const [by, does, choice] of [
      [0, "propose", 0],
      [1, "propose", 0],
      [0, "accept", all],
      [1, "accept", all],
      [0, "confirm", all],
      [1, "confirm", all],
    ] as const)
      parties.play({ by, does, choice });
    expect(chainOf(parties.record)).toEqual([]);
    parties.play({ by: 1, does: "take-back", choice: all });
    parties.play({ by: 0, does: "confirm", choice: 6 });
    expect(chainOf(parties.settle()).length).toBe(1);
  });
});
