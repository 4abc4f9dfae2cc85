import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { limits } from "@openline/core";
import { type Api, apiOf } from "../../src/http/api.ts";
import type { ServedLine } from "../../src/http/served.ts";
import { listenForMetrics } from "../../src/metrics/listener.ts";
import { Metrics } from "../../src/metrics/metrics.ts";
import { servedHere } from "../http/served-here.ts";
import { Line } from "../node/line.ts";

let line: Line;
let served: ServedLine;
let sinceTick: number;

beforeEach(async () => {
  line = await Line.open();
  await line.connect();
  await line.settle();
  await line.assign();
  await line.settle();
  const { node } = line.players[0]!;
  const direction = { value: "proven", since: null, code: null } as const;
  sinceTick = 0;
  served = servedHere(node, {
    lostPsks: () => [],
    unopened: () => [],
    bearers: () => [{ id: "tls south", kind: "tls", peer: "south", out: direction, in: { ...direction, value: "silent" } }],
    sinceTickMs: () => sinceTick,
  });
});

async function say(position: number, said: Parameters<Line["submit"]>[1]) {
  const placed = await line.submit(position, said);
  if (!placed.ok) throw new Error(placed.refusal.code);
  return placed.value.leaf;
}

/** Value of one sample, by its name and some of its labels. */
function valueOf(text: string, name: string, labels: Readonly<Record<string, string>>): number | undefined {
  const found = text.split("\n").filter((sample) => {
    return sample.startsWith(`${name}{`) && Object.entries(labels).every(([key, value]) => sample.includes(`${key}="${value}"`));
  });
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0] === undefined ? undefined : Number(found[0].slice(found[0].lastIndexOf(" ")));
}

describe("metrics", () => {
  test("a message is counted as unacknowledged, then held and acknowledged with how long that took", async () => {
    const metrics = new Metrics({ lines: [served] });
    const flash = { debtor: "south", precedence: "FLASH" };
    expect(valueOf(await metrics.text(), "openline_unacknowledged", flash)).toBe(0);
    const leaf = await say(0, { precedence: "FLASH" });
    await line.settle();
    line.wait(3);
    let text = await metrics.text();
    expect(valueOf(text, "openline_unacknowledged", flash)).toBe(1);
    expect(valueOf(text, "openline_overdue", flash)).toBe(0);
    expect(valueOf(text, "openline_held_seconds_count", { peer: "south", precedence: "FLASH" })).toBe(1);
    line.wait(86_400);
    expect(valueOf(await metrics.text(), "openline_overdue", flash)).toBe(1);
    await say(1, { kind: "acknowledge", refs: [leaf] });
    await line.settle();
    text = await metrics.text();
    expect(valueOf(text, "openline_unacknowledged", flash)).toBe(0);
    expect(valueOf(text, "openline_acknowledged_seconds_count", { peer: "south" })).toBe(1);
    expect(valueOf(text, "openline_acknowledged_seconds_sum", { peer: "south" })).toBeGreaterThan(86_000);
    expect(valueOf(text, "openline_held_seconds_count", { peer: "south" })).toBe(1);
  });

  test("what the peer has not named is its lag, and its last signed word keeps its time", async () => {
    const metrics = new Metrics({ lines: [served] });
    const before = await metrics.text();
    const last = valueOf(before, "openline_peer_last_signed_timestamp_seconds", { peer: "south" })!;
    await say(0, { precedence: "ROUTINE" });
    line.wait(60);
    const text = await metrics.text();
    expect(valueOf(text, "openline_peer_lag_entries", { peer: "south" })).toBeGreaterThan(0);
    expect(valueOf(text, "openline_peer_lag_seconds", { peer: "south" })).toBeGreaterThanOrEqual(60);
    expect(valueOf(text, "openline_peer_last_signed_timestamp_seconds", { peer: "south" })).toBe(last);
    expect(valueOf(text, "openline_peer_clock_offset_seconds", { peer: "south" })).toBe(0);
    expect(valueOf(text, "openline_bearer_health", { direction: "in", health: "silent" })).toBe(1);
    expect(valueOf(text, "openline_ready", { party: "north" })).toBe(1);
  });

  test("every metric is in the guide, and the guide names no other", async () => {
    const guide = readFileSync(fileURLToPath(new URL("../../../../docs/operating/metrics.md", import.meta.url)), "utf8");
    const types = (await new Metrics({ lines: [served] }).text()).matchAll(/^# TYPE (\S+)/gm);
    const named = guide.matchAll(/^\| `(openline_[a-z_]+)`/gm);
    const names = (found: Iterable<RegExpMatchArray>): ReadonlySet<string | undefined> => new Set([...found].map(([, name]) => name));
    expect(names(named)).toEqual(names(types));
  });

  test("promtool finds nothing wrong, where it is installed", async ({ skip }) => {
    const input = await new Metrics({ lines: [served] }).text();
    const run = spawnSync("promtool", ["check", "metrics"], { input, encoding: "utf8" });
    if (run.error !== undefined) skip("not run: promtool is not installed");
    expect([run.status, run.stderr]).toEqual([0, ""]);
  });

  test("the listener serves metrics and health and nothing of the API", async () => {
    const listening = await listenForMetrics({ lines: [served] }, { host: "127.0.0.1", port: 0 });
    try {
      const get = (path: string) => fetch(`http://127.0.0.1:${listening.port}${path}`);
      const metrics = await get("/metrics");
      expect(metrics.headers.get("content-type")).toContain("text/plain");
      expect(await metrics.text()).toContain("openline_log_entries");
      expect([(await get("/livez")).status, (await get("/readyz")).status, (await get("/api/v1/lines")).status]).toEqual([200, 200, 404]);
      await expect(listenForMetrics({ lines: [] }, { host: "127.0.0.1", port: listening.port })).rejects.toMatchObject({ code: "usage" });
    } finally {
      await listening.close();
    }
  });
});

describe("readiness", () => {
  let api: Api;
  beforeEach(() => {
    api = apiOf({ lines: [served] });
  });
  afterEach(() => api.close());
  const ready = async () => {
    const answer = await api.inject({ method: "GET", url: "/readyz" });
    return [answer.statusCode, answer.json<{ unready: unknown[] }>().unready];
  };

  test("a node is ready however the line is doing", async () => {
    line.wait(86_400);
    expect(await ready()).toEqual([200, []]);
  });

  test("a node for which time stands still is not", async () => {
    sinceTick = 10_001;
    expect(await ready()).toEqual([503, [{ party: "north", why: "stalled" }]]);
  });

  test("a node whose clock went back behind its log is not", async () => {
    line.wait(-3600);
    expect(await ready()).toEqual([503, [{ party: "north", why: "clock" }]]);
  });

  test("a node whose disk has no room left is not, until there is room", async () => {
    const { disk } = line.players[0]!;
    disk.bytesFree = limits.freeBytesMin - 1;
    expect(await ready()).toEqual([503, [{ party: "north", why: "full" }]]);
    disk.bytesFree = limits.freeBytesMin;
    expect(await ready()).toEqual([200, []]);
  });

  test("a node whose store fails is not, and still says that it lives", async () => {
    await served.store.close();
    expect(await ready()).toEqual([503, [{ party: "north", why: "store" }]]);
    await say(0, { precedence: "ROUTINE" }).catch(() => undefined);
    expect(await ready()).toEqual([503, [{ party: "north", why: "fault" }]]);
    expect((await api.inject({ method: "GET", url: "/livez" })).statusCode).toBe(200);
  });
});
