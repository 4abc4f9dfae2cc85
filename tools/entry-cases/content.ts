import { parseActId, parseKid, parseUnixSeconds, READINGS, type TimeWindow } from "@openline/core";
import { nativeSuite } from "../../packages/node/src/crypto/native-suite.ts";
import { EPOCH_S } from "../../packages/verify/test/builder-accord.ts";
import { bad, type Case, good, header, type Start } from "./case.ts";

const words = ({ north, n }: Start, more: Parameters<Start["north"]["message"]>[2]): void => void north.message(n, "words", more);
const sameId = { header: { actId: parseActId("11".repeat(16)) } } as const;
const NOTHING = "00".repeat(32);

type Unfit = readonly [string, Parameters<Start["north"]["message"]>[2]];
const window = (from: number, to: number): TimeWindow => ({ from: parseUnixSeconds(EPOCH_S + from), to: parseUnixSeconds(EPOCH_S + to) });

const TIME: readonly Case[] = [
  bad("placed before the entry before it", ["north", 2, "time-goes-back"], (at) => words(at, { time: EPOCH_S })),
  bad("placed a second after its last moment", ["north", 2, "late-placed"], (at) =>
    words(at, { time: EPOCH_S + 100, header: { notAfter: parseUnixSeconds(EPOCH_S + 99) } }),
  ),
  bad("an act id used before", ["north", 3, "replayed"], ({ north, n }) => {
    north.message(n, "first", sameId);
    north.message(n, "second", sameId);
  }),
  good("placed in the same second as the entry before it", (at) => words(at, { time: EPOCH_S + 40 })),
  good("placed in its last second", (at) => words(at, { time: EPOCH_S + 100, header: { notAfter: parseUnixSeconds(EPOCH_S + 100) } })),
  good("one act id used by both parties", ({ north, south, n, s }) => {
    north.message(n, "first", sameId);
    south.message(s, "second", sameId);
  }),
  bad("an act id of an act that had no effect counts as new", ["north", 2, "wrong-signature"], ({ north, n }) => {
    north.message(n, "first", { ...sameId, signature: (bytes) => bytes.toReversed() });
    north.message(n, "second", sameId);
  }),
];

const FACTS: readonly Case[] = [
  bad("a fact its kind does not have", ["north", 2, "bad-facts"], (at) =>
    words(at, { payload: header((map) => void map.set(12, new Map([[9, 1]]))) }),
  ),
  bad("a fact nobody knows", ["north", 2, "bad-facts"], (at) =>
    words(at, { payload: header((map) => void map.set(12, new Map([[99, 1]]))) }),
  ),
  bad("a fact that must be there is not", ["north", 2, "bad-facts"], ({ north }) => void north.write({ kind: "key-revoke", facts: {} })),
  bad("an acknowledgement of nothing", ["north", 2, "bad-facts"], (at) => words(at, { kind: "acknowledge" })),
  bad("one form twice in a scope", ["north", 2, "bad-facts"], (at) => words(at, { kind: "suspend", facts: { scope: ["a", "a"] } })),
  bad("a directory key without a person", ["north", 2, "bad-facts"], ({ north }) => {
    const key = north.keyFor("directory-c");
    north.write({ kind: "key-add", facts: { key: key.key, purpose: "directory", possession: north.possession(key) } });
  }),
  ...(
    [
      ["a window that ends before it begins", { kind: "call-request", facts: { windows: [window(900, 500)] } }],
      [
        "windows of which the second ends before it begins",
        { kind: "talks-propose", facts: { windows: [window(500, 900), window(2, 1)] } },
      ],
      ["no window among the windows offered", { kind: "call-request", facts: { windows: [] } }],
      ["a reading that nobody knows", { kind: "claim", facts: { reading: "bogus" } }],
      ["a reading in other letters", { kind: "claim", facts: { reading: "Contact" } }],
      ["a form id with a space", { kind: "notification", facts: { form: "BAD FORM" } }],
      ["an empty form id", { kind: "message", facts: { form: "" } }],
      ["a form id of 65 characters", { kind: "message", facts: { form: "f".repeat(65) } }],
      ["a form id that begins with a dot", { kind: "talks-propose", facts: { form: ".hidden" } }],
      ["a scope with what is no form id", { kind: "suspend", facts: { scope: ["test", "a b"] } }],
    ] satisfies readonly Unfit[]
  ).map(([comment, more]) => bad(comment, ["north", 2, "bad-facts"], (at) => words(at, more))),
  bad("a refusal with a code that is none", ["north", 2, "bad-facts"], ({ north }) => {
    north.write({ kind: "refusal", facts: { code: "because" }, refs: [NOTHING] });
  }),
  bad("a key added for nothing that keys are for", ["north", 2, "bad-facts"], ({ north }) => {
    const key = north.keyFor("directory-c");
    north.write({ kind: "key-add", facts: { key: key.key, purpose: "watch", possession: north.possession(key) } });
  }),
  bad("a sealing key for a class of bearers that is none", ["north", 2, "bad-facts"], ({ north }) => {
    north.write({ kind: "prekey", facts: { key: nativeSuite.xwingPublic(new Uint8Array(32).fill(7)), purpose: "pigeon" } });
  }),
  bad("an act of a post that names no post", ["north", 2, "malformed"], (at) =>
    words(at, { payload: header((map) => void map.delete(9)) }),
  ),
  good("windows, one of them a single moment", (at) =>
    words(at, { kind: "call-request", facts: { windows: [window(500, 900), window(900, 900)] } }),
  ),
  ...READINGS.map((reading) => good(`a claim with the reading ${reading}`, (at) => words(at, { kind: "claim", facts: { reading } }))),
  ...["live-training-short-notice", "Own_Form.2", "7", "f".repeat(64)].map((form) =>
    good(`a form called ${form}`, (at) => words(at, { kind: "notification", facts: { form } })),
  ),
  good("every common fact", (at) => words(at, { facts: { unsure: true, wantsAnswer: true } })),
  good("a suspension with scope, beginning and review", (at) =>
    words(at, {
      kind: "suspend",
      facts: { scope: ["a", "b"], effective: parseUnixSeconds(EPOCH_S + 500), review: parseUnixSeconds(EPOCH_S + 900) },
    }),
  ),
  good(
    "a revocation of a key that was never enrolled changes nothing",
    ({ north }) => void north.write({ kind: "key-revoke", facts: { kid: parseKid("00".repeat(8)) } }),
  ),
];

const REFERENCES: readonly Case[] = [
  bad("refers to nothing held", ["north", 2, "unknown-reference"], (at) => words(at, { refs: [NOTHING] })),
  bad("refers to an entry its author has not named", ["north", 2, "unknown-reference"], ({ north, south, n, s }) => {
    const asked = south.message(s, "words");
    north.message(n, "seen", { kind: "acknowledge", refs: [asked.leaf] });
  }),
  bad("refers to a beat", ["north", 3, "unknown-reference"], ({ north, n }) => {
    const beat = north.beat();
    north.message(n, "words", { refs: [beat.leaf] });
  }),
  bad("conditions reported of what is no suspension", ["north", 3, "wrong-reference"], ({ north, n }) => {
    const asked = north.message(n, "words");
    north.message(n, "met", { kind: "conditions-report", refs: [asked.leaf] });
  }),
  good("an answer to what is no test, which answers none", ({ north, n }) => {
    const held = north.message(n, "ground", { kind: "suspend" });
    north.message(n, "seen", { kind: "test-answer", refs: [held.leaf] });
  }),
  bad("a beat that refers to something", ["north", 3, "wrong-reference"], ({ north, n }) => {
    const first = north.message(n, "words");
    north.beat({ refs: [first.leaf] });
  }),
  bad(
    "conditions reported of a suspension that has no effect",
    [
      ["south", 2, "wrong-signature"],
      ["north", 2, "wrong-reference"],
    ],
    ({ north, south, n, s }) => {
      const asked = south.message(s, "words", { kind: "suspend", signature: (bytes) => bytes.toReversed() });
      north.message(n, "met", { kind: "conditions-report", refs: [asked.leaf], names: true });
    },
  ),
  good("an acknowledgement of a message that its placement names", ({ north, south, n, s }) => {
    const asked = south.message(s, "words");
    north.message(n, "seen", { kind: "acknowledge", refs: [asked.leaf], names: true });
  }),
  good(
    "a refusal of a leaf that is not held",
    ({ north }) => void north.write({ kind: "refusal", facts: { code: "missing-disclosure" }, refs: [NOTHING] }),
  ),
  good("a resumption of a suspension", ({ north, n }) => {
    const held = north.message(n, "ground", { kind: "suspend" });
    north.message(n, "ground", { kind: "resume", refs: [held.leaf] });
  }),
  good("a proposal, accepted by the other and confirmed", ({ north, south }) => {
    const proposed = north.propose({ beat: 60 });
    south.accept(proposed);
    north.confirm(proposed);
  }),
];

const CHANNELS: readonly Case[] = [
  bad("a channel the accord does not have", ["north", 2, "unknown-channel"], (at) => words(at, { channel: 9 })),
  bad("a channel not in force yet", ["north", 2, "not-in-force"], (at) => words(at, { channel: 3 })),
  bad("a channel that has lapsed", ["north", 2, "not-in-force"], (at) => words(at, { channel: 4 })),
  bad("a channel its own party has withdrawn from", ["north", 3, "not-in-force"], ({ north, n }) => {
    north.message(n, "ground", { kind: "withdraw" });
    north.message(n, "words");
  }),
  bad("a channel the other party has withdrawn from, as the author knew", ["north", 2, "not-in-force"], ({ north, south, n, s }) => {
    south.message(s, "ground", { kind: "withdraw" });
    north.message(n, "words", { names: true });
  }),
  bad("from a post the party does not have", ["north", 2, "unknown-post"], (at) => words(at, { from: "stranger" })),
  bad("to a post the other party does not have", ["north", 2, "unknown-post"], (at) => words(at, { to: ["stranger"] })),
  bad("to a post of its own party", ["north", 2, "unknown-post"], (at) => words(at, { to: ["north/watch"] })),
  bad("a key for a post the party does not have", ["north", 2, "unknown-post"], ({ north }) => void north.assign("watch-2", ["stranger"])),
  bad("a third FLASH within an hour", ["north", 4, "over-rate"], ({ north, n }) => {
    for (let i = 0; i < 3; i++) north.message(n, `flash ${i}`, { precedence: "FLASH" });
  }),
  good("two FLASH within an hour, and a third after it", ({ north, n }) => {
    for (let i = 0; i < 2; i++) north.message(n, `flash ${i}`, { precedence: "FLASH" });
    north.message(n, "flash", { precedence: "FLASH", time: EPOCH_S + 4000 });
  }),
  good("a channel the other party has withdrawn from, which the author had not seen", ({ north, south, n, s }) => {
    south.message(s, "ground", { kind: "withdraw" });
    north.message(n, "words");
  }),
  good("a service note on a channel that has lapsed", ({ north }) => void north.write({ kind: "service-note", channel: 4 })),
  good("to a post with its party before it", (at) => words(at, { to: ["south/minister", "watch"] })),
];

export const CONTENT: readonly Case[] = [...TIME, ...FACTS, ...REFERENCES, ...CHANNELS];
