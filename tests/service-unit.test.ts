import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openlineHere } from "../packages/cli/test/run-here.ts";
import { liveLine } from "./support/live-line.ts";
import { openline, root, workFolder } from "./support/openline.ts";

/** The unit of docs/operating/install.md: what it starts is there, it is understood by systemd, and it starts a node with nobody there. */
const dir = workFolder();
const INSTALLED = "/opt/openline";
const unit = readFileSync(join(root, "packages/cli/systemd/openline@.service"), "utf8");

const settings = (name: string): readonly string[] =>
  [...unit.matchAll(/^([A-Za-z]+)=(.*)$/gm)].flatMap(([, key, value]) => (key === name ? [value ?? ""] : []));

/** The words of ExecStart for one instance, from this folder instead of the installed one. */
function words(instance: string, state: string): readonly string[] {
  const [line] = settings("ExecStart");
  return (line ?? "").replaceAll("%i", instance).replace(INSTALLED, root).replace("/var/lib/openline", state).split(" ");
}

test("what it starts is a verb with options that it has, and every value fits", async () => {
  expect(settings("ExecStart")).toHaveLength(1);
  const [program, verb, ...options] = words("north", dir);
  expect([program?.startsWith(root), verb]).toEqual([true, "up"]);
  expect(readFileSync(program ?? "", "utf8")).toMatch(/^#!/);
  const help = (await openlineHere(["up", "--help"])).out;
  for (const option of options.filter((word) => word.startsWith("--"))) expect(help).toMatch(new RegExp(`^ +${option} `, "m"));
  const wrong = await openlineHere(["up", ...options, "--no-such-option"]);
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("unknown option '--no-such-option'")]);
  // Nothing is there yet: it comes as far as the folder, and is refused for that alone.
  const none = await openlineHere(["up", ...options]);
  expect([none.code, none.err]).toEqual([4, expect.stringContaining(join(dir, "north"))]);
});

test("its credential has the name that it is started with, and the document keeps it where the unit looks", () => {
  const options = words("north", dir);
  const name = options[options.indexOf("--credential") + 1];
  expect(settings("LoadCredentialEncrypted")).toEqual([`${name}:/etc/credstore.encrypted/openline-%i`]);
  const page = readFileSync(join(root, "docs/operating/install.md"), "utf8");
  expect(page).toContain(`systemd-creds encrypt --name=${name} /run/openline.credential /etc/credstore.encrypted/openline-north`);
  expect(page).toContain(settings("ExecStart")[0]?.slice(0, 60));
  expect(settings("StateDirectory")).toEqual(["openline/%i"]);
});

test.skipIf(spawnSync("systemd-analyze", ["--version"]).status !== 0)("systemd understands every line of it", () => {
  const file = join(dir, "openline@.service");
  writeFileSync(file, unit.replaceAll(INSTALLED, root));
  const verify = (path: string) =>
    spawnSync("systemd-analyze", ["verify", path], { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  expect(verify(file)).toMatchObject({ status: 0, stderr: "" });
  // What it does not understand, it says.
  writeFileSync(join(dir, "wrong@.service"), unit.replaceAll(INSTALLED, root).replace("KillMode=mixed", "KillMode=gently"));
  expect(verify(join(dir, "wrong@.service")).stderr).toContain("gently");
});

test("started as systemd does it, with a credential and nobody there, the node runs; one signal to its first process ends it clean", async () => {
  const line = await liveLine(dir);
  const credentials = join(dir, "credentials");
  mkdirSync(credentials, { mode: 0o700 });
  writeFileSync(join(credentials, "openline"), Buffer.alloc(64, 7), { mode: 0o400 });
  const protect = ["key", "protect", join(line.folder("north"), "node.keys"), "--with-credential", join(credentials, "openline")];
  expect(await openline(protect)).toMatchObject({ code: 0, err: "" });

  const [program, ...args] = words("north", dir).map((word) => word.replace(/^127\.0\.0\.1:\d+$/, "127.0.0.1:0"));
  const child = spawn(program ?? "", args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], CREDENTIALS_DIRECTORY: credentials, NODE_DISABLE_COMPILE_CACHE: "1" },
  });
  let printed = "";
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const runs = new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (printed.includes(": running\n")) resolve();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    void ended.then((code) => reject(new Error(`ended with ${code}: ${printed}`)));
  });
  await runs;
  const port = /metrics on port (\d+)/.exec(printed)?.[1];
  expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  child.kill("SIGTERM");
  expect([await ended, printed]).toEqual([
    0,
    expect.stringMatching(/consoles at [\s\S]*metrics on port|metrics on port[\s\S]*consoles at /),
  ]);
}, 60_000);
