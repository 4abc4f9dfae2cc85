import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseLogId } from "@openline/core";
import { FileSecondPlace } from "../../src/store/file-second-place.ts";
import { MemorySecondPlace, type SecondPlace } from "../../src/store/second-place.ts";

const log = parseLogId("0123456789abcdef");
const other = parseLogId("f".repeat(16));
const at = (size: number) => ({ size, root: new Uint8Array(32).fill(size) });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "openline-place-"));
});
const opened: FileSecondPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close().catch(() => undefined);
  await rm(folder, { recursive: true });
});
const inFolder = (): FileSecondPlace => {
  const place = new FileSecondPlace(join(folder, "places"));
  opened.push(place);
  return place;
};
const file = () => join(folder, "places", `${log}.place`);

describe.each<[string, () => SecondPlace]>([
  ["memory", () => new MemorySecondPlace()],
  ["file", inFolder],
])("%s: the second place contract", (_, make) => {
  test("compare and swap, each log by itself", async () => {
    const place = make();
    expect(await place.read(log)).toBeUndefined();
    await place.swap(log, undefined, at(0));
    for (let size = 0; size < 9; size++) await place.swap(log, at(size), at(size + 1));
    expect(await place.read(log)).toEqual(at(9));
    expect(await place.read(other)).toBeUndefined();
  });

  test("an unexpected value is refused and nothing changes; the next call works", async () => {
    const place = make();
    await expect(place.swap(log, at(1), at(2))).rejects.toMatchObject({ code: "second-place" });
    await place.swap(log, undefined, at(1));
    await expect(place.swap(log, undefined, at(2))).rejects.toMatchObject({ code: "second-place" });
    await expect(place.swap(log, { ...at(1), root: at(2).root }, at(2))).rejects.toMatchObject({ code: "second-place" });
    expect(await place.read(log)).toEqual(at(1));
    await place.swap(log, at(1), at(2));
  });

  test("of swaps asked for at once, one wins", async () => {
    const place = make();
    const outcomes = await Promise.allSettled([1, 2, 3].map((size) => place.swap(log, undefined, at(size))));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await place.read(log)).toEqual(at(1));
  });
});

/** A place of sizes 0 to `size`, closed. */
async function filled(size: number): Promise<void> {
  const place = inFolder();
  await place.swap(log, undefined, at(0));
  for (let i = 0; i < size; i++) await place.swap(log, at(i), at(i + 1));
  await place.close();
}

test("file: reopened, it holds the last value", async () => {
  await filled(6);
  expect(await inFolder().read(log)).toEqual(at(6));
});

test("file: a slot torn at any byte leaves the older value", async () => {
  await filled(5);
  const whole = await readFile(file());
  for (let torn = 0; torn < 96; torn += 5) {
    const bytes = Buffer.from(whole);
    bytes.fill(0xee, 4096 + torn, 4096 + 96);
    await writeFile(file(), bytes);
    const place = inFolder();
    expect(await place.read(log)).toEqual(at(4));
    await place.swap(log, at(4), at(5));
    expect(await place.read(log)).toEqual(at(5));
    await place.close();
  }
});

test("file: with no valid slot, or another log's file, the place is lost and says so", async () => {
  await filled(2);
  const whole = await readFile(file());
  await writeFile(join(folder, "places", `${other}.place`), whole);
  await expect(inFolder().read(other)).rejects.toMatchObject({ code: "second-place" });
  for (const bytes of [Buffer.alloc(8192), Buffer.alloc(0), whole.subarray(0, 50)]) {
    await writeFile(file(), bytes);
    await expect(inFolder().read(log)).rejects.toMatchObject({ code: "second-place" });
  }
});

test("file: a crash while creating leaves nothing, and creating works afterwards", async () => {
  await filled(0);
  await rm(file());
  await (await open(`${file()}.new`, "w")).close();
  const place = inFolder();
  expect(await place.read(log)).toBeUndefined();
  await place.swap(log, undefined, at(3));
  expect(await place.read(log)).toEqual(at(3));
});

test("file: an error of the disk is for good", async () => {
  await writeFile(join(folder, "places"), "a file where the folder should be");
  const place = inFolder();
  await expect(place.swap(log, undefined, at(1))).rejects.toMatchObject({ code: "storage" });
  await rm(join(folder, "places"));
  await expect(place.read(log)).rejects.toMatchObject({ code: "storage" });
});
