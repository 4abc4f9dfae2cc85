import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { alarmsAt, secondsOf } from "@openline/core";
import type { ServedLine } from "../../src/http/served.ts";
import { type AlarmSettings, readAlarmSettings } from "../../src/watch/alarm-settings.ts";
import { Bell } from "../../src/watch/bell.ts";
import { Changes } from "../../src/watch/changes.ts";
import { DeadMan } from "../../src/watch/dead-man.ts";
import { HostAlarm } from "../../src/watch/host-alarm.ts";
import { TextLog } from "../../src/watch/text-log.ts";
import { servedHere } from "../http/served-here.ts";
import { Line, channel } from "../node/line.ts";

const dir = mkdtempSync(join(tmpdir(), "openline-alarm-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let line: Line;
let number = 0;

async function openLine(terms: NonNullable<Parameters<typeof Line.open>[0]>["terms"] = {}): Promise<void> {
  line = await Line.open({ terms });
  await line.connect();
  await line.settle();
  await line.assign();
  await line.settle();
}
beforeEach(() => openLine());

const servedOf = (position: number): ServedLine => servedHere(line.players[position]!.node);

/** A real program: it appends its input, and each of its arguments in brackets, to a file. */
function program(script = 'cat >> "$OUT"; for a in "$@"; do echo "[$a]" >> "$OUT"; done'): {
  path: string;
  out: string;
  read: () => string;
} {
  number++;
  const path = join(dir, `program-${number}`);
  const out = join(dir, `out-${number}`);
  writeFileSync(path, `#!/bin/sh\nOUT='${out}'\n${script}\n`);
  chmodSync(path, 0o755);
  return { path, out, read: () => (existsSync(out) ? readFileSync(out, "utf8") : "") };
}

async function say(position: number, said: Parameters<Line["submit"]>[1], text?: string) {
  const placed = await line.submit(position, said, text);
  if (!placed.ok) throw new Error(placed.refusal.code);
  return placed.value;
}

describe("bell", () => {
  test("each alarm runs the program once, on the side that owes; overdue rings on both; acknowledged rings no more", async () => {
    const programs = [program(), program()];
    const told: string[] = [];
    const bells = programs.map(({ path }, position) => new Bell(servedOf(position), [path], (words) => told.push(words)));
    const look = async () => {
      for (const bell of bells) {
        bell.look();
        await bell.stop();
      }
      return programs.map(({ read }) =>
        read()
          .split("\n")
          .filter(Boolean)
          .map((notice) => JSON.parse(notice) as { reason: string }),
      );
    };
    const { leaf, index } = await say(0, { precedence: "FLASH" }, "SECRET words");
    await line.settle();
    await look();
    const [north, south] = await look();
    expect(north).toEqual([]);
    expect(south).toMatchObject([
      { reason: "arrived", precedence: "FLASH", debtor: "south", entry: `north/${index}`, clock: "acknowledgement" },
    ]);
    expect(programs[1]!.read()).not.toContain("SECRET");
    line.wait(7200);
    const late = await look();
    expect(late.map((notices) => notices.map(({ reason }) => reason))).toEqual([["overdue"], ["arrived", "overdue"]]);
    await say(1, { kind: "acknowledge", refs: [leaf] });
    await line.settle();
    await look();
    expect(alarmsAt(line.node(1).record, { party: 1, at: secondsOf(line.now) })).toEqual([]);
    expect(await look()).toEqual(late);
    expect(told).toEqual([]);
  });

  test("a restart rings again what still stands", async () => {
    await say(0, { precedence: "FLASH" });
    await line.settle();
    const { path, read } = program();
    for (let start = 0; start < 2; start++) {
      const bell = new Bell(servedOf(1), [path], () => undefined);
      bell.look();
      await bell.stop();
    }
    expect(read().split("\n").filter(Boolean).length).toBe(2);
  });

  test("arguments reach the program as they are configured: no shell reads them, and nothing said is put into them", async () => {
    const { path, read } = program();
    const trap = join(dir, "trap");
    const args = [`$(touch ${trap})`, "; touch it", "`id`", "{text}", "%s", "a b"];
    await say(0, { precedence: "FLASH" }, `"; touch ${trap}; echo "`);
    await line.settle();
    const bell = new Bell(servedOf(1), [path, ...args], () => undefined);
    bell.look();
    await bell.stop();
    for (const arg of args) expect(read()).toContain(`[${arg}]`);
    expect(existsSync(trap)).toBe(false);
  });

  test("a program that fails is told of and tried again while the alarm stands", async () => {
    await say(0, { precedence: "FLASH" });
    await line.settle();
    const { path, read } = program('echo rang >> "$OUT"; exit 3');
    const told: string[] = [];
    const bell = new Bell(servedOf(1), [path], (words) => told.push(words));
    bell.look();
    await bell.stop();
    bell.look();
    await bell.stop();
    expect(read()).toBe("rang\n");
    expect(told).toEqual([expect.stringContaining("tried again")]);
  });
});

describe("a bell that hangs", () => {
  test("takes no turn of what is more urgent, nor what is late one of what is new", async () => {
    const within = { FLASH: 300, IMMEDIATE: 300, PRIORITY: 300 };
    await openLine({ channels: [channel(1, "main", { clocks: { held: within, acknowledge: within, answer: {}, callRequest: null } })] });
    for (let late = 0; late < 5; late++) await say(0, { precedence: "IMMEDIATE" });
    await line.settle();
    line.wait(7200);
    for (let lesser = 0; lesser < 5; lesser++) await say(0, { precedence: "PRIORITY" });
    await line.settle();
    const { path, read } = program('cat >> "$OUT"; exec tail -f /dev/null');
    const bell = new Bell(servedOf(1), [path], () => undefined);
    const rung = () =>
      read()
        .split("\n")
        .filter(Boolean)
        .map((notice) => JSON.parse(notice) as { reason: string; precedence: string })
        .map(({ reason, precedence }) => `${reason} ${precedence}`)
        .toSorted();
    const hung = [...Array<string>(4).fill("arrived PRIORITY"), ...Array<string>(4).fill("overdue IMMEDIATE")];
    bell.look();
    await expect.poll(rung).toEqual(hung);
    await say(0, { precedence: "IMMEDIATE" });
    await line.settle();
    bell.look();
    await expect.poll(rung).toEqual(["arrived IMMEDIATE", ...hung].toSorted());
    await say(0, { precedence: "FLASH" });
    await line.settle();
    bell.look();
    await expect.poll(rung).toEqual(["arrived FLASH", "arrived IMMEDIATE", ...hung].toSorted());
    await bell.stop();
  });

  test("is killed at a stop with whatever it has started", async () => {
    await say(0, { precedence: "FLASH" });
    await line.settle();
    const { path, read } = program('tail -f /dev/null & echo "$! $$" >> "$OUT"; wait');
    const told: string[] = [];
    const bell = new Bell(servedOf(1), [path], (words) => told.push(words));
    bell.look();
    await expect.poll(read).toMatch(/^\d+ \d+\n$/);
    const pids = read().trim().split(" ");
    await bell.stop();
    await expect.poll(() => pids.filter(runs)).toEqual([]);
    expect(told).toEqual([expect.stringContaining("it ended with SIGKILL")]);
  });
});

/** Whether a process is there and no mere entry of the table of processes that nobody has collected. */
const runs = (pid: string): boolean => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

/** Programs that the system refuses to start: of the first two Node tells by throwing. */
const UNSTARTABLE: readonly (readonly [string, () => { readonly path: string; readonly mend: () => void }])[] = [
  [
    "that is being written",
    () => {
      const { path } = program();
      const file = openSync(path, "r+");
      return { path, mend: () => closeSync(file) };
    },
  ],
  [
    "whose folder became a file",
    () => {
      const { path } = program();
      return { path: join(path, "bell"), mend: () => undefined };
    },
  ],
  [
    "that went away",
    () => {
      const { path } = program();
      rmSync(path);
      return { path, mend: () => undefined };
    },
  ],
];

describe.each(UNSTARTABLE)("a program %s", (_, make) => {
  test("is told of as a bell, and the next alarm is looked at", async () => {
    await say(0, { precedence: "FLASH" });
    await line.settle();
    const { path, mend } = make();
    const told: string[] = [];
    const bell = new Bell(servedOf(1), [path], (words) => told.push(words));
    bell.look();
    await bell.stop();
    expect(told).toEqual([expect.stringMatching(/failed: it cannot be started \(.*\); it is tried again/)]);
    mend();
  });

  test("is told of as a dead man, and started again with the next line", async () => {
    const { path, mend } = make();
    const told: string[] = [];
    const deadMan = new DeadMan([path], (words) => told.push(words));
    await expect.poll(() => told.length).toBe(1);
    deadMan.feed("one");
    await expect.poll(() => told.length).toBe(2);
    expect(told[0]).toMatch(/does not run: it cannot be started \(.*\); it is started again/);
    mend();
    await deadMan.stop();
  });
});

describe("dead man", () => {
  test("the program runs before it is ever fed: whoever counts the silence must be there", async () => {
    const { path, read } = program('echo begun >> "$OUT"; cat >> "$OUT"');
    const deadMan = new DeadMan([path], () => undefined);
    await expect.poll(read).toBe("begun\n");
    await deadMan.stop();
    deadMan.feed("late");
    expect(read()).toBe("begun\n");
  });

  test("the program gets each line, sees its input end, and is started again when it has died", async () => {
    const { path, read } = program('cat >> "$OUT"; echo end >> "$OUT"');
    const told: string[] = [];
    const deadMan = new DeadMan([path], (words) => told.push(words));
    deadMan.feed("one");
    deadMan.feed("two");
    await deadMan.stop();
    expect(read()).toBe("one\ntwo\nend\n");
    const dying = program('read -r first; echo "$first" >> "$OUT"');
    const again = new DeadMan([dying.path], (words) => told.push(words));
    again.feed("a");
    await expect.poll(() => told.length).toBe(1);
    again.feed("b");
    await expect.poll(() => told.length).toBe(2);
    await again.stop();
    expect(dying.read()).toBe("a\nb\n");
  });

  test("a program that does not end with its input is killed", async () => {
    const deadMan = new DeadMan([program("trap '' TERM; exec tail -f /dev/null").path], () => undefined);
    deadMan.feed("one");
    await deadMan.stop();
  });
});

describe("text log", () => {
  test("each FLASH and IMMEDIATE stands in it once, in both languages, whoever said it, and nothing else does", async () => {
    const path = join(dir, "alarm.log");
    const served = servedOf(1);
    await say(0, { precedence: "FLASH" }, "before it was set");
    await line.settle();
    let log = new TextLog(served, path);
    await log.look();
    const theirs = await say(0, { precedence: "FLASH" }, "their words");
    await say(0, { precedence: "ROUTINE" }, "of no hurry");
    const ours = await say(1, { precedence: "IMMEDIATE" }, "our words");
    await line.settle();
    await log.look();
    await log.look();
    log = new TextLog(served, path);
    await log.look();
    const text = readFileSync(path, "utf8");
    expect(text.match(/^==== \S+ \S+/gm)?.toSorted()).toEqual([`==== FLASH north/${theirs.index}`, `==== IMMEDIATE south/${ours.index}`]);
    for (const part of [theirs.leaf, ours.leaf, "Precedence", "等级", "our words", "their words"]) expect(text).toContain(part);
    expect(text).not.toMatch(/of no hurry|before it was set/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("what could not be written is written when it can be", async () => {
    const path = join(dir, "not-yet", "alarm.log");
    const log = new TextLog(servedOf(1), path);
    await log.look();
    await say(0, { precedence: "FLASH" }, "waits");
    await line.settle();
    await expect(log.look()).rejects.toThrow("ENOENT");
    mkdirSync(join(dir, "not-yet"));
    await log.look();
    expect(readFileSync(path, "utf8")).toContain("waits");
  });
});

describe("the alarm of a node", () => {
  const open = (settings: Partial<AlarmSettings>) => {
    const told: string[] = [];
    const alarm = new HostAlarm(servedOf(1), { program: undefined, deadMan: undefined, log: undefined, ...settings }, (words) =>
      told.push(words),
    );
    return { alarm, told };
  };

  test("says alive while the text log could be written, and writes nothing into it for that", async () => {
    const { path, read } = program('cat >> "$OUT"');
    const log = join(dir, "quiet.log");
    const { alarm, told } = open({ deadMan: [path], log });
    await expect.poll(read).toMatch(/^south alive \S+\n$/);
    await alarm.stop();
    expect([told, readFileSync(log, "utf8")]).toEqual([[], ""]);
  });

  test.each([
    ["on a full disk", "/dev/full", "it is no file on a disk"],
    ["in a folder that went away", join(dir, "away", "alarm.log"), "ENOENT"],
  ])("a text log %s is told of at once, and nothing says alive", async (_, log, why) => {
    const { path, read } = program('echo begun >> "$OUT"; cat >> "$OUT"');
    const { alarm, told } = open({ deadMan: [path], log });
    await expect.poll(() => told).toEqual([expect.stringContaining(`cannot be written: ${why}`)]);
    await expect.poll(read).toBe("begun\n");
    await alarm.stop();
    expect(read()).toBe("begun\n");
  });

  test("a text log that does not answer silences the dead man, not the bell, and holds up no stop", async () => {
    const log = join(dir, "pipe");
    expect(spawnSync("mkfifo", [log]).status).toBe(0);
    const [bell, deadMan] = [program(), program('echo begun >> "$OUT"; cat >> "$OUT"')];
    const changes = new Changes();
    const served = servedHere(line.players[1]!.node, { changes });
    await new TextLog(served, log).look();
    await say(0, { precedence: "FLASH" }, "waits");
    await line.settle();
    const told: string[] = [];
    const alarm = new HostAlarm(served, { program: [bell.path], deadMan: [deadMan.path], log }, (words) => told.push(words));
    changes.tell();
    await expect.poll(bell.read).toContain("FLASH");
    await expect.poll(() => told, { timeout: 5000 }).toEqual([expect.stringContaining("cannot be written: it has not answered for 3 s")]);
    await say(0, { precedence: "FLASH" }, "comes meanwhile");
    await line.settle();
    changes.tell();
    await expect.poll(() => bell.read().match(/FLASH/g)?.length).toBe(2);
    const since = performance.now();
    await alarm.stop();
    expect(performance.now() - since).toBeLessThan(6000);
    expect(deadMan.read()).toBe("begun\n");
  });
});

describe("settings", () => {
  const read = (text: string) => {
    writeFileSync(join(dir, "alarm.yaml"), text);
    return readAlarmSettings(dir);
  };

  test("everything that can be set, and nothing without the file", async () => {
    expect(await readAlarmSettings(join(dir, "nowhere"))).toBeUndefined();
    const { path } = program();
    mkdirSync(join(dir, "spool"));
    expect(await read(`program: [${path}, --relay, 2]\ndeadMan: [${path}]\nlog: spool/alarm.log\n`)).toEqual({
      program: [path, "--relay", "2"],
      deadMan: [path],
      log: join(dir, "spool/alarm.log"),
    });
  });

  test.each([
    ["another key", "programme: [/bin/true]"],
    ["a command line", "program: /bin/true --relay"],
    ["a path that depends on where it is looked for", "program: [true]"],
    ["no program", "program: []"],
    ["a program that is not there", "program: [/nowhere/buzzer]"],
    ["a folder", "deadMan: [/tmp]"],
    ["a file that is no program", `deadMan: [${join(dir, "alarm.yaml")}]`],
    ["a text log in no folder", "log: nowhere/alarm.log"],
    ["a text log that is a folder", "log: /tmp"],
    ["no map", "- 1"],
    ["an argument with a NUL byte", 'program: [/bin/true, "a\\0b"]'],
  ])("%s is refused before the node runs", async (_, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: "usage" });
  });

  test("a NUL byte is told with its place", async () => {
    await expect(read('log: x\ndeadMan:\n  - /bin/true\n  - "a\\0b"\n')).rejects.toThrow(/^alarm.yaml:4:5: deadMan: [^\0\n]*NUL byte/);
  });
});
