import { join } from "node:path";
import { recordFiles } from "@openline/core";
import { nativeSuite as suite } from "@openline/node";
import { readFolder, recordSource, runExercise } from "@openline/node/operate";
import { verifyRecord } from "@openline/verify";
import type { Figure } from "./append.ts";

/** The shipped exercise on real nodes and disks, and the verification of what one party exports of it. */
export async function replayFigures(folder: string): Promise<readonly Figure[]> {
  const dir = join(folder, "exercise");
  const file = new URL("../../exercises/us-china-2022-2024.yaml", import.meta.url).pathname;
  const start = performance.now();
  const run = await runExercise({ file, dir, fresh: false });
  const replay = performance.now() - start;
  const view = await readFolder(join(dir, Object.keys(run.parties)[0] ?? ""));
  const source = await recordSource(suite, view);
  await view.store.close();
  const files = new Map([...recordFiles(suite, source)].map(({ path, bytes }) => [path, bytes] as const));
  const verifyStart = performance.now();
  const report = verifyRecord(suite, files);
  const verify = performance.now() - verifyStart;
  if (!report.ok) throw new Error("the exercise's export does not verify");
  return [
    { id: "exercise_replay_ms", value: replay, unit: "ms" },
    { id: "export_verify_ms", value: verify, unit: "ms" },
  ];
}
