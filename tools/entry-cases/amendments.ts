import { type Amendment, encodeTerms, fromHex, parseDigest, parsePostId, toHex } from "@openline/core";
import { nativeSuite as suite } from "../../packages/node/src/crypto/native-suite.ts";
import type { Proposed } from "../../packages/verify/test/builder-options.ts";
import { channel, en, keyOf, seedOf } from "../../packages/verify/test/builder-accord.ts";
import { DAY, bad, type Case, good, type Start } from "./case.ts";

/** A north that has proposed, and a south that has accepted. */
function accepted({ north, south }: Start, change: Parameters<Start["north"]["propose"]>[0] = { beat: 60 }): Proposed {
  const proposed = north.propose(change);
  south.accept(proposed);
  return proposed;
}

/** South holds north's proposal of its own file. */
function held({ north, south }: Start, ...proposing: Parameters<Start["north"]["proposeFile"]>): Proposed {
  const proposed = north.proposeFile(...proposing);
  south.beat();
  return proposed;
}

const seeds = (name: string) => ({ ed25519: seedOf(`${name} ed25519`), mldsa44: seedOf(`${name} mldsa44`) });
const holder = (keys: ReturnType<typeof seeds>) => ({
  ed25519: suite.ed25519Public(keys.ed25519),
  mldsa44: suite.mldsa44Public(keys.mldsa44),
});
const rootOf = (threshold: number, ...all: readonly ReturnType<typeof seeds>[]) => ({ threshold, holders: all.map(holder) });
const flipped = (amendment: Amendment): Amendment => ({
  ...amendment,
  signatures: amendment.signatures.map((item) => ({ ...item, mldsa44: item.mldsa44.map((byte, i) => (i === 9 ? byte ^ 1 : byte)) })),
});
/** South's next entry is one that it can only sign under the new terms. */
const goes = ({ north, south }: Start, proposed: Proposed): void => {
  const confirmed = north.confirm(proposed);
  north.goOver(proposed, confirmed);
  south.goOver(proposed, confirmed);
};

const TERMS: readonly Case[] = [
  good("terms proposed, accepted, confirmed, and used by both", (at) => {
    goes(at, accepted(at));
    at.north.message(at.n, "under new terms");
    at.south.message(at.s, "under new terms");
  }),
  good("a channel added and spoken on", (at) => {
    const channels = [...at.line.accord.terms.channels, channel(5, "fifth")];
    goes(at, accepted(at, { channels }));
    at.north.proposeFile({ posts: [{ id: "watch", name: en("watch"), channels: ["main", "fifth"], principal: false, deputy: null }] });
  }),
  good("a second amendment on the first", (at) => {
    goes(at, accepted(at));
    const second = at.south.propose({ beat: 90 });
    at.north.accept(second);
    const confirmed = at.south.confirm(second);
    at.south.goOver(second, confirmed);
    at.north.goOver(second, confirmed);
    at.south.message(at.s, "under newer terms");
  }),
  good("a proposal taken back by another of the same party", (at) => {
    at.north.propose({ beat: 60 });
    at.north.confirm(accepted(at, { beat: 90 }));
  }),
  good("both amend at once: one takes its own back, and the other confirms", (at) => {
    const [first, second] = [at.north.propose({ beat: 60 }), at.south.propose({ beat: 90 }, { names: false })];
    at.north.accept(second);
    at.south.accept(first);
    at.south.propose({ beat: 120 });
    at.north.confirm(first);
  }),
  bad(
    "both amend at once and accept each other: neither confirms",
    [
      ["north", 4, "wrong-accord"],
      ["south", 4, "wrong-accord"],
    ],
    (at) => {
      const [first, second] = [at.north.propose({ beat: 60 }), at.south.propose({ beat: 90 }, { names: false })];
      at.north.accept(second);
      at.south.accept(first);
      at.north.confirm(first);
      at.south.confirm(second);
    },
  ),
  bad("an accept of the other's after a confirmation of one's own", ["north", 4, "wrong-accord"], (at) => {
    const proposed = accepted(at);
    const other = at.south.propose({ beat: 90 });
    at.north.confirm(proposed);
    at.north.accept(other);
  }),
  bad("confirmed twice on one base", ["north", 5, "wrong-accord"], (at) => {
    const [first, second] = [accepted(at), accepted(at, { beat: 90 })];
    at.north.confirm(second);
    at.north.confirm(second);
    void first;
  }),
  bad("confirmed, and taken back before", ["north", 4, "wrong-accord"], (at) => {
    const proposed = accepted(at);
    at.north.propose({ beat: 90 });
    at.north.confirm(proposed);
  }),
  bad("confirmed without an accept", ["north", 3, "wrong-accord"], (at) => void at.north.confirm(at.north.propose({ beat: 60 }))),
  bad("confirmed with an accept that its author had not seen", ["north", 3, "wrong-accord"], (at) => {
    at.north.confirm(accepted(at), { names: false });
  }),
  bad("confirmed by the other party", ["south", 3, "wrong-reference"], (at) => void at.south.confirm(accepted(at))),
  bad("accepted by its own party", ["north", 3, "wrong-reference"], (at) => void at.north.accept(at.north.propose({ beat: 60 }))),
  bad("accepted under another digest", ["south", 2, "wrong-accord"], (at) => {
    const proposed = at.north.propose({ beat: 60 });
    at.south.accept(proposed, { facts: { digest: parseDigest("22".repeat(32)) } });
  }),
  bad("accepted after it had been taken back", ["south", 2, "wrong-accord"], (at) => {
    const proposed = at.north.propose({ beat: 60 });
    at.north.propose({ beat: 90 });
    at.south.accept(proposed);
  }),
  bad("accepted after other terms came to be used", ["north", 5, "wrong-accord"], (at) => {
    const early = at.south.propose({ beat: 90 });
    goes(at, accepted(at));
    at.north.accept(early);
  }),
  bad("accepted without its proposal", ["south", 2, "bad-facts"], ({ south }) => {
    south.write({ kind: "accept", facts: { digest: parseDigest("22".repeat(32)) } });
  }),
  bad("a proposal for something else", ["north", 2, "bad-facts"], ({ north }) => {
    north.write({ kind: "propose", facts: { digest: parseDigest("22".repeat(32)), purpose: "node" } });
  }),
  bad("a proposal that does not say for what", ["north", 2, "bad-facts"], ({ north }) => {
    north.write({ kind: "propose", facts: { digest: parseDigest("22".repeat(32)) } });
  }),
  bad("signed by one directory person alone", ["north", 2, "two-persons-required"], (at) => {
    at.north.propose({ beat: 60 }, { keys: [[at.north.side.directory[0], "author"]] });
  }),
  bad("accepted by a watch key", ["south", 2, "not-authorised"], (at) => {
    at.south.accept(at.north.propose({ beat: 60 }), { keys: [[at.s, "author"]] });
  }),
];

const wrong = (comment: string, code: Parameters<typeof bad>[1], change: Parameters<Start["north"]["propose"]>[0], more = {}): Case =>
  bad(comment, code, (at) => {
    const proposed = at.north.propose(change, more);
    at.south.accept(proposed);
    at.north.confirm(proposed);
  });

const CONTENT: readonly Case[] = [
  wrong("terms on another base", ["north", 3, "wrong-accord"], { base: new Uint8Array(32) }),
  wrong("terms without a base", ["north", 3, "wrong-accord"], { base: null }),
  wrong("terms of the other mode", ["north", 3, "foreign-mode"], { mode: "exercise" }),
  wrong("terms that name other parties", ["north", 3, "wrong-accord"], { parties: ["south", "north"] }),
  wrong("terms of another suite", ["north", 3, "unsupported-version"], { suite: 2 }),
  wrong("terms that give a channel's number to another", ["north", 3, "wrong-accord"], { channels: [channel(1, "other")] }),
  wrong("terms that give a channel's id to another", ["north", 3, "wrong-accord"], { channels: [channel(9, "main")] }),
  wrong("terms with a beat above the limit of silence", ["north", 3, "malformed"], { beat: 600 }),
  wrong("terms that no root holder signed", ["north", 3, "wrong-accord"], {}, { holders: [] }),
  wrong("terms signed by a stranger", ["north", 3, "wrong-accord"], {}, { holders: [seeds("stranger")] }),
  wrong("terms with a signature changed", ["north", 3, "wrong-signature"], {}, { spoil: flipped }),
  wrong(
    "terms that are no terms",
    ["north", 3, "truncated"],
    {},
    {
      spoil: (amendment: Amendment): Amendment => ({ ...amendment, file: amendment.file.slice(0, -1) }),
    },
  ),
];

const FORCE: readonly Case[] = [
  bad("used without a confirmation", ["south", 3, "wrong-reference"], (at) => {
    const proposed = accepted(at);
    at.south.write({
      kind: "in-force",
      facts: { digest: parseDigest(toHex(suite.sha256(encodeTerms(at.line.accord.terms)))) },
      refs: [at.south.leafAt(2)],
      names: true,
    });
    void proposed;
  }),
  bad("used under another digest", ["north", 4, "wrong-accord"], (at) => {
    const confirmed = at.north.confirm(accepted(at));
    at.north.write({ kind: "in-force", facts: { digest: parseDigest("22".repeat(32)) }, refs: [confirmed.leaf] });
  }),
  bad("used twice", ["north", 5, "wrong-accord"], (at) => {
    const proposed = accepted(at);
    const confirmed = at.north.confirm(proposed);
    at.north.goOver(proposed, confirmed);
    at.north.goOver(proposed, confirmed);
  }),
  bad("confirmed and not seen yet", ["south", 3, "unknown-reference"], (at) => {
    const proposed = accepted(at);
    at.south.goOver(proposed, at.north.confirm(proposed), { names: false });
  }),
  bad("signed under the old terms after going over", ["north", 5, "wrong-signature"], (at) => {
    const old = at.north.accordDigest;
    goes(at, accepted(at));
    at.north.accordDigest = old;
    at.north.message(at.n, "words");
  }),
  bad("signed under the new terms before going over", ["south", 3, "wrong-signature"], (at) => {
    const proposed = accepted(at);
    at.north.goOver(proposed, at.north.confirm(proposed));
    at.south.accordDigest = at.north.accordDigest;
    at.south.message(at.s, "words");
  }),
];

const second = seeds("second");
const third = seeds("third");

const FILES: readonly Case[] = [
  good("another file of one party, used when the other holds it", (at) => {
    const proposed = held(at, { holidays: [1_700_006_400 - (1_700_006_400 % DAY)] });
    at.north.goOver(proposed, proposed);
    at.north.message(at.n, "under a new file");
  }),
  good("root holders rotated: signed by the old and the new", (at) => {
    const { root } = at.north.side;
    const proposed = held(at, { root: rootOf(2, second, third) }, { holders: [root, second, third] });
    at.north.goOver(proposed, proposed);
    const again = held(at, { holidays: [0] }, { holders: [second, third] });
    at.north.goOver(again, again);
  }),
  good("another node key and another directory key, each counting from there", (at) => {
    const [node, added] = [keyOf("north/node-2"), keyOf("north/directory-c")];
    const [first] = at.north.side.file.directory;
    if (first === undefined) return;
    const directory = [first, { key: added.key, person: fromHex("33".repeat(32)) }];
    const proposed = held(at, { node: node.key, directory });
    at.north.goOver(proposed, proposed);
    at.north.beat({ keys: [[node, "node"]] });
    at.north.assign("watch-2", ["watch"], { keys: [[added, "author"]] });
  }),
  good("a key that was added before is written into the file", (at) => {
    const key = keyOf("north/node-2");
    at.north.write({ kind: "key-add", facts: { key: key.key, purpose: "node", possession: at.north.possession(key) } });
    const proposed = held(at, { node: key.key });
    at.north.goOver(proposed, proposed);
    at.north.beat({ keys: [[key, "node"]] });
  }),
  bad("the node key that the new file leaves out", ["north", 4, "revoked-key"], (at) => {
    const proposed = held(at, { node: keyOf("north/node-2").key });
    at.north.goOver(proposed, proposed);
    at.north.beat();
  }),
  bad("root holders rotated without the old", ["north", 3, "wrong-accord"], (at) => {
    const proposed = held(at, { root: rootOf(1, second) }, { holders: [second] });
    at.north.goOver(proposed, proposed);
  }),
  bad("root holders rotated without enough of the new", ["north", 3, "wrong-accord"], (at) => {
    const proposed = held(at, { root: rootOf(2, second, third) }, { holders: [at.north.side.root, second] });
    at.north.goOver(proposed, proposed);
  }),
  bad("used before the other holds it", ["north", 3, "wrong-accord"], (at) => {
    const proposed = at.north.proposeFile({ holidays: [0] });
    at.north.goOver(proposed, proposed);
  }),
  bad("refused by the other for its missing body", ["north", 3, "wrong-accord"], (at) => {
    const proposed = at.north.proposeFile({ holidays: [0] }, { withhold: true });
    at.south.write({ kind: "refusal", facts: { code: "missing-disclosure" }, refs: [proposed.leaf] });
    at.south.beat();
    at.north.goOver(proposed, proposed);
  }),
  bad("of the other party", ["south", 3, "wrong-reference"], (at) => {
    const proposed = held(at, { holidays: [0] });
    at.south.goOver(proposed, proposed);
  }),
  bad("with another id", ["north", 3, "wrong-accord"], (at) => {
    const proposed = held(at, { id: "other" });
    at.north.goOver(proposed, proposed);
  }),
  bad("with another contribution", ["north", 3, "wrong-accord"], (at) => {
    const proposed = held(at, { contribution: new Uint8Array(32) });
    at.north.goOver(proposed, proposed);
  }),
  bad("with another log key", ["north", 3, "wrong-accord"], (at) => {
    const { log } = at.north.side.file;
    const proposed = held(at, { log: { ...log, ed25519: keyOf("north/log-2").key } });
    at.north.goOver(proposed, proposed);
  }),
  bad("with a key of another use", ["north", 3, "reused-key"], (at) => {
    const proposed = held(at, { node: at.north.side.mirror.key });
    at.north.goOver(proposed, proposed);
  }),
  bad("with a key of the other party", ["north", 3, "reused-key"], (at) => {
    const proposed = held(at, { node: at.south.side.node.key });
    at.north.goOver(proposed, proposed);
  }),
  bad("with a weak key", ["north", 3, "weak-key"], (at) => {
    const proposed = held(at, { node: new Uint8Array(32) });
    at.north.goOver(proposed, proposed);
  }),
  bad("with a post on a channel that never was", ["north", 3, "unknown-channel"], (at) => {
    const posts = [{ id: "watch", name: en("watch"), channels: ["nowhere"], principal: false, deputy: null }];
    const proposed = held(at, { posts });
    at.north.goOver(proposed, proposed);
  }),
  bad("a post addressed that the other has only proposed", ["south", 3, "unknown-post"], (at) => {
    const posts = [{ id: "envoy", name: en("envoy"), channels: ["main"], principal: false, deputy: null }];
    const proposed = held(at, { posts });
    at.north.goOver(proposed, proposed);
    at.south.message(at.s, "words", { header: { to: [parsePostId("envoy")] }, names: true });
  }),
  good("a post addressed after the notice", (at) => {
    const posts = [{ id: "envoy", name: en("envoy"), channels: ["main"], principal: false, deputy: null }];
    const proposed = held(at, { posts });
    at.north.goOver(proposed, proposed);
    at.south.beat();
    at.line.now += 8 * DAY;
    at.south.message(at.s, "words", { header: { to: [parsePostId("envoy")] } });
  }),
];

export const AMENDMENTS: readonly Case[] = [...TERMS, ...CONTENT, ...FORCE, ...FILES];
