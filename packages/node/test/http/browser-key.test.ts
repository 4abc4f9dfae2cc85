import { webcrypto } from "node:crypto";
import { expect, test } from "vitest";
import {
  encodeAct,
  kidOf,
  parseActId,
  parseChannelNumber,
  parsePostId,
  parseUnixSeconds,
  prepare,
  secondsOf,
  signAct,
  toSign,
} from "@openline/core";
import { nativeSuite } from "@openline/node";
import { handOf } from "../../src/operate/line-setup.ts";
import { Line } from "../node/line.ts";

/** The DER in front of the seed of an Ed25519 private key (RFC 8410 §7). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

test("an act signed by a key that WebCrypto keeps is the same act, and a node places it; for other bytes it is refused", async () => {
  const line = await Line.open();
  await line.assign();
  const { node, secrets } = line.players[0]!;
  const seed = secrets.watch.get("watch")!;
  const key = await webcrypto.subtle.importKey("pkcs8", Buffer.concat([PKCS8, seed]), "Ed25519", false, ["sign"]);
  await expect(webcrypto.subtle.exportKey("pkcs8", key)).rejects.toThrow();

  const { accord, party } = node.options;
  const time = secondsOf(line.now);
  const draft = {
    kind: "message" as const,
    line: accord.line,
    party: party.key,
    actId: parseActId("00".repeat(15) + "01"),
    channel: parseChannelNumber(1),
    precedence: "FLASH" as const,
    from: parsePostId("watch"),
    to: [],
    refs: [],
    drafted: line.now,
    notAfter: parseUnixSeconds(time + 3600),
    facts: {},
  };
  const { payload, disclosure } = prepare(nativeSuite, draft, new Map([["text", new Map([["en", "Signed here."]])]]), new Uint8Array(16));
  const signing = {
    kid: kidOf(nativeSuite, nativeSuite.ed25519Public(seed)),
    role: "author" as const,
    time,
    accordDigest: party.accordDigest,
  };
  const { message, signed } = toSign(payload, signing);
  const sign = async (bytes: Uint8Array) => new Uint8Array(await webcrypto.subtle.sign("Ed25519", key, new Uint8Array(bytes)));
  const act = encodeAct(payload, [signed(await sign(message))]);
  const byHand = signAct(payload, { accordDigest: party.accordDigest, time, hands: [{ ...handOf(nativeSuite, seed), role: "author" }] });
  expect(act).toEqual(byHand);

  const other = encodeAct(payload, [signed(await sign(Buffer.from("other bytes")))]);
  expect(await node.submit(other, disclosure)).toMatchObject({ ok: false, refusal: { code: "wrong-signature" } });
  expect(await node.submit(act, disclosure)).toMatchObject({ ok: true });
});
