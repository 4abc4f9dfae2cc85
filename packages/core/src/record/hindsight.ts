import type { Header } from "../entry/act.ts";
import { KINDS, type KindName } from "../entry/kinds.ts";
import type { LeafHash } from "../ids.ts";
import type { LogTrack } from "./log-track.ts";

/** Finds out whether something was judged without an entry that has come since and that bears on it: one that was listed ahead of
 *  a gap, and then referred to, or that is about standing; an act at the end of a closed log that the next log has placed
 *  again; or another log that closes the same one. Only a record loaded anew says what equal entries say elsewhere. */
export class Hindsight {
  /** Leaves that were listed before they were offered; those of them that were referred to since. */
  readonly #unseen: Set<LeafHash> = new Set();
  readonly #missed: Set<LeafHash> = new Set();
  #outdated = false;

  get outdated(): boolean {
    return this.#outdated;
  }

  /** Everything there is has been offered before anything was read. */
  loadedAtOnce(): void {
    this.#outdated = false;
  }

  /** A leaf is listed that is not here. */
  listed(leaf: LeafHash): void {
    this.#unseen.add(leaf);
  }

  /** An entry has come; `kind` where it can be read. */
  offered(leaf: LeafHash, kind: KindName | undefined): void {
    if (this.#missed.has(leaf) || (this.#unseen.has(leaf) && kind !== undefined && STANDING.has(kind))) this.#outdated = true;
  }

  /** A second log closes one that another has closed: which of the two is the later one must not depend on which came first. */
  closedTwice(): void {
    this.#outdated = true;
  }

  /** An entry is read; `isHere`: whether another one has been. */
  read(log: LogTrack, header: Header, isHere: (leaf: LeafHash) => boolean): void {
    for (const leaf of header.refs) if (this.#unseen.has(leaf) && !isHere(leaf)) this.#missed.add(leaf);
    const control = header.kind !== undefined && KINDS[header.kind].control === true;
    if (!control && log.actIds.hasLater(header.actId, log.incarnation)) this.#outdated = true;
  }
}

/** Acts that say how those of others are judged, once their authors hold them. */
const STANDING: ReadonlySet<KindName> = new Set(["suspend", "resume", "cancel", "withdraw"]);
