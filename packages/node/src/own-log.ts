import { type Accord, type LogId, type OwnLog, type Party, type Suite, type UnixSeconds } from "@openline/core";
import { cosignMldsa44, decodeEntry, emptyOwnLog, equalBytes, extend, origin, rootOf, signCheckpoint } from "@openline/core";
import type { NodeKeys } from "./keys.ts";
import type { SignHead } from "./writer.ts";
import type { SignedUpTo } from "./store/second-place.ts";
import type { StoredEntry } from "./store/store.ts";

/** An own log as the store has it at a start, compared with the second place. */
export interface OwnStart {
  readonly own: OwnLog;
  /** `go-on`: nothing unsigned is lost. `restored`: the second place is lost or ahead, and this incarnation is never signed again. */
  readonly decision: "go-on" | "restored";
}

/** Recomputes an own log from its entries and decides whether it may be continued. The store may be ahead of the second
 *  place (the swap is then finished), never behind. `lost`: something is there and cannot be read. Source: docs/spec/log.md. */
export function startOwn(suite: Suite, log: LogId, stored: readonly StoredEntry[], swapped: SignedUpTo | "lost" | undefined): OwnStart {
  let own = emptyOwnLog(log);
  let agreed = swapped !== "lost" && swapped?.size === 0;
  for (const { entry, leaf } of stored) {
    own = extend(suite, own, { entry: decodeEntry(entry), leaf });
    if (swapped !== "lost" && own.frontier.size === swapped?.size) agreed = equalBytes(rootOf(suite, own.frontier), swapped.root);
  }
  const fresh = stored.length === 0 && swapped === undefined;
  return { own, decision: fresh || agreed ? "go-on" : "restored" };
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
