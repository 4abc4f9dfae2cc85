import fc from "fast-check";
import { expect, test } from "vitest";
import type { KindName, LineRecord } from "../src/index.ts";
import { HOUR, START, Scene } from "./state/scene.ts";

/** A party whose store was rolled back: what it had lost of its first log has been returned by the others, and some of the same
 *  acts have been placed again in its second log before that was known. */
function restoredLine(): Scene {
  const scene = new Scene();
  const id = (n: number): string => n.toString(16).padStart(32, "f");
  const act = (n: number, log: string, kind: KindName = "message"): string =>
    scene.write({ by: "aland", kind, at: START + HOUR + n, actId: id(n), log, names: [] });
  const size = scene.log("aland").entries.length;
  act(1, "aland");
  scene.beat("bland", START + HOUR + 1);
  act(2, "aland");
  scene.beat("bland", START + HOUR + 2);
  act(3, "aland");
  scene.restore("aland", "second", { at: START + 2 * HOUR, size: size + 1 });
  act(1, "second");
  act(2, "second");
  act(4, "second");
  act(3, "second");
  scene.beat("bland", START + 3 * HOUR);
  return scene;
}

const effective = (scene: Scene, record: LineRecord): readonly string[] =>
  [...scene.logs].flatMap(([name, { leaves }]) =>
    leaves.flatMap((leaf, i) => {
      const { header } = record.byLeaf.get(leaf) ?? {};
      return header?.kind === "message" ? [`${name}/${i} ${header.actId.slice(-1)}`] : [];
    }),
  );

test("an act placed in the end of a closed log and again in the next counts in the closed one", () => {
  const scene = restoredLine();
  expect(effective(scene, scene.record())).toEqual(["aland/3 1", "aland/4 2", "aland/5 3", "second/3 4"]);
});

test("in whatever order the logs are read; where the order was another, the record says that it is outdated", () => {
  const scene = restoredLine();
  const loaded = effective(scene, scene.record());
  let outdated = 0;
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat(1000)), (chance) => {
      const left = new Map([...scene.logs].map(([name, { leaves }]) => [name, leaves.length]));
      const turns: string[] = [];
      while (left.size > 0) {
        const names = [...left.keys()];
        const name = names[Number(chance.next().value) % names.length] ?? "";
        turns.push(name);
        const rest = (left.get(name) ?? 1) - 1;
        if (rest === 0) left.delete(name);
        else left.set(name, rest);
      }
      const record = scene.interleaved(turns);
      expect(record.waiting).toBe(0);
      if (record.outdated) outdated++;
      else expect(effective(scene, record)).toEqual(loaded);
    }),
    { numRuns: 200 },
  );
  expect(outdated).toBeGreaterThan(0);
});

test("the end of a closed log that comes last makes a record outdated", () => {
  const scene = restoredLine();
  const size = 4;
  const first = scene.interleaved(
    scene.turns.filter((name, i) => name !== "aland" || scene.turns.slice(0, i).filter((n) => n === "aland").length < size),
  );
  expect(first.outdated).toBe(false);
  const { id, entries, leaves } = scene.log("aland");
  for (let index = size; index < entries.length; index++) {
    const [bytes, leaf] = [entries[index], leaves[index]];
    if (bytes !== undefined && leaf !== undefined) first.offer({ log: id, index, leaf, bytes });
  }
  expect(first.outdated).toBe(true);
  expect(effective(scene, first)).not.toEqual(effective(scene, scene.record()));
});
