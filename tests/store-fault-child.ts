/** Appends entries one by one until the disk fails, then says what the store answers. Argument: the store's file.
 *  Prints each durable size, then `failed <code>`, then the codes of a further commit and of a read. */
import { writeSync } from "node:fs";
import { OpenlineError, parseLeafHash, parseLogId, parseLogIndex, toHex } from "@openline/core";
import { openSqlite, type Store } from "@openline/node";
import { leafHash } from "./store-tree.ts";

const log = parseLogId("0123456789abcdef");
const codeOf = (error: unknown): string => (error instanceof OpenlineError ? error.code : String(error));
const say = (line: string): void => void writeSync(1, `${line}\n`);

async function append(store: Store, at: number): Promise<void> {
  const entry = new Uint8Array(60_000).fill(at);
  await store.commit({ entries: [{ log, index: parseLogIndex(at), leaf: parseLeafHash(toHex(leafHash(entry))), entry }] });
}

async function appendUntilFailed(store: Store): Promise<void> {
  for (let size = await store.size(log); size < 400; size++) {
    await append(store, size);
    say(String(size + 1));
  }
}

try {
  const store = await openSqlite(process.argv[2] ?? "");
  try {
    await appendUntilFailed(store);
  } catch (error) {
    say(`failed ${codeOf(error)}`);
    for (const again of [append(store, 0), store.size(log)]) await again.catch((error: unknown) => say(`then ${codeOf(error)}`));
  }
} catch (error) {
  say(`unopened ${codeOf(error)}`);
}
