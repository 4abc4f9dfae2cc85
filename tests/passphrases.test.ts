import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openline, root, workFolder } from "./support/openline.ts";

const dir = workFolder();
const at = (name: string): string => join(dir, name);

describe("where passphrases come from", () => {
  const bin = join(root, "packages/cli/bin/openline.js");
  const label = ["key", "person", at("fd.key.person"), "--json"];

  beforeAll(async () => {
    writeFileSync(at("fd.pass"), "a passphrase for all of these\n", { mode: 0o600 });
    const made = await openline([
      "key",
      "make",
      "--party",
      "north",
      "--name",
      "directory-9",
      "--person",
      "Ninth",
      "--out",
      at("fd.key"),
      "--passphrase-file",
      at("fd.pass"),
    ]);
    expect(made.code).toBe(0);
  });

  test("a file descriptor, through the program that people start", () => {
    const command = `"$0" "$@" 7< "${at("fd.pass")}"`;
    const ran = spawnSync("sh", ["-c", command, process.execPath, bin, ...label, "--passphrase-fd", "directory-9=7"], { encoding: "utf8" });
    expect(ran.stderr).toBe("");
    expect(JSON.parse(ran.stdout)).toMatchObject({ person: "Ninth" });
    const none = spawnSync(process.execPath, [bin, ...label, "--passphrase-fd", "8"], { encoding: "utf8" });
    expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining("file descriptor 8 cannot be read") as unknown });
  });

  test("a terminal, which does not show what is typed", () => {
    const typed = (passphrase: string) =>
      spawnSync("python3", ["-c", TYPIST, passphrase, process.execPath, bin, ...label.map(String)], { encoding: "utf8" });
    const right = typed("a passphrase for all of these");
    expect(right.stdout).toContain("Passphrase of directory-9 of north: ");
    expect(right.stdout).not.toContain("a passphrase for");
    expect(right.stdout).toContain('"person": "Ninth"');
    expect(typed("a passphrase for none of these").stdout).toContain("locked");
  });

  test("never an argument", async () => {
    expect((await openline([...label, "--passphrase", "a passphrase for all of these"])).code).toBe(2);
  });
});

/** A person at a terminal: starts a program on one, types a line when it asks, and shows what the terminal showed. */
const TYPIST = `
import os, pty, sys
shown = b""
pid, fd = pty.fork()
if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
while True:
    try: part = os.read(fd, 4096)
    except OSError: break
    if not part: break
    shown += part
    if shown.endswith(b": "): os.write(fd, sys.argv[1].encode() + b"\\r")
os.waitpid(pid, 0)
sys.stdout.write(shown.decode())
`;
