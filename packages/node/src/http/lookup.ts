import {
  type LogId,
  type LogTrack,
  type UnixSeconds,
  EMPTY_FRONTIER,
  appendLeaf,
  assert,
  fromHex,
  inUseNow,
  logLabel,
  parseTime,
  rootOf,
  toHex,
} from "@openline/core";
import { pageMax } from "../store/store.ts";
import { Asked } from "./problems.ts";
import type { Served, ServedLine } from "./served.ts";

/** The line a request names: by its id, or by its party where that is enough. */
export function lineOf({ lines }: Served, name: string): ServedLine {
  const found = lines.filter(({ accord, party }) => accord.line === name || party.id === name);
  const [line] = found;
  if (line === undefined) throw new Asked("not-found", `this node serves no line "${name}"`);
  if (found.length > 1) throw new Asked("bad-request", `this node serves several lines of ${name}; name one by its id`);
  return line;
}

/** The log that outside tools call `label`. */
export function logOf({ node: { record } }: ServedLine, label: string): LogTrack {
  const log = [...record.logs.values()].find((item) => logLabel(record, item) === label);
  if (log === undefined) throw new Asked("not-found", `the line has no log ${label}`);
  return log;
}

/** Whether our party has this post now: in the party file that its log uses. */
export function hasPost({ node: { record, own }, party }: ServedLine, post: string): boolean {
  const log = record.logs.get(own.log);
  return (log === undefined ? party : inUseNow(log).party).file.posts.some(({ id }) => id === post);
}

/** A log that this node has just written to. */
export function trackOfLog({ node: { record } }: ServedLine, id: LogId): LogTrack {
  const log = record.logs.get(id);
  assert(log !== undefined, "an own log is on record");
  return log;
}

/** Root of a log as far as it has been read, hex. Known at once except where the end of the log still waits to be read. */
export async function rootOfLog({ node, store }: ServedLine, { id, times }: LogTrack): Promise<string> {
  const { record, own } = node;
  const { suite } = node.options;
  if (id === own.log && own.frontier.size === times.length) return toHex(rootOf(suite, own.frontier));
  const known = record.rootAt(id, times.length);
  if (known !== undefined) return known;
  let frontier = EMPTY_FRONTIER;
  while (frontier.size < times.length) {
    const page = await store.entries(id, frontier.size, Math.min(pageMax, times.length - frontier.size));
    if (page.length === 0) break;
    for (const { leaf } of page) frontier = appendLeaf(suite, frontier, fromHex(leaf));
  }
  return toHex(rootOf(suite, frontier));
}

/** A time of a request; the schema has seen its shape and not its calendar. */
export function timeOf(text: string): UnixSeconds {
  try {
    return parseTime(text);
  } catch (error) {
    throw new Asked("bad-request", error instanceof Error ? error.message : "a time such as 2023-09-28T12:00:00Z");
  }
}

/** Base64url in its one form: two texts for the same bytes would be two names for one act. */
export function bytesOf(what: string, text: string): Uint8Array {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) throw new Asked("bad-request", `${what}: base64url without padding expected`);
  return new Uint8Array(bytes);
}
