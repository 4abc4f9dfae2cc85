import { randomBytes } from "node:crypto";
import { leafOf, parseLogId, parseLogIndex } from "@openline/core";
import { nativeSuite as suite } from "../crypto/native-suite.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { Batch } from "../store/store.ts";

/** Bytes of an entry. */
export const BYTES = 600;

/** Durable appends to a store and nothing else. */
export async function bareStore(path: string): Promise<{ readonly append: () => Promise<void>; readonly close: () => Promise<void> }> {
  const store = await openSqlite(path);
  const log = parseLogId("0123456789abcdef");
  let next = 0;
  const batch = (): Batch => {
    const entry = new Uint8Array(randomBytes(BYTES));
    return { entries: [{ log, index: parseLogIndex(next++), leaf: leafOf(suite, entry), entry }] };
  };
  return { append: () => store.commit(batch()), close: () => store.close() };
}
