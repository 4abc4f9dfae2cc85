import { randomBytes } from "node:crypto";
import type { ActPlaced, NodeClient } from "@openline/api";
import {
  type Body,
  type Composing,
  type Hand,
  type Said,
  composeAct,
  fromHex,
  millisOf,
  parseLineId,
  parsePartyKey,
  parseTime,
} from "@openline/core";
import { nativeSuite } from "@openline/node/operate";

/** Makes an act on this machine, signs it with each hand, and hands it to the running node, which says what it must say of its line and
 *  its clock. `line`: id of the line, 32 hex digits. Throws `ApiProblem` for what the node refuses. */
export async function placeThroughNode(
  client: NodeClient,
  line: string,
  act: { readonly said: Said; readonly hands: readonly Hand[]; readonly body?: Body | undefined },
): Promise<ActPlaced> {
  const { act: bytes, disclosure } = composeAct(await composingOf(client, line), act.said, act.hands, act.body);
  return client.submit(line, { act: base64(bytes), ...(disclosure === undefined ? {} : { disclosure: base64(disclosure) }) });
}

/** What an act must say of its line, as the running node says it. */
export async function composingOf(client: NodeClient, line: string): Promise<Composing> {
  const signing = await client.signing(line);
  return {
    suite: nativeSuite,
    random: (count: number) => new Uint8Array(randomBytes(count)),
    line: parseLineId(signing.line),
    party: parsePartyKey(signing.partyKey),
    accordDigest: fromHex(signing.accordDigest),
    now: millisOf(parseTime(signing.now)),
    logTime: parseTime(signing.logTime),
  };
}

/** Bytes as the API carries them. */
export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64url"));
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
