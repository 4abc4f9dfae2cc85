import type { Accord, Party } from "@openline/core";
import type { BearerView, LostPsk, Unopened } from "@openline/api";
import type { Drafts } from "../drafts/drafts.ts";
import type { UnsentTexts } from "../drafts/unsent-texts.ts";
import type { Node } from "../node.ts";
import type { Telephone } from "../watch/telephones.ts";
import type { Changes } from "../watch/changes.ts";
import type { KeyDesk } from "./key-desk.ts";
import type { Store } from "../store/store.ts";

/** One line as the API serves it. */
export interface ServedLine {
  readonly node: Node;
  readonly accord: Accord;
  readonly party: Party;
  readonly store: Store;
  /** Health of the bearers as they are now. */
  readonly bearers: () => readonly BearerView[];
  /** Peers with whom there is no pre-shared key any more. */
  readonly lostPsks: () => readonly LostPsk[];
  /** Peers of whom nothing opens. */
  readonly unopened: () => readonly Unopened[];
  /** How long ago the node was last told that time has passed, milliseconds. */
  readonly sinceTickMs: () => number;
  /** What its own people are writing. */
  readonly drafts: Drafts;
  /** What they have typed and not said. */
  readonly unsent: UnsentTexts;
  /** Whom its own people call when the line does not carry. */
  readonly telephones: readonly Telephone[];
  /** Keys of consoles that wait for the directory. */
  readonly keyDesk: KeyDesk;
  /** Tells when something may have changed. */
  readonly changes: Changes;
}

/** All lines of this node. */
export interface Served {
  readonly lines: readonly ServedLine[];
}
