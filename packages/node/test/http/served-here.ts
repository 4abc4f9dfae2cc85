import { Drafts } from "../../src/drafts/drafts.ts";
import { UnsentTexts } from "../../src/drafts/unsent-texts.ts";
import { KeyDesk } from "../../src/http/key-desk.ts";
import type { ServedLine } from "../../src/http/served.ts";
import type { Node } from "../../src/node.ts";
import { Changes } from "../../src/watch/changes.ts";

/** A node as the API serves it, in this process: nothing waits, no way is set up, and time has just passed. */
export function servedHere(node: Node, more: Partial<ServedLine> = {}): ServedLine {
  const { accord, party, store } = node.options;
  const changes = more.changes ?? new Changes();
  const drafts = new Drafts(node, changes.tell);
  return {
    node,
    accord,
    party,
    store,
    lostPsks: () => [],
    unopened: () => [],
    bearers: () => [],
    sinceTickMs: () => 0,
    drafts,
    unsent: new UnsentTexts(store, node.options.world.clock, changes.tell),
    telephones: [],
    keyDesk: new KeyDesk(),
    ...more,
    changes,
  };
}
