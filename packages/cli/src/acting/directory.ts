import { type Said, parseUnixMillis } from "@openline/core";
import {
  type SigningKey,
  type Unlocker,
  accordInForce,
  controlOf,
  handsOf,
  partyInUse,
  placeHere,
  readLineConfig,
  readLineInForce,
} from "@openline/node/operate";
import { refused } from "../exit.ts";
import { askNode } from "./node-client.ts";
import { placeThroughNode } from "./through-node.ts";

/** Where an act of the directory came to stand in our log. */
interface Placed {
  readonly index: number;
  readonly leaf: string;
}

/** Whose accord it is, for what is said and signed. */
export type InForce = Awaited<ReturnType<typeof accordInForce>>;

/** A party may have changed its posts since the ceremony; before the first exchange it cannot. */
async function lineNow(dir: string): Promise<InForce> {
  const line = await readLineInForce(dir);
  return { accord: line.accord, party: partyInUse(line) };
}

/** Signs an act of the directory here and places it: through the running node, or, before the line's first exchange, in the folder
 *  itself, so that a line can have its first watch keys before its node has run. */
export async function placeOfDirectory(
  dir: string,
  unlocker: Unlocker,
  say: (line: InForce) => Promise<{ readonly said: Said; readonly keys: readonly SigningKey[] }>,
): Promise<Placed> {
  const running = (await controlOf(dir)) !== undefined;
  const line = running ? await lineNow(dir) : await accordInForce(dir, await readLineConfig(dir));
  const { said, keys } = await say(line);
  if (running) return askNode(dir, (client) => placeThroughNode(client, line.accord.line, { said, hands: handsOf(keys) }));
  const placed = await placeHere({ dir, unlocker, now: parseUnixMillis(Date.now()), said, keys });
  if (!placed.ok) throw refused(placed.refusal);
  return placed.value;
}
