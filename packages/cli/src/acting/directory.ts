import { randomBytes } from "node:crypto";
import { fromHex, millisOf, parseLineId, parsePartyKey, parseTime, parseUnixMillis } from "@openline/core";
import {
  type Said,
  type SigningKey,
  type Unlocker,
  accordInForce,
  composeAct,
  controlOf,
  handsOf,
  nativeSuite,
  placeHere,
  readLineConfig,
} from "@openline/node/operate";
import { refused } from "../exit.ts";
import { askNode } from "./node-client.ts";

/** Where an act of the directory came to stand in our log. */
interface Placed {
  readonly index: number;
  readonly leaf: string;
}

/** Whose accord it is, for what is said and signed. */
export type InForce = Awaited<ReturnType<typeof accordInForce>>;

/** Signs an act of the directory here and places it: through the running node, or, before the line's first exchange, in the folder
 *  itself, so that a line can have its first watch keys before its node has run. */
export async function placeOfDirectory(
  dir: string,
  unlocker: Unlocker,
  say: (line: InForce) => Promise<{ readonly said: Said; readonly keys: readonly SigningKey[] }>,
): Promise<Placed> {
  const line = await accordInForce(dir, await readLineConfig(dir));
  const running = (await controlOf(dir)) !== undefined;
  const { said, keys } = await say(line);
  if (running) return throughNode(dir, line, { said, keys });
  const placed = await placeHere({ dir, unlocker, now: parseUnixMillis(Date.now()), said, keys });
  if (!placed.ok) throw refused(placed.refusal);
  return placed.value;
}

function throughNode(
  dir: string,
  { accord }: InForce,
  { said, keys }: { readonly said: Said; readonly keys: readonly SigningKey[] },
): Promise<Placed> {
  return askNode(dir, async (client) => {
    const signing = await client.signing(accord.line);
    const by = {
      suite: nativeSuite,
      random: (count: number) => new Uint8Array(randomBytes(count)),
      line: parseLineId(signing.line),
      party: parsePartyKey(signing.partyKey),
      accordDigest: fromHex(signing.accordDigest),
      now: millisOf(parseTime(signing.now)),
      logTime: parseTime(signing.logTime),
    };
    const { act } = composeAct(by, said, handsOf(keys));
    return client.submit(accord.line, { act: Buffer.from(act).toString("base64url") });
  });
}
