import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type RunningNode, openline, startNode, stopNodes, workFolder } from "./support/openline.ts";

/** Two parties in two processes over TLS on loopback, spoken to by the command as their people do. */
const dir = workFolder();
const [jpn, chn] = [join(dir, "notice", "jpn"), join(dir, "notice", "chn")];
const clock = ["--clock", "2025-12-06T10:00:00Z"];

interface Shown {
  readonly log: string;
  readonly index: number;
  readonly kind: string;
  readonly held: readonly { readonly by: string }[];
  readonly acknowledged: string | null;
}
const json = <T>(text: string): T => JSON.parse(text) as T;

beforeAll(async () => {
  const run = await openline(["exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", join(dir, "notice")]);
  expect(run.code).toBe(0);
});
afterEach(stopNodes);

/** `chn` listens; port 0: any free one. */
async function listen(port: number): Promise<{ readonly node: RunningNode; readonly port: number }> {
  writeFileSync(join(chn, "bearers.yaml"), `listen: 127.0.0.1:${port}\n`);
  const node = await startNode(["--dir", chn, ...clock]);
  return { node, port: Number(/port (\d+)/.exec(node.printed())?.[1]) };
}

/** `jpn` calls it. */
async function call(port: number): Promise<RunningNode> {
  writeFileSync(join(jpn, "bearers.yaml"), `dial: ["127.0.0.1:${port}"]\n`);
  return startNode(["--dir", jpn, ...clock]);
}

/** Asks again until the answer is as wanted: each question is a process of its own, and time passes in it. */
async function eventually<T>(ask: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (let round = 0; round < 60; round++) {
    const value = await ask();
    if (wanted(value)) return value;
  }
  throw new Error("it did not come about");
}

const say = async (args: readonly string[]): Promise<{ readonly log: string; readonly index: number }> => {
  const run = await openline([...args, "--json"]);
  expect(run.err).toBe("");
  return json(run.out);
};
const shown = async (party: string, place: string): Promise<Shown> => json((await openline(["show", place, "--dir", party, "--json"])).out);
const cut = async (party: string): Promise<unknown> =>
  json<{ cut: unknown }>((await openline(["status", "--dir", party, "--at", "2025-12-06T12:00:00Z", "--json"])).out).cut;

describe("two nodes over TLS", () => {
  test("a FLASH is held, acknowledged and answered; a node that was away gets everything in order; both records are equal", async () => {
    const { node: listener, port } = await listen(0);
    const caller = await call(port);
    const flash = await say([
      "send",
      "--dir",
      jpn,
      "--channel",
      "hotline",
      "--from",
      "duty-officer",
      "--precedence",
      "FLASH",
      "--text",
      "One.",
    ]);
    const place = `${flash.log}/${flash.index}`;
    await eventually(
      () => shown(jpn, place),
      ({ held }) => held.some(({ by }) => by === "chn"),
    );
    const inbox = json<{ items: readonly { entry: Shown }[] }>((await openline(["inbox", "--dir", chn, "--all", "--json"])).out);
    expect(inbox.items.map(({ entry }) => `${entry.log}/${entry.index}`)).toContain(place);
    await say(["acknowledge", place, "--dir", chn, "--from", "duty-officer", "--text", "Seen."]);
    await say(["answer", place, "--dir", chn, "--from", "duty-officer", "--text", "Two."]);
    await eventually(
      () => shown(jpn, place),
      ({ acknowledged }) => acknowledged !== null,
    );
    const health = json<{ bearers: readonly unknown[] }>((await openline(["bearers", "--dir", jpn, "--json"])).out);
    expect(health.bearers).toMatchObject([{ kind: "tls", peer: "chn", out: { value: "proven" }, in: { value: "proven" } }]);

    expect(await listener.stop()).toBe(0);
    const sent: { readonly log: string; readonly index: number }[] = [];
    for (const text of ["a", "b", "c"])
      sent.push(await say(["send", "--dir", jpn, "--channel", "hotline", "--from", "duty-officer", "--text", text]));
    await listen(port);
    for (const { log, index } of sent)
      await eventually(
        () => shown(chn, `${log}/${index}`).catch(() => undefined),
        (entry) => entry?.kind === "message",
      );
    await eventually(
      async () => [await cut(jpn), await cut(chn)],
      ([a, b]) => JSON.stringify(a) === JSON.stringify(b),
    );
    expect(caller.child.exitCode).toBe(null);
  });

  test("a port in use, a bad setting and a foreign caller are refused with one clear line", async () => {
    const { port } = await listen(0);
    writeFileSync(join(jpn, "bearers.yaml"), `listen: 127.0.0.1:${port}\n`);
    await expect(startNode(["--dir", jpn, ...clock])).rejects.toThrow(/ended with 2: openline: usage: cannot listen on .*EADDRINUSE/);
    for (const [settings, wrong] of [
      ["listen: nowhere", "listen: host:port"],
      ["dial: 127.0.0.1:1", "dial: a list"],
      ["dail: []", 'no key "dail"'],
      ["[", "bearers.yaml"],
    ] as const) {
      writeFileSync(join(jpn, "bearers.yaml"), settings);
      await expect(startNode(["--dir", jpn, ...clock])).rejects.toThrow(wrong);
    }
  });
});
