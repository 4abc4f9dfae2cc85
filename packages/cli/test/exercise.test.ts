import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OpenlineError, parseTime, visibleLine } from "@openline/core";
import { exerciseClock, runExercise, up } from "@openline/node/operate";
import { type Ran, openlineHere as openline } from "./run-here.ts";

/** Where an exercise is played, and what is never removed for it. `tests/cli.test.ts` starts the command as people do. */

const work = mkdtempSync(join(tmpdir(), "openline-"));
afterAll(() => rmSync(work, { recursive: true }));

const root = join(import.meta.dirname, "../../..");
const notice = join(root, "exercises/notice-2025-12-06.yaml");
const play = (dir: string, ...more: readonly string[]): Promise<Ran> => openline(["exercise", "run", notice, "--dir", dir, ...more]);

/** A folder in which the exercise has been played. */
async function played(name: string): Promise<string> {
  const dir = join(work, name);
  expect(await play(dir)).toMatchObject({ code: 0, err: "" });
  return dir;
}

/** One line on standard error that begins so. */
const oneLine = (start: string): unknown => expect.stringMatching(new RegExp(String.raw`^openline: ${start}[^\n]*\n$`));
const accordOf = (dir: string): Buffer => readFileSync(join(dir, "jpn", "accord.cbor"));

describe("a folder in use", () => {
  test("a play does not begin anew under a running node, and removes nothing", async () => {
    const dir = await played("running");
    const before = accordOf(dir);
    const unlocker = () => Promise.reject(new OpenlineError("locked", "no key of these folders is locked"));
    const options = { clock: exerciseClock(parseTime("2025-12-06T10:00:00Z")), unlocker, exercisesOnly: false, told: () => undefined };
    const node = await up([join(dir, "chn")], options);
    try {
      for (const args of [["--fresh"], []])
        expect(await play(dir, ...args)).toMatchObject({ code: 4, err: oneLine("folder-in-use: "), out: "" });
      expect(accordOf(dir)).toEqual(before);
    } finally {
      await node.stop();
    }
    expect(await play(dir, "--fresh")).toMatchObject({ code: 0, err: "" });
    expect(accordOf(dir)).not.toEqual(before);
  });

  test.each([
    ["into an empty folder", false],
    ["anew", true],
  ])("of two plays that begin at once %s one goes on and the other is told", async (name, fresh) => {
    const dir = fresh ? await played(name) : join(work, name);
    const other = runExercise({ file: notice, dir, fresh }).then(
      (run) => (run.agreed ? 0 : 3),
      (error: unknown) => {
        expect(error).toMatchObject({ code: "folder-in-use" });
        return 4;
      },
    );
    const here = await play(dir, ...(fresh ? ["--fresh"] : []));
    const ends = [here.code, await other];
    expect(new Set(ends)).toEqual(new Set([0, 4]));
    if (here.code === 4) expect(here.err).toEqual(oneLine("folder-in-use: "));
    expect(readdirSync(dir)).toEqual(["chn", "jpn"]);
    // Keys and accord in each folder are those of the play that went on.
    for (const party of ["chn", "jpn"]) {
      const out = join(work, `${name} ${party}`);
      expect((await openline(["record", "export", "--dir", join(dir, party), out])).code).toBe(0);
      expect((await openline(["record", "verify", out])).code).toBe(0);
    }
  });
});

describe("a play that goes on", () => {
  test("plays what the folders do not hold yet, beside what a node has left there", async () => {
    const dir = join(work, "on");
    expect(await play(dir, "--at", "2025-12-06T05:10:00Z")).toMatchObject({ code: 0, err: "" });
    const before = accordOf(dir);
    writeFileSync(join(dir, "jpn", "bearers.yaml"), "dial: []\n");
    const run = await play(dir, "--on", "--json");
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(run.out)).toMatchObject({ agreed: true, expectations: [{ ok: true }, { ok: true }] });
    expect(accordOf(dir)).toEqual(before);
  });

  test("where there is none, or with --fresh, it is refused and nothing is made", async () => {
    const nowhere = join(work, "nowhere");
    expect(await play(nowhere, "--on")).toMatchObject({
      code: 2,
      err: oneLine(`usage: ${nowhere}/\\w+ holds no play of exercise `),
      out: "",
    });
    expect(existsSync(nowhere)).toBe(false);
    const dir = await played("fresh and on");
    const before = accordOf(dir);
    expect(await play(dir, "--on", "--fresh")).toMatchObject({ code: 2, err: oneLine("--fresh begins anew, and --on goes on"), out: "" });
    expect(accordOf(dir)).toEqual(before);
  });
});

describe("what lies in the folder and no play has made", () => {
  const strangers = [
    ["a file", "jpn/mine.txt"],
    ["a file in a folder", "jpn/notes/of/mine.txt"],
    ["an empty folder", "jpn/notes"],
    ["a file beside the second place", "chn/second/mine.txt"],
    ["a file named as the second place's folder", "chn/second"],
    ["a folder named as a file of a play", "jpn/party/mine.txt"],
    ["a link named as a file of a play", "jpn/node.keys"],
    ["a file whose name has two lines", "jpn/mine\nyours.txt"],
    ["what a person wrote for the node", "jpn/bearers.yaml"],
  ] as const;

  test("is named in one line, and nothing is removed", async () => {
    const dir = await played("strange");
    const before = accordOf(dir);
    for (const [what, path] of strangers) {
      const saved = join(work, "saved");
      cpSync(dir, saved, { recursive: true });
      lay(what, join(dir, path));
      expect(await play(dir, "--fresh"), what).toMatchObject({ code: 2, err: oneLine("usage: "), out: "" });
      expect((await play(dir, "--fresh")).err).toContain(`${visibleLine(join(dir, path))} was not made by a play`);
      expect(existsSync(join(dir, path)), what).toBe(true);
      expect(accordOf(dir)).toEqual(before);
      rmSync(dir, { recursive: true });
      renameSync(saved, dir);
    }
    expect(await play(dir, "--fresh")).toMatchObject({ code: 0, err: "" });
    expect(accordOf(dir)).not.toEqual(before);
  });

  test("a link to a folder of the exercise is none of its folders", async () => {
    const [dir, elsewhere] = [await played("linked"), join(work, "elsewhere")];
    renameSync(join(dir, "jpn"), elsewhere);
    symlinkSync(elsewhere, join(dir, "jpn"));
    expect(await play(dir, "--fresh")).toMatchObject({ code: 2, err: oneLine(`usage: ${dir}/jpn is no folder of exercise `) });
    expect(readdirSync(elsewhere)).toContain("accord.cbor");
  });

  test("a party that the exercise no longer has keeps no folder", async () => {
    const dir = await played("renamed");
    const file = join(work, "renamed.yaml");
    writeFileSync(file, readFileSync(notice, "utf8").replaceAll(/\bjpn\b/g, "nippon"));
    expect(await openline(["exercise", "run", file, "--dir", dir, "--fresh"])).toMatchObject({ code: 0, err: "" });
    expect(readdirSync(dir)).toEqual(["chn", "nippon"]);
  });
});

test("a post has the name that the file gives it, in each language; a name for no post is refused at its place", async () => {
  const [dir, out, into] = [await played("named"), join(work, "named, exported"), join(work, "misnamed")];
  expect((await openline(["record", "export", "--dir", join(dir, "jpn"), out])).code).toBe(0);
  const accord = readFileSync(join(out, "accord.yaml"), "utf8").replaceAll(/\n +/g, " ");
  for (const post of [
    'id: "ship" name: en: "Ship of the task group" zh: "编队舰艇"',
    'id: "ship" name: en: "Ship at sea" zh: "海上舰艇"',
    'id: "duty-officer" name: en: "Duty officer" zh: "值班军官"',
  ])
    expect(accord).toContain(post);

  const file = `${into}.yaml`;
  writeFileSync(file, readFileSync(notice, "utf8").replace('ship: { en: "Ship of', 'shp: { en: "Ship of'));
  const run = await openline(["exercise", "run", file, "--dir", into]);
  expect(run).toMatchObject({ code: 1, out: "", err: oneLine('misnamed\\.yaml:15:7: posts: party chn has no post "shp" ') });
  expect(existsSync(into)).toBe(false);
});

test("what was got in place of an event that has no id is an entry, as every verb names one", async () => {
  const [file, dir] = [join(work, "nameless.yaml"), join(work, "nameless")];
  writeFileSync(file, readFileSync(notice, "utf8").replace("id: c1, ", "").replace("because: c1", "because: n1"));
  const run = await openline(["exercise", "run", file, "--dir", dir, "--json"]);
  expect(run).toMatchObject({ code: 3, err: "" });
  const { expectations } = JSON.parse(run.out) as { expectations: readonly { got: { because?: string } }[] };
  const because = expectations.at(-1)?.got.because ?? "";
  expect(because).toMatch(/^jpn\/[1-9][0-9]*$/);
  const shown = JSON.parse((await openline(["show", because, "--dir", join(dir, "jpn"), "--json"])).out) as { readonly kind: string };
  expect(shown.kind).toBe("call-request");
});

test.runIf(existsSync("/proc/self"))("where the system makes no folder, a verb says so in one line and ends", async () => {
  const dir = join(await played("source"), "jpn");
  const nowhere = "/proc/openline";
  expect(await play(nowhere)).toMatchObject({ code: 2, err: oneLine(`usage: ${nowhere} is no folder that can be written: `) });
  expect(await openline(["record", "export", "--dir", dir, nowhere])).toMatchObject({
    code: 2,
    err: oneLine(`${nowhere} is no folder that can be written: `),
  });
  for (const args of [
    ["backup", "--dir", dir, nowhere],
    ["init", "--dir", nowhere, "--party", join(root, "packages/cli/live-line/blue.yaml"), "--plain-keys"],
  ])
    expect(await openline(args)).toMatchObject({ code: 4, err: expect.stringMatching(/openline: ENOENT: [^\n]*\n$/) as string });
});

function lay(what: string, path: string): void {
  rmSync(path, { recursive: true, force: true });
  if (what === "an empty folder") return mkdirSync(path);
  if (what.startsWith("a link")) return symlinkSync("/dev/null", path);
  if (path.includes("/party/")) rmSync(dirname(path));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "words");
}
