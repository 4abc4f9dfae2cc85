import { expect, test } from "vitest";
import { parseLogId } from "@openline/core";
import { MemoryDisk, MemoryStore } from "../../src/store/memory.ts";
import { entryAt, storeAcceptance } from "./acceptance.ts";

storeAcceptance("memory", async () => {
  const disk = new MemoryDisk();
  return { open: async () => new MemoryStore(disk), remove: async () => undefined };
});

const log = parseLogId("c".repeat(16));

test.each(["failed", "failed but persisted"] as const)(
  "the second commit %s: everything after it rejects, reopening shows what was kept",
  async (fault) => {
    const disk = new MemoryDisk();
    const store = new MemoryStore(disk);
    disk.failCommit(2, fault);
    await store.commit({ entries: [entryAt(log, 0)] });
    await expect(store.commit({ entries: [entryAt(log, 1)] })).rejects.toMatchObject({ code: "storage" });
    await expect(store.commit({})).rejects.toMatchObject({ code: "storage" });
    await expect(store.size(log)).rejects.toMatchObject({ code: "storage" });
    const again = new MemoryStore(disk);
    expect(await again.size(log)).toBe(fault === "failed" ? 1 : 2);
    await again.commit({ meta: [] });
  },
);
