// Writes vectors/sealing/envelopes.json from fixed seeds: node --conditions=openline-source tools/make-sealing-vectors.ts
import { writeFileSync } from "node:fs";
import {
  encapsulate,
  envelopeOverheadMax,
  fromHex,
  limits,
  parseLeafHash,
  parseLineId,
  parsePartyKey,
  sealEnvelope,
  toHex,
} from "@openline/core";
import { nativeSuite as suite } from "@openline/node";

const bytes = (value: number, count: number): Uint8Array => new Uint8Array(count).fill(value);
const hex = (value: number, count: number): string => toHex(bytes(value, count));

/** Both ends of the good case; each other case changes something. */
const good = {
  seed: hex(1, 32),
  psk: hex(2, 32) as string | null,
  line: hex(3, 16),
  from: hex(4, 8),
  to: hex(5, 8),
  prekey: hex(6, 32) as string | null,
};
type End = typeof good;

function envelope(end: End, more: { first: boolean; heard?: readonly string[]; frame?: Uint8Array; id?: Uint8Array }): Uint8Array {
  const publicKey = suite.xwingPublic(fromHex(end.seed));
  const sending = encapsulate(suite, {
    publicKey,
    coins: bytes(7, 64),
    psk: end.psk === null ? null : fromHex(end.psk),
    context: {
      line: parseLineId(end.line),
      from: parsePartyKey(end.from),
      to: parsePartyKey(end.to),
      prekey: end.prekey === null ? null : parseLeafHash(end.prekey),
    },
  });
  const { first, heard = [], frame = new TextEncoder().encode("a frame"), id = bytes(8, 16) } = more;
  return sealEnvelope(suite, sending, { id, publicKey: first ? publicKey : undefined, heard, frame });
}

interface Case {
  readonly comment: string;
  readonly input: { readonly receiver: End; readonly after: string | null; readonly envelope: string };
  readonly expect: { readonly frame: string; readonly heard: readonly string[] } | { readonly refusal: string };
}
const FRAME = toHex(new TextEncoder().encode("a frame"));
const first = toHex(envelope(good, { first: true }));
const later = toHex(envelope(good, { first: false }));

/** `after`: an envelope that the receiver has opened before. */
const opens = (
  comment: string,
  receiver: End,
  text: string,
  more: { after?: string; heard?: readonly string[]; frame?: string } = {},
): Case => ({
  comment,
  input: { receiver, after: more.after ?? null, envelope: text },
  expect: { frame: more.frame ?? FRAME, heard: more.heard ?? [] },
});
const closed = (comment: string, receiver: End, text: string, refusal = "unopened", after?: string): Case => ({
  comment,
  input: { receiver, after: after ?? null, envelope: text },
  expect: { refusal },
});
const flipped = (text: string, at: number): string => {
  const value = fromHex(text);
  value[at] = (value[at] ?? 0) ^ 1;
  return toHex(value);
};
const lastResort = { ...good, prekey: null };
const noPsk = { ...good, psk: null };
const heard = [hex(9, 8), hex(10, 8)];
const all = fromHex(first).length;

const cases: readonly Case[] = [
  opens("the first of an encapsulation carries enc", good, first),
  opens("a later one does not", good, later, { after: first }),
  opens("the same again", good, first, { after: first }),
  opens("sealed to the key of the party file", lastResort, toHex(envelope(lastResort, { first: true }))),
  opens("mode_base, where both ends have lost the PSK", noPsk, toHex(envelope(noPsk, { first: true }))),
  opens("encapsulations heard of", good, toHex(envelope(good, { first: true, heard })), { heard }),
  opens("an empty frame", good, toHex(envelope(good, { first: true, frame: new Uint8Array(0) })), { frame: "" }),
  closed("a later one whose encapsulation is not known", good, later),
  closed("another key", { ...good, seed: hex(11, 32) }, first),
  closed("another PSK", { ...good, psk: hex(11, 32) }, first),
  closed("mode_base where a PSK is due", good, toHex(envelope(noPsk, { first: true }))),
  closed("mode_psk where the PSK is lost", noPsk, first),
  closed("another line", { ...good, line: hex(11, 16) }, first),
  closed("another sender", { ...good, from: hex(11, 8) }, first),
  closed("another receiver", { ...good, to: hex(11, 8) }, first),
  closed("sent back to its sender", { ...good, from: good.to, to: good.from }, first),
  closed("another prekey act of the same key", { ...good, prekey: hex(11, 32) }, first),
  closed("the key of the party file where a prekey was meant", lastResort, first),
  ...([1, 17, 25, 600, 1145, all - 1] as const).map((at) => closed(`bit 0 of byte ${at} changed`, good, flipped(first, at))),
  ...([1, 17, 25] as const).map((at) => closed(`bit 0 of byte ${at} of a later one changed`, good, flipped(later, at), "unopened", first)),
  closed("another kind", good, flipped(flipped(first, 0), 0).replace(/^00/, "02"), "malformed"),
  closed("kind 1 over an envelope of kind 0", good, first.replace(/^00/, "01"), "unopened"),
  closed("empty", good, "", "malformed"),
  closed("cut in its head", good, first.slice(0, 200), "truncated"),
  closed("cut in its tag", good, first.slice(0, 2 * (all - 12)), "truncated"),
  closed("one byte short", good, first.slice(0, -2)),
  closed("one byte more", good, `${first}00`),
  closed("X25519 half of enc of low order", good, `${first.slice(0, 2 * (25 + 1088))}${"00".repeat(32)}${first.slice(2 * 1145)}`),
];

writeFileSync(
  new URL("../vectors/sealing/envelopes.json", import.meta.url),
  `${JSON.stringify(
    {
      comment: `Envelopes and what a receiver makes of them. "unopened" is no refusal: the receiver's next HAVE names the key to seal to. Above ${limits.frameBytesMax + envelopeOverheadMax} bytes an envelope is oversized.`,
      source: "docs/spec/sealing.md",
      cases,
    },
    undefined,
    2,
  )}\n`,
);
