import fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR, START, Scene } from "./state/scene.ts";

/** A party that was rolled back and whose new log names, with its first entry, what the other party has said. */
test("a later incarnation opens when what its first entry names has been read, in whatever order entries come", () => {
  const scene = new Scene();
  scene.write({ by: "aland", kind: "message", at: START + HOUR, names: [] });
  const other = "bland";
  for (const n of [1, 2]) scene.write({ by: other, kind: "message", at: START + HOUR + n, names: [] });
  const opening = scene.restore("aland", "one", { at: START + 2 * HOUR, size: scene.log("aland").entries.length, names: [other] });
  fc.assert(
    fc.property(fc.shuffledSubarray([...scene.turns], { minLength: scene.turns.length }), (turns) => {
      const record = scene.interleaved(turns);
      expect(record.waiting).toBe(0);
      expect(record.logsOf[0]?.[1]?.lastControl?.leaf).toBe(opening);
    }),
  );
  const last = scene.turns.lastIndexOf(other);
  const early = scene.interleaved(scene.turns.filter((_, at) => at !== last));
  expect(early.waiting).toBe(1);
  expect(early.logs.size).toBe(2);
});
