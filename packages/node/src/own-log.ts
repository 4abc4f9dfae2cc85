import { type Accord, type LogId, type OwnLog, type Party, type Suite, type UnixSeconds } from "@openline/core";
import { KINDS, assert, cosignMldsa44, decodeEntry, emptyOwnLog, equalBytes, origin, rootOf, signCheckpoint } from "@openline/core";
import type { NodeKeys } from "./keys.ts";
import type { SignHead } from "./writer.ts";
import type { SignedUpTo } from "./store/second-place.ts";
import { type StoredLog, frontierOf } from "./stored-log.ts";

/** An own log as the store has it at a start, compared with the second place. */
export interface OwnStart {
  readonly own: OwnLog;
  /** `go-on`: nothing unsigned is lost. `restored`: the second place is lost or ahead, and this incarnation is never signed again. */
  readonly decision: "go-on" | "restored";
}

/** Takes up an own log where its entries end and decides whether it may be continued. The store may be ahead of the second
 *  place (the swap is then finished), never behind. `lost`: something is there and cannot be read. Source: docs/spec/log.md. */
export function startOwn(suite: Suite, log: LogId, stored: StoredLog | undefined, swapped: SignedUpTo | "lost" | undefined): OwnStart {
  const own = stored === undefined ? emptyOwnLog(log) : ownAtEnd(log, stored);
  const fresh = own.frontier.size === 0 && swapped === undefined;
  return { own, decision: fresh || (swapped !== "lost" && swapped !== undefined && agrees(suite, stored, swapped)) ? "go-on" : "restored" };
}

/** An own log as its last entry leaves it: each names the latest control act before it. */
function ownAtEnd(log: LogId, { entries, frontiers }: StoredLog): OwnLog {
  const last = entries.at(-1);
  const frontier = frontiers.at(-1);
  if (last === undefined || frontier === undefined) return emptyOwnLog(log);
  const { act, placement } = decodeEntry(last.entry);
  assert(placement.index === last.index && frontier.size === last.index + 1, "an own entry stands at its index");
  const { kind } = act.header;
  const isControl = kind !== undefined && KINDS[kind].control === true;
  const control = isControl ? { index: placement.index, leaf: last.leaf } : placement.control;
  return { log, frontier, time: placement.time, control };
}

/** Whether the store has the log up to what the second place holds, with that root. */
function agrees(suite: Suite, stored: StoredLog | undefined, { size, root }: SignedUpTo): boolean {
  if (size === 0) return true;
  const frontier = stored === undefined ? undefined : frontierOf(suite, stored, size);
  return frontier !== undefined && equalBytes(rootOf(suite, frontier), root);
}

/** Origin of one of our logs, 32 hex digits. */
export function originOfOwn(
  suite: Suite,
  accord: Accord,
  options: { readonly party: Party; readonly log: LogId; readonly lineSecret: Uint8Array },
): string {
  return origin(suite, accord.line, options.party.key, options.log, options.lineSecret).slice("openline.invalid/".length);
}

/** Signs heads of our own logs with Ed25519. */
export function headSigner(suite: Suite, accord: Accord, party: Party, keys: NodeKeys): SignHead {
  return ({ log, size, root }) => {
    const body = { origin: origin(suite, accord.line, party.key, log, keys.lineSecret), size, root };
    return { incarnation: log, size, signature: signCheckpoint(suite, keys.log.ed25519, body) };
  };
}

/** The ML-DSA-44 line (0x06) of a head: daily, and in every export, so that old entries stay evidence after Ed25519 falls. */
export function mldsaLine(
  suite: Suite,
  accord: Accord,
  options: { party: Party; keys: NodeKeys; log: LogId; size: number; root: Uint8Array; time: UnixSeconds },
): Uint8Array {
  const { party, keys, log, size, root, time } = options;
  const name = origin(suite, accord.line, party.key, log, keys.lineSecret);
  return cosignMldsa44(suite, keys.log.mldsa44, name, { origin: name, size, root }, time);
}
