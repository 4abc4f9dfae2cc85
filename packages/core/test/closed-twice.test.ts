import fc from "fast-check";
import { expect, test } from "vitest";
import { type LineRecord, loadRecord, logLabel } from "../src/index.ts";
import { HOUR, START, Scene } from "./state/scene.ts";
import { nativeSuite as suite } from "../../node/src/crypto/native-suite.ts";

/** A party that closes one log twice and goes on in two: which of them is its later one is a matter of bytes alone. */
function twiceClosed(): Scene {
  const scene = new Scene();
  for (const n of [1, 2]) scene.write({ by: "aland", kind: "message", at: START + HOUR + n, names: [] });
  const size = scene.log("aland").entries.length;
  scene.restore("aland", "one", { at: START + 2 * HOUR, size: size - 1 });
  scene.write({ by: "aland", log: "one", kind: "message", at: START + 2 * HOUR + 1, names: [] });
  scene.restore("aland", "other", { at: START + 2 * HOUR, size });
  scene.write({ by: "aland", log: "other", kind: "message", at: START + 2 * HOUR + 1, names: [] });
  return scene;
}

const labels = (record: LineRecord): readonly string[] =>
  [...record.logs.values()].map((log) => `${log.id} ${logLabel(record, log)}`).toSorted((a, b) => (a < b ? -1 : 1));

test("its logs have the same names in whatever order they are loaded", () => {
  const scene = twiceClosed();
  const logs = [...scene.logs.values()].map(({ id, entries }) => ({ log: id, entries }));
  const expected = labels(scene.record());
  fc.assert(
    fc.property(fc.shuffledSubarray(logs, { minLength: logs.length }), (order) => {
      expect(labels(loadRecord(suite, scene.accord, order, { signatures: false }).record)).toEqual(expected);
    }),
  );
});

test("a record that may have taken them in another order says that it is outdated", () => {
  const scene = twiceClosed();
  const expected = labels(scene.record());
  fc.assert(
    fc.property(fc.shuffledSubarray([...scene.turns], { minLength: scene.turns.length }), (turns) => {
      const record = scene.interleaved(turns);
      if (!record.outdated) expect(labels(record)).toEqual(expected);
      else expect(record.logsOf[0]?.length).toBe(3);
    }),
  );
});
