// Writes vectors/sealing/psk-lost.json from fixed seeds: node --conditions=openline-source tools/make-psk-lost-vectors.ts
import { writeFileSync } from "node:fs";
import {
  type HolderSignature,
  concatBytes,
  encodePskLost,
  encodeSignedPskLost,
  parseLineId,
  parsePartyId,
  signAsHolder,
  signPskLost,
  toHex,
  utf8,
} from "@openline/core";
import { nativeSuite as suite } from "@openline/node";

const seed = (value: number): Uint8Array => new Uint8Array(32).fill(value);
const holder = (value: number) => ({ ed25519: seed(value), mldsa44: seed(value + 100) });
const publicOf = (value: number) => ({
  ed25519: toHex(suite.ed25519Public(seed(value))),
  mldsa44: toHex(suite.mldsa44Public(seed(value + 100))),
});

const LINE = "03".repeat(16);
/** Holders by party, with how many of them must sign. */
const ROOTS = {
  north: { threshold: 2, holders: [1, 2, 3].map(publicOf) },
  south: { threshold: 1, holders: [4].map(publicOf) },
};

const noticeOf = (party: string, peer: string, line = LINE): Uint8Array =>
  encodePskLost({ line: parseLineId(line), party: parsePartyId(party), peer: parsePartyId(peer), at: 1_700_000_000 });
const notice = noticeOf("north", "south");
const by = (over: Uint8Array, ...holders: readonly number[]): readonly HolderSignature[] =>
  holders.map((value) => signPskLost(suite, holder(value), over));
const file = (over: Uint8Array, signatures: readonly HolderSignature[]): string => toHex(encodeSignedPskLost({ notice: over, signatures }));

const good = file(notice, by(notice, 1, 3));
const [first, second] = by(notice, 1, 2) as [HolderSignature, HolderSignature];
const other = (bytes: Uint8Array): Uint8Array => bytes.map((value, i) => (i === 5 ? value ^ 1 : value));
const refused = (comment: string, input: string, code: string) => ({ comment, input, expect: { refusal: code } });

const cases = [
  { comment: "two of three holders", input: good, expect: { party: "north", peer: "south", at: 1_700_000_000 } },
  { comment: "all three", input: file(notice, by(notice, 1, 2, 3)), expect: { party: "north", peer: "south", at: 1_700_000_000 } },
  {
    comment: "the other party, whose one holder is enough",
    input: file(noticeOf("south", "north"), by(noticeOf("south", "north"), 4)),
    expect: { party: "south", peer: "north", at: 1_700_000_000 },
  },
  refused("nobody has signed", file(notice, []), "wrong-accord"),
  refused("one of two that must", file(notice, by(notice, 1)), "wrong-accord"),
  refused("one holder twice", file(notice, [first, first]), "wrong-accord"),
  refused("a holder of the peer", file(notice, by(notice, 1, 4)), "wrong-accord"),
  refused("a key of nobody", file(notice, by(notice, 1, 2, 9)), "wrong-accord"),
  refused("over another notice", file(notice, [first, ...by(noticeOf("north", "south", "04".repeat(16)), 2)]), "wrong-signature"),
  refused(
    "in the domain of amendments",
    file(
      notice,
      [1, 2].map((value) => signAsHolder(suite, holder(value), concatBytes(utf8("openline/amendment"), notice))),
    ),
    "wrong-signature",
  ),
  refused("Ed25519 alone is good", file(notice, [first, { ...second, mldsa44: other(second.mldsa44) }]), "wrong-signature"),
  refused("ML-DSA-44 alone is good", file(notice, [first, { ...second, ed25519: other(second.ed25519) }]), "wrong-signature"),
  refused(
    "another line",
    file(noticeOf("north", "south", "04".repeat(16)), by(noticeOf("north", "south", "04".repeat(16)), 1, 2)),
    "wrong-line",
  ),
  refused("a party that the line does not have", file(noticeOf("west", "south"), by(noticeOf("west", "south"), 1, 2)), "wrong-party"),
  refused("with itself", file(noticeOf("north", "north"), by(noticeOf("north", "north"), 1, 2)), "wrong-party"),
  refused("version 0", file(noticeVersion0(), by(noticeVersion0(), 1, 2)), "unsupported-version"),
  refused("no notice inside", file(utf8("lost"), by(utf8("lost"), 1, 2)), "truncated"),
  refused("cut", good.slice(0, -2), "truncated"),
  refused("one byte more", `${good}00`, "truncated"),
  refused("empty", "", "truncated"),
  refused(
    "longer than a frame has room for",
    file(
      notice,
      Array.from({ length: 26 }, () => first),
    ),
    "oversized",
  ),
];

function noticeVersion0(): Uint8Array {
  // `version` is the last key in deterministic order, and its value the last byte.
  return Uint8Array.from([...notice.subarray(0, -1), 0]);
}

writeFileSync(
  new URL("../vectors/sealing/psk-lost.json", import.meta.url),
  `${JSON.stringify(
    {
      comment:
        "Signed notices of a lost pre-shared key as they travel, and what they say where the root holders of `roots` count on the line `line`.",
      source: "docs/spec/sealing.md",
      line: LINE,
      roots: ROOTS,
      cases,
    },
    undefined,
    2,
  )}\n`,
);
