import { fromHex, kidOf, parseKid, parseUnixSeconds } from "@openline/core";
import { nativeSuite } from "../../packages/node/src/crypto/native-suite.ts";
import { EPOCH_S, type Key, keyOf, seedOf } from "../../packages/verify/test/builder-accord.ts";
import { bad, type Case, good, type Start } from "./case.ts";

const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 40 ? byte ^ 1 : byte));
const raw = (key: Uint8Array): Key => ({ seed: seedOf("raw"), key, kid: kidOf(nativeSuite, key) });
const words = ({ north, n }: Start, more: Parameters<Start["north"]["message"]>[2]): void => void north.message(n, "words", more);
/** On the channel that asks for two persons. */
const two = { channel: 2, to: ["watch"] } as const;

const KEYS: readonly Case[] = [
  bad("signed by a key nobody enrolled", ["north", 2, "unknown-key"], ({ north }) => void north.message(keyOf("stranger"), "words")),
  bad("signed by a key of the other party", ["north", 2, "unknown-key"], ({ north, s }) => void north.message(s, "words")),
  bad(
    "signed by a key that its own enrolment brings",
    ["north", 2, "unknown-key"],
    ({ north }) => void north.assign("watch-2", ["watch"], { keys: [[keyOf("north/watch-2"), "author"]] }),
  ),
  bad("signed by a key enrolled later", ["north", 2, "unknown-key"], ({ north }) => {
    north.message(keyOf("north/watch-2"), "words");
    north.assign("watch-2", ["watch"]);
  }),
  bad(
    "no signature of a known algorithm",
    ["north", 2, "unknown-key"],
    ({ north, n }) => void north.message(n, "words", { keys: [], foreign: 1 }),
  ),
  bad("signed by a revoked key", ["north", 3, "revoked-key"], ({ north, n }) => {
    north.revoke(n);
    north.message(n, "words");
  }),
  bad("a revoked directory key", ["north", 3, "revoked-key"], ({ north }) => {
    north.revoke(north.side.directory[0], { keys: [[north.side.directory[1], "author"]] });
    north.assign("watch-2", ["watch"]);
  }),
  bad("a signature with one bit changed", ["north", 2, "wrong-signature"], (at) => words(at, { signature: flip })),
  bad("a signature of 63 bytes", ["north", 2, "wrong-signature"], (at) => words(at, { signature: (bytes) => bytes.slice(1) })),
  bad("the node's signature with one bit changed", ["north", 2, "wrong-signature"], ({ north }) => void north.beat({ signature: flip })),
  bad(
    "a key of small order",
    ["north", 2, "weak-key"],
    ({ north }) => void north.assign("x", ["watch"], { key: raw(new Uint8Array(32)), possession: null }),
  ),
  bad(
    "the identity as key",
    ["north", 2, "weak-key"],
    ({ north }) =>
      void north.assign("x", ["watch"], { key: raw(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0))), possession: null }),
  ),
  bad(
    "a key that is not canonical",
    ["north", 2, "weak-key"],
    ({ north }) => void north.assign("x", ["watch"], { key: raw(fromHex("f0" + "ff".repeat(30) + "7f")), possession: null }),
  ),
  bad(
    "a key of 31 bytes",
    ["north", 2, "weak-key"],
    ({ north }) => void north.assign("x", ["watch"], { key: raw(new Uint8Array(31).fill(9)), possession: null }),
  ),
  bad(
    "a prekey of 32 bytes",
    ["north", 2, "weak-key"],
    ({ north }) => void north.write({ kind: "prekey", facts: { key: new Uint8Array(32) } }),
  ),
  bad(
    "a prekey whose X25519 half is of low order",
    ["north", 2, "weak-key"],
    ({ north }) => void north.write({ kind: "prekey", facts: { key: Uint8Array.from({ length: 1216 }, () => 0) } }),
  ),
  bad(
    "a P-256 key that is not on the curve",
    ["north", 2, "weak-key"],
    ({ north }) =>
      void north.assign("x", ["watch"], { key: raw(Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : 1))), possession: null }),
  ),
  bad("a key enrolled twice", ["north", 2, "reused-key"], ({ north }) => void north.assign("watch-1", ["watch"])),
  bad("a revoked key enrolled again", ["north", 3, "reused-key"], ({ north, n }) => {
    north.revoke(n);
    north.assign("watch-1", ["watch"]);
  }),
  bad(
    "the log's own key as watch key",
    ["north", 2, "reused-key"],
    ({ north }) => void north.assign("x", ["watch"], { key: north.side.log }),
  ),
  bad(
    "a key of the other party, as far as the author could see",
    ["north", 2, "reused-key"],
    ({ north, s }) => void north.assign("x", ["watch"], { key: s, names: true }),
  ),
  bad(
    "a key without its own signature",
    ["north", 2, "key-not-possessed"],
    ({ north }) => void north.assign("watch-2", ["watch"], { possession: null }),
  ),
  bad(
    "a key with another key's proof",
    ["north", 2, "key-not-possessed"],
    ({ north, n }) => void north.assign("watch-2", ["watch"], { possession: north.possession(n) }),
  ),
  bad(
    "a proof made for the other party",
    ["north", 2, "key-not-possessed"],
    ({ north, south }) => void north.assign("watch-2", ["watch"], { possession: south.possession(keyOf("north/watch-2")) }),
  ),
  good("a key until its revocation, which it may sign itself no more after", ({ north, n }) => {
    north.message(n, "words");
    north.revoke(n);
  }),
  good("a new key after a revocation", ({ north, n }) => {
    north.revoke(n);
    north.message(north.assign("watch-2", ["watch"]), "words");
  }),
  good(
    "one key enrolled by both parties at the same time: neither could know",
    ({ north, s }) => void north.assign("x", ["watch"], { key: s }),
  ),
  good("a directory key added by two", ({ north }) => {
    const key = keyOf("north/directory-c");
    const person = north.personOf("c");
    north.write({ kind: "key-add", facts: { key: key.key, purpose: "directory", person, possession: north.possession(key) } });
    north.revoke(north.side.directory[1], { keys: [[key, "author"]] });
  }),
];

const MAY: readonly Case[] = [
  bad("the node signs for a post", ["north", 2, "not-authorised"], ({ north }) => void north.message(north.side.node, "words")),
  bad(
    "a directory key signs for a post",
    ["north", 2, "not-authorised"],
    ({ north }) => void north.message(north.side.directory[0], "words"),
  ),
  bad(
    "a watch key enrols a key",
    ["north", 2, "not-authorised"],
    ({ north, n }) => void north.assign("watch-2", ["watch"], { keys: [[n, "author"]] }),
  ),
  bad("a watch key signs a beat", ["north", 2, "not-authorised"], ({ north, n }) => void north.beat({ keys: [[n, "node"]] })),
  bad(
    "the node signs a beat as author",
    ["north", 2, "not-authorised"],
    ({ north }) => void north.beat({ keys: [[north.side.node, "author"]] }),
  ),
  bad("a post the key does not hold", ["north", 2, "not-authorised"], (at) => words(at, { from: "minister" })),
  bad(
    "the node's role on a message",
    ["north", 2, "not-authorised"],
    ({ north, n }) => void north.message(n, "words", { keys: [[n, "node"]] }),
  ),
  bad("only a releaser", ["north", 2, "not-authorised"], ({ north, n }) => void north.message(n, "words", { keys: [[n, "releaser"]] })),
  bad("two authors", ["north", 3, "not-authorised"], ({ north, n }) => {
    const other = north.assign("watch-2", ["watch"]);
    north.message(n, "words", {
      keys: [
        [n, "author"],
        [other, "author"],
      ],
    });
  }),
  bad("a key whose shift has ended", ["north", 3, "not-authorised"], ({ north }) => {
    const key = north.assign("watch-2", ["watch"], { facts: { until: parseUnixSeconds(EPOCH_S + 51) } });
    north.message(key, "words", { time: EPOCH_S + 52 });
  }),
  bad("a beat on a channel", ["north", 2, "not-authorised"], ({ north }) => void north.beat({ channel: 1 })),
  bad("a message on the line", ["north", 2, "not-authorised"], (at) => words(at, { channel: 0 })),
  bad("one signature where two persons are asked for", ["north", 2, "two-persons-required"], (at) => words(at, two)),
  bad("two keys of one person", ["north", 3, "two-persons-required"], ({ north, n }) => {
    const other = north.assign("watch-2", ["watch"], { person: "north/watch-1" });
    north.message(n, "words", {
      ...two,
      keys: [
        [n, "author"],
        [other, "releaser"],
      ],
    });
  }),
  bad(
    "one key twice",
    ["north", 2, "two-persons-required"],
    ({ north, n }) =>
      void north.message(n, "words", {
        ...two,
        keys: [
          [n, "author"],
          [n, "releaser"],
        ],
      }),
  ),
  bad("a key added by one directory key", ["north", 2, "two-persons-required"], ({ north }) => {
    const key = keyOf("north/node-2");
    const facts = { key: key.key, purpose: "node", possession: north.possession(key) };
    north.write({ kind: "key-add", facts, keys: [[north.side.directory[0], "author"]] });
  }),
  good("two persons where two are asked for", ({ north, n }) => {
    const other = north.assign("watch-2", ["watch"]);
    north.message(n, "words", {
      ...two,
      keys: [
        [n, "author"],
        [other, "releaser"],
      ],
    });
  }),
  good("an acknowledgement by one where two are asked for", ({ north, south, n, s }) => {
    const other = north.assign("watch-2", ["watch"]);
    const asked = north.message(n, "words", {
      ...two,
      keys: [
        [n, "author"],
        [other, "releaser"],
      ],
    });
    south.message(s, "seen", { ...two, kind: "acknowledge", refs: [asked.leaf], names: true });
  }),
  good("a key in the last second of its shift", ({ north }) => {
    const key = north.assign("watch-2", ["watch"], { facts: { until: parseUnixSeconds(EPOCH_S + 51) } });
    north.message(key, "words", { time: EPOCH_S + 51 });
  }),
  good("a node key added by two, used by the node", ({ north }) => {
    const key = keyOf("north/node-2");
    north.write({ kind: "key-add", facts: { key: key.key, purpose: "node", possession: north.possession(key) } });
    north.beat({ keys: [[key, "node"]] });
  }),
  good("the second node key, after the first was revoked", ({ north }) => {
    const key = keyOf("north/node-2");
    north.write({ kind: "key-add", facts: { key: key.key, purpose: "node", possession: north.possession(key) } });
    north.write({ kind: "key-revoke", facts: { kid: parseKid(north.keyFor("node").kid) } });
    north.beat({ keys: [[key, "node"]] });
  }),
  bad("the first node key, after it was revoked", ["north", 4, "revoked-key"], ({ north }) => {
    const key = keyOf("north/node-2");
    north.write({ kind: "key-add", facts: { key: key.key, purpose: "node", possession: north.possession(key) } });
    north.write({ kind: "key-revoke", facts: { kid: parseKid(north.keyFor("node").kid) } });
    north.beat();
  }),
  bad("a node key signs in the entry that enrols it", ["north", 2, "unknown-key"], ({ north }) => {
    const key = keyOf("north/node-2");
    north.beat({ keys: [[key, "node"]] });
    north.write({ kind: "key-add", facts: { key: key.key, purpose: "node", possession: north.possession(key) } });
  }),
];

export const AUTHORITY: readonly Case[] = [...KEYS, ...MAY];
