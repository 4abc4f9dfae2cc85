import { join } from "node:path";
import { type ActPlaced, type EntryShown, NodeClient } from "@openline/api";
import { type Body, type Hand, type Precedence, type Said, parseChannelNumber, parseLeafHash, parsePostId } from "@openline/core";
import { controlOf, handOf, loadSigningKey, nativeSuite } from "@openline/node/operate";
import { placeThroughNode } from "../../packages/cli/src/acting/through-node.ts";
import { unlockerOf } from "../../packages/cli/src/passphrases.ts";
import type { Party } from "./started.ts";

/** An officer of a party who acts and reads at its node without a console, as a program would. */
export interface Officer {
  say(precedence: Precedence, text: string): Promise<ActPlaced>;
  /** Refused while the message has not come. */
  acknowledge(precedence: Precedence, leaf: string): Promise<ActPlaced>;
  /** What this officer's node has of an entry; undefined: nothing yet. */
  standing(place: ActPlaced): Promise<"held" | "acknowledged" | undefined>;
}

const POST = "duty-officer";

export async function officerOf(party: Party): Promise<Officer> {
  const transport = await controlOf(party.dir);
  if (transport === undefined) throw new Error(`no node runs in ${party.dir}`);
  const client = new NodeClient(transport);
  const hands = [await handOfWatch(party)];
  const from = { channel: parseChannelNumber(1), from: parsePostId(POST) } as const;
  const place = (said: Said, body?: Body): Promise<ActPlaced> => placeThroughNode(client, party.line, { said, hands, body });
  return {
    say: (precedence, text) => place({ ...from, kind: "message", precedence }, new Map([["text", new Map([["en", text]])]])),
    acknowledge: (precedence, leaf) => place({ ...from, kind: "acknowledge", precedence, refs: [parseLeafHash(leaf)] }),
    standing: ({ log, index }) => client.entry(party.line, { log, index }).then(standingOf, () => undefined),
  };
}

const standingOf = (entry: EntryShown): "held" | "acknowledged" =>
  "acknowledgement" in entry && entry.acknowledgement !== null ? "acknowledged" : "held";

async function handOfWatch({ id, dir }: Party): Promise<Hand> {
  const key = await loadSigningKey(join(`${dir}-keys`, `${POST}.key`), { kind: "watch", party: id }, unlockerOf({}));
  return { ...handOf(nativeSuite, key.seed), role: "author" };
}
