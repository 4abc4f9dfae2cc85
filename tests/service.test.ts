import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { bin, openline, startNode, stopNodes, workFolder } from "./support/openline.ts";

/** The node as a service in an exercise folder, and the verbs that go through it. */
const dir = workFolder();
const jpn = join(dir, "notice", "jpn");
const clock = ["--clock", "2025-12-06T10:00:00Z"];

const json = <T>(text: string): T => JSON.parse(text) as T;
interface InboxView {
  readonly items: readonly { readonly entry: { readonly log: string; readonly index: number; readonly kind: string } }[];
}

beforeAll(async () => {
  const run = await openline(["exercise", "run", "exercises/notice-2025-12-06.yaml", "--dir", join(dir, "notice")]);
  expect(run.code).toBe(0);
});

afterEach(stopNodes);

describe("openline up", () => {
  test("verbs go through the running node; it stops clean and starts again where it was", async () => {
    const node = await startNode(["--dir", jpn, ...clock]);
    expect(statSync(join(jpn, "control.sock")).mode & 0o777).toBe(0o600);

    const inbox = json<InboxView>((await openline(["inbox", "--dir", jpn, "--json"])).out);
    expect(inbox.items.map(({ entry }) => entry.kind)).toContain("notification-update");
    const [first] = inbox.items;
    const place = `${first!.entry.log}/${first!.entry.index}`;

    const seen = await openline(["acknowledge", place, "--dir", jpn, "--from", "duty-officer", "--text", "Seen.", "--json"]);
    expect(seen.err).toBe("");
    expect(seen.code).toBe(0);
    const placed = json<{ log: string; index: number }>(seen.out);
    expect(placed.log).toBe("jpn");
    const shown = json<{ kind: string; channel: string; body: unknown }>(
      (await openline(["show", `jpn/${placed.index}`, "--dir", jpn, "--json"])).out,
    );
    expect(shown).toMatchObject({ kind: "acknowledge", channel: "radio", body: { text: { en: "Seen." } } });

    expect(await node.stop()).toBe(0);
    expect(existsSync(join(jpn, "control.sock"))).toBe(false);
    const again = await startNode(["--dir", jpn, "--clock", "2025-12-06T11:00:00Z"]);
    const sent = await openline([
      "note",
      "--dir",
      jpn,
      "--from",
      "duty-officer",
      "--text",
      "Again.",
      "--text",
      "zh=再次。",
      "--channel",
      "radio",
      "--json",
    ]);
    expect(sent.err).toBe("");
    // Nobody confirmed in time that it had not been rolled back: it goes on in a new incarnation, and the old one stays.
    expect(json<{ log: string }>(sent.out).log).toBe("jpn");
    const notes = json<readonly { kind: string }[]>((await openline(["show", "--dir", jpn, "--json"])).out).map(({ kind }) => kind);
    expect(notes).toEqual(expect.arrayContaining(["acknowledge", "note"]));
    expect(await again.stop()).toBe(0);
  });

  test("a file goes beside an act, and out of the folder again by the name of its bytes", async () => {
    const node = await startNode(["--dir", jpn, ...clock]);
    const chart = join(dir, "chart.geojson");
    writeFileSync(chart, `{"type":"Point","coordinates":[124.9,37.1]}`);
    const note = join(dir, "words");
    writeFileSync(note, "Seen from the bridge.");
    const say = ["note", "--dir", jpn, "--from", "duty-officer", "--channel", "radio", "--text", "A chart.", "--json"];
    const sent = await openline([...say, "--attach", chart, "--attach", `text/plain=${note}`]);
    expect(sent.err).toBe("");
    const { index } = json<{ index: number }>(sent.out);
    const shown = await openline(["show", `jpn/${index}`, "--dir", jpn]);
    expect(shown.out).toContain("chart.geojson (application/geo+json, 43 B)");
    expect(shown.out).toContain("words (text/plain, 21 B)");
    const object = createHash("sha256").update(readFileSync(chart)).digest("hex");
    const out = join(dir, "saved");
    expect((await openline(["attachment", "save", object, "--dir", jpn, "-o", out])).code).toBe(0);
    expect(readFileSync(out).equals(readFileSync(chart))).toBe(true);
    expect((await openline(["attachment", "save", object, "--dir", jpn, "-o", out])).code).toBe(2);
    expect((await openline(["attachment", "save", "00".repeat(32), "--dir", jpn, "-o", `${out}2`])).code).toBe(4);
    expect((await openline([...say, "--attach", join(dir, "not-there")])).code).toBe(2);
    expect(await node.stop()).toBe(0);
  });

  test("a second node in the same folder is refused, and the first goes on", async () => {
    await startNode(["--dir", jpn, ...clock]);
    await expect(startNode(["--dir", jpn, ...clock])).rejects.toThrow(/ended with 4: .*folder-in-use/);
    expect((await openline(["inbox", "--dir", jpn])).code).toBe(0);
  });

  test("the command is killed: its node ends too, and the folder is free", async () => {
    const command = spawn(process.execPath, [bin, "up", "--dir", jpn, ...clock], { stdio: ["ignore", "pipe", "ignore"] });
    const [said] = (await once(command.stdout, "data")) as [Buffer];
    expect(said.toString()).toContain("running");
    command.kill("SIGKILL");
    // Its standard output is the node's too, and closes with the node.
    await once(command.stdout.resume(), "close");
    await startNode(["--dir", jpn, ...clock]);
  });

  test.each([
    ["no node runs", ["inbox", "--dir", jpn], 4, /no node runs in/],
    ["no such folder", ["up", "--dir", join(dir, "nowhere")], 4, /not-a-folder/],
    ["no folder given", ["up"], 2, /--dir/],
  ])("%s: one clear line and its code", async (_, args, code, line) => {
    const run = await openline(args);
    expect(run.code).toBe(code);
    expect(run.err).toMatch(line);
  });

  test("a start that fails ends with one line and its code, and the folder is free: nothing that has begun goes on", async () => {
    const fails = async (...more: readonly string[]) => {
      const { code, out, err } = await openline(["up", "--dir", jpn, ...clock, ...more]);
      expect([out, err.trim().split("\n")]).toEqual(["", [expect.stringContaining("openline: ")]]);
      return [code, err];
    };
    writeFileSync(join(jpn, "bearers.yaml"), "listen: 127.0.0.1:0\n");
    writeFileSync(join(jpn, "telephones.yaml"), "- who: 5\n");
    expect(await fails()).toEqual([2, expect.stringContaining("telephones.yaml")]);
    rmSync(join(jpn, "telephones.yaml"));
    writeFileSync(join(jpn, "alarm.yaml"), "log: alarm.log\n");
    // What a killed node has left.
    rmSync(join(jpn, "control"), { force: true });
    mkdirSync(join(jpn, "control"));
    expect(await fails()).toEqual([4, expect.stringContaining("EISDIR")]);
    rmSync(join(jpn, "control"), { recursive: true });
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    expect(await fails("--metrics", `127.0.0.1:${port}`)).toEqual([2, expect.stringContaining(String(port))]);
    expect(await fails("--console", `127.0.0.1:${port}`)).toEqual([2, expect.stringContaining(String(port))]);
    taken.close();
    await startNode(["--dir", jpn, ...clock]);
    for (const name of ["bearers.yaml", "alarm.yaml"]) rmSync(join(jpn, name));
  });

  test("what the line or the command does not allow is refused with its code, and nothing is placed", async () => {
    await startNode(["--dir", jpn, ...clock]);
    const refused = async (args: readonly string[]) => {
      const run = await openline([...args, "--dir", jpn]);
      return [run.code, run.err];
    };
    expect(await refused(["send", "--channel", "none", "--text", "x"])).toEqual([2, expect.stringContaining("has no channel none")]);
    expect(await refused(["acknowledge", "chn/999", "--from", "duty-officer"])).toEqual([2, expect.stringContaining("not-found")]);
    expect(await refused(["holding-reply", "chn/1"])).toEqual([2, expect.stringContaining("--until")]);
    expect(await refused(["send", "--channel", "radio", "--precedence", "SOON", "--from", "ship", "--text", "x"])).toEqual([
      2,
      expect.stringContaining("FLASH"),
    ]);
    const say = (...words: readonly string[]) => refused(["send", "--channel", "radio", "--from", "ship", ...words]);
    expect(await say("--text", "")).toEqual([2, expect.stringContaining("the text is empty")]);
    expect(await say("--text-file", "/dev/zero")).toEqual([2, expect.stringContaining("/dev/zero cannot be read")]);
    expect(await say("--text", "x", "--attach", "/dev/zero")).toEqual([2, expect.stringContaining("/dev/zero is no file")]);
    expect(await refused(["send", "--channel", "radio", "--from", "ship", "--text", "one", "--text", "two"])).toEqual([
      2,
      expect.stringContaining("twice"),
    ]);
    expect(await refused(["clarification", "chn/8", "--from", "duty-officer"])).toEqual([0, ""]);
  });
});
