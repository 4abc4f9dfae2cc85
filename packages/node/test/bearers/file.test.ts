import { execFileSync } from "node:child_process";
import { renameSync } from "node:fs";
import { chmod, mkdir, readFile, readdir, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { nativeSuite } from "@openline/node";
import { fileLimits } from "../../src/bearers/file/limits.ts";
import { packParcel } from "../../src/bearers/file/parcel.ts";
import { FileWay, labelsOf, random } from "./file-way.ts";

const ways: FileWay[] = [];
afterEach(async () => {
  for (const way of ways.splice(0)) await way.remove();
});

async function open(options: Parameters<typeof FileWay.open>[0] = {}): Promise<FileWay> {
  const way = await FileWay.open(options);
  ways.push(way);
  return way;
}

const words = (text: string): Uint8Array => new TextEncoder().encode(text);
const parcel = (...texts: readonly string[]): Uint8Array =>
  packParcel(nativeSuite, labelsOf(0).out, { frames: texts.map((text) => words(text)), random });
const got = (way: FileWay): readonly string[] => way.takers.got[1].map((frame) => Buffer.from(frame).toString());

async function until(way: FileWay, holds: () => boolean): Promise<void> {
  while (!holds()) await way.step();
}

/** Steps until just these files lie where the second end reads. */
async function lies(way: FileWay, ...names: readonly string[]): Promise<void> {
  while ((await readdir(way.there)).join("/") !== names.join("/")) await way.step();
}

/** Puts a file where the second end reads, and waits until it has said what it thinks of it. */
async function refusedFor(put: (path: string) => Promise<unknown>, why: string, name = "x"): Promise<void> {
  const way = await open();
  await put(join(way.there, name));
  await until(way, () => way.refused.length > 0);
  expect(way.refused).toEqual([`${why} ${name}`]);
  expect(way.takers.got[1]).toEqual([]);
  // It is said once, and it hinders nothing.
  await writeFile(join(way.there, "good"), parcel("good"));
  await until(way, () => got(way).includes("good"));
  await lies(way, name);
  await way.looks();
  expect(way.refused.length).toBe(1);
}

test("one frame makes one small parcel, whose name says nothing, and it is gone when it has been read", async () => {
  const way = await open();
  way.takers.shut(1);
  const sent = way.ends[0].send(words("hello"));
  await until(way, () => way.takers.got[1].length > 0);
  await sent;
  const [name, ...more] = await readdir(way.there);
  expect(more).toEqual([]);
  expect(name).toMatch(/^[0-9a-f]{32}\.bin$/);
  const bytes = await readFile(join(way.there, name!));
  expect(bytes.length).toBe(1_024);
  way.takers.open(1);
  await lies(way);
  await until(way, () => way.ends[0].health().out.is === "proven");
  expect(way.ends[0].health().out.is).toBe("proven");
  expect(way.ends[1].health().in.is).toBe("proven");
});

test("frames sent within a moment travel together", async () => {
  const way = await open();
  way.takers.shut(1);
  for (const text of ["a", "b", "c"]) void way.ends[0].send(words(text));
  await until(way, () => way.takers.got[1].length > 0);
  expect((await readdir(way.there)).length).toBe(1);
  way.takers.open(1);
  await until(way, () => got(way).join() === "a,b,c");
});

test("while a parcel waits to be carried, its way is silent since then", async () => {
  const way = await open();
  way.takers.shut(1);
  const at = way.timers.clock.now();
  void way.ends[0].send(words("waiting"));
  await until(way, () => way.ends[0].health().out.is === "silent");
  const { out } = way.ends[0].health();
  expect(out.is === "silent" && out.since >= at).toBe(true);
  way.takers.open(1);
});

test("parcels may be renamed, read in any order, and read twice: each counts once", async () => {
  const way = await open();
  const [one, two] = [parcel("one"), parcel("two")];
  await writeFile(join(way.there, "z (1) — copy.BIN"), one);
  await writeFile(join(way.there, "a"), two);
  await until(way, () => got(way).length === 2);
  await lies(way);
  expect(got(way).toSorted()).toEqual(["one", "two"]);
  await writeFile(join(way.there, "again"), one);
  await lies(way);
  expect(got(way).length).toBe(2);
  expect(way.refused).toEqual([]);
});

test("what lies there together is read in the order of its times, whatever its names", async () => {
  const way = await open();
  for (const [at, name] of ["z", "m", "a"].entries()) {
    await writeFile(join(way.there, `.${name}`), parcel(name));
    await utimes(join(way.there, `.${name}`), 1_000 + at, 1_000 + at);
  }
  for (const name of ["z", "m", "a"]) renameSync(join(way.there, `.${name}`), join(way.there, name));
  await until(way, () => got(way).length === 3);
  expect(got(way)).toEqual(["z", "m", "a"]);
});

test("a parcel that was read goes to the folder for it, under a name of ours, where there is one", async () => {
  const way = await open({ keep: true });
  await writeFile(join(way.there, "their name"), parcel("kept"));
  await until(way, () => got(way).length === 1);
  await lies(way);
  const [name] = await readdir(join(way.stick, "done"));
  expect(name).toMatch(/^[0-9a-f]{32}\.bin$/);
});

const things: readonly (readonly [string, (path: string) => Promise<unknown>, string])[] = [
  ["cut", (path: string) => writeFile(path, parcel("x").subarray(0, 700)), "wrong-size"],
  ["empty", (path: string) => writeFile(path, ""), "wrong-size"],
  ["huge and sparse", async (path: string) => writeFile(path, "").then(() => truncate(path, 2 ** 40)), "wrong-size"],
  ["sparse, and as large as a parcel", async (path: string) => writeFile(path, "").then(() => truncate(path, 4_194_304)), "foreign"],
  ["of another line", (path: string) => writeFile(path, packParcel(nativeSuite, random(32), { frames: [words("x")], random })), "foreign"],
  [
    "our own, not carried across",
    (path: string) => writeFile(path, packParcel(nativeSuite, labelsOf(1).out, { frames: [words("x")], random })),
    "own",
  ],
  [
    "damaged",
    (path: string) => {
      const bytes = parcel("x");
      bytes[500]! ^= 1;
      return writeFile(path, bytes);
    },
    "damaged",
  ],
  ["a folder", (path: string) => mkdir(path), "not-a-file"],
  ["a pipe", async (path: string) => void execFileSync("mkfifo", [path]), "not-a-file"],
  [
    "a link to a parcel",
    async (path: string) => writeFile(`${path}-t`.replace("/there/", "/"), parcel("x")).then(() => symlink("../x-t", path)),
    "not-a-file",
  ],
  ["a link to a device", (path: string) => symlink("/dev/zero", path), "not-a-file"],
  ["a link to nothing", (path: string) => symlink("nowhere", path), "not-a-file"],
];

test.each(things)("%s: refused with a code, once, and left where it is", async (_, put, why) => refusedFor(put, why));

test.each(["..x", "a\nb", "\u202egnp.exe", "-rf", "'; rm -rf ~", "%2e%2e%2f", "x".repeat(255)])(
  "the name %j is a name and nothing else",
  async (name) => {
    if (name.startsWith(".")) {
      const way = await open();
      await writeFile(join(way.there, name), parcel("x"));
      await way.looks();
      expect(got(way)).toEqual([]);
      return;
    }
    await refusedFor((path) => writeFile(path, "no parcel"), "wrong-size", name);
  },
);

test("a name that is no UTF-8 is not followed, and hinders nothing", async () => {
  const way = await open();
  await writeFile(Buffer.concat([Buffer.from(`${way.there}/`), Buffer.from([0xff, 0xfe])]), parcel("x"));
  await writeFile(join(way.there, "good"), parcel("good"));
  await until(way, () => got(way).includes("good") && way.refused.length > 0);
  expect(way.refused[0]).toMatch(/^unreadable /);
});

test("a file that is still being copied is not refused before it rests, and is read when it is whole", async () => {
  const way = await open();
  const whole = parcel("whole");
  const path = join(way.there, "copying");
  for (let bytes = 100; bytes < 1_000; bytes += 300) {
    await writeFile(path, whole.subarray(0, bytes));
    await way.step();
  }
  await writeFile(path, whole);
  await until(way, () => got(way).includes("whole"));
  await lies(way);
});

test("more names than are looked at: failing, with a code, until somebody has cleared it", async () => {
  const way = await open();
  await Promise.all(Array.from({ length: fileLimits.namesMax + 1 }, (_, i) => writeFile(join(way.there, `junk-${i}`), "")));
  await until(way, () => way.ends[1].health().in.is === "failing" && way.ends[0].health().out.is === "failing");
  expect(way.ends[1].health().in).toEqual({ is: "failing", code: "crowd" });
  expect(way.ends[0].health().out).toEqual({ is: "failing", code: "crowd" });
});

test("a folder that is not there, or is something else, is not made: nothing goes to an empty mount point", async () => {
  const way = await open();
  await way.cut();
  await until(way, () => Object.values(way.ends[0].health()).every(({ is }) => is === "failing"));
  expect(way.ends[0].health()).toEqual({ out: { is: "failing", code: "gone" }, in: { is: "failing", code: "gone" } });
  await mkdir(way.stick);
  await way.looks();
  expect(await readdir(way.stick)).toEqual([]);
  await symlink("/tmp", join(way.stick, "there"));
  await until(way, () => way.ends[0].health().out.is === "failing" && JSON.stringify(way.ends[0].health().out).includes("not-a-folder"));
  await writeFile(join(way.stick, "back"), "");
  await until(way, () => JSON.stringify(way.ends[0].health().in).includes("not-a-folder"));
});

test("each time the folders come back it is up again", async () => {
  const way = await open();
  const before = way.ups;
  await way.cut();
  await until(way, () => way.ends.every((end) => end.health().in.is === "failing" && end.credit() === 0));
  await way.heal();
  await until(way, () => way.ups === before + 2);
});

test("what a writer that was killed has left half done is removed, and never read", async () => {
  const way = await open();
  await way.cut();
  await until(way, () => way.ends[0].credit() === 0);
  await way.heal();
  await way.cut();
  await until(way, () => way.ends[0].credit() === 0);
  await writeFile(join(way.stick, "..", "away", "there", ".begun-x"), parcel("half"));
  await way.heal();
  await lies(way);
  expect(got(way)).toEqual([]);
});

test("a parcel on a medium that cannot be written is read once, stays, and is said to", async () => {
  if (process.getuid?.() === 0) {
    // The owner of everything is stopped by no mode: the folder for what was read is missing instead.
    const way = await open({ done: "/nowhere" });
    await writeFile(join(way.there, "p"), parcel("stays"));
    await until(way, () => way.refused.length > 0);
    await way.looks();
    expect([way.refused, got(way), await readdir(way.there)]).toEqual([["left p"], ["stays"], ["p"]]);
    return;
  }
  const way = await open();
  await writeFile(join(way.there, "p"), parcel("stays"));
  await chmod(way.there, 0o500);
  await until(way, () => way.refused.length > 0);
  expect([way.refused, got(way)]).toEqual([["left p"], ["stays"]]);
  await chmod(way.there, 0o700);
});
