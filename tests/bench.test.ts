import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { main, root } from "./support/openline.ts";

interface Measured {
  readonly floor: { readonly ms: number; readonly parts: Readonly<Record<string, number>> };
  readonly figures: readonly { readonly id: string; readonly value: number; readonly unit: string }[];
}

/** In the order in which docs/operating/command.md explains them; how long anything took is no matter of a test. */
const FIGURES = [
  "held_p50_ms held_p99_ms throughput_64 throughput_256 wire_bytes_single wire_bytes_256 cpu_s_per_1000 rss_mb",
  "restart_100k_s rss_100k_mb",
  "append_single_ms append_group_per_s append_group_node_per_s append_log_size append_growth_1e6",
  "verify_entries_s structure_entries_s state_now_1e2_ms state_now_2e2_ms state_growth_1e6",
].flatMap((line) => line.split(" "));
const PARTS = ["durable_append", "loopback_round_trip", "durable_append_in_hundreds", "second_place_swap"];
const SUMS = ["ed25519_sign", "ed25519_verify", "sha256"];

test("everything is measured, and every figure is a number", () => {
  const args = ["--disable-warning=ExperimentalWarning", main, "bench", "--least", "--json"];
  const ran = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect([ran.stderr, ran.status]).toEqual(["", 0]);
  const { floor, figures } = JSON.parse(ran.stdout) as Measured;
  expect(figures.map(({ id }) => id)).toEqual(FIGURES);
  expect(Object.keys(floor.parts)).toEqual([...PARTS, ...SUMS]);
  // JSON has no word for what is not finite: it would be null here.
  for (const value of [floor.ms, ...Object.values(floor.parts), ...figures.map((figure) => figure.value)])
    expect(value).toEqual(expect.any(Number));
});
