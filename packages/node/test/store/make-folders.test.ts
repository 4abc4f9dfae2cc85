import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeFolders } from "../../src/store/make-folders.ts";

const work = mkdtempSync(join(tmpdir(), "openline-"));
afterAll(() => rmSync(work, { recursive: true }));

test("a folder and those above it are made, for their owner alone where that is asked", async () => {
  const dir = join(work, "a", "b", "c");
  await makeFolders(dir, { mode: 0o700 });
  for (const part of ["a", "a/b", "a/b/c"]) expect(statSync(join(work, part)).mode & 0o777).toBe(0o700);
});

test("a folder that is there, or that another makes at the same time, is no error, and stays as it is", async () => {
  const dir = join(work, "there");
  await makeFolders(dir, { mode: 0o750 });
  await makeFolders(dir, { mode: 0o700 });
  await makeFolders(`${dir}/`);
  expect(statSync(dir).mode & 0o777).toBe(0o750);
  await makeFolders("/");
  await makeFolders(".");
  await Promise.all(Array.from({ length: 20 }, () => makeFolders(join(work, "together", "x", "y"))));
  expect(existsSync(join(work, "together", "x", "y"))).toBe(true);
});

test("a file, and a link that leads nowhere, are no folder and have none below them", async () => {
  writeFileSync(join(work, "file"), "");
  symlinkSync(join(work, "nowhere"), join(work, "link"));
  await expect(makeFolders(join(work, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolders(join(work, "file", "x"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(makeFolders(join(work, "link"))).rejects.toMatchObject({ code: "ENOENT" });
  await expect(makeFolders(join(work, "link", "x"))).rejects.toMatchObject({ code: "ENOENT" });
});

test.runIf(existsSync("/proc/self"))("where the system makes no folder it says so, and is asked once", async () => {
  await expect(makeFolders("/proc/openline")).rejects.toMatchObject({ code: "ENOENT" });
  await expect(makeFolders("/proc/openline/x/y")).rejects.toMatchObject({ code: "ENOENT" });
});
