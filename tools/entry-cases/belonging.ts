import { parseDigest, parseLeafHash, parseLineId, parseLogId, parseLogIndex, parsePartyKey } from "@openline/core";
import { bad, bare, type Case, good } from "./case.ts";

/** Line, party, index, chain, heads, opening. Places are objects, so that any of them can lie. */
export const BELONGING: readonly Case[] = [
  bad(
    "made for another line",
    ["north", 2, "wrong-line"],
    ({ north, n }) => void north.message(n, "words", { header: { line: parseLineId("ab".repeat(16)) } }),
  ),
  bad(
    "the other party as author",
    ["north", 2, "wrong-party"],
    ({ line, north, n }) =>
      void north.message(n, "words", { header: { party: line.accord.parties[1]?.key ?? parsePartyKey("00".repeat(8)) } }),
  ),
  bad(
    "an author that is no party",
    ["north", 2, "wrong-party"],
    ({ north, n }) => void north.message(n, "words", { header: { party: parsePartyKey("00".repeat(8)) } }),
  ),
  bad(
    "an index that is not its position",
    ["north", 2, "wrong-index"],
    ({ north, n }) => void north.message(n, "words", { place: { index: parseLogIndex(3) } }),
  ),
  bad("one entry twice: the second stands at another index", ["north", 3, "wrong-index"], ({ north, n }) => {
    const first = north.message(n, "words");
    north.append(first.bytes);
  }),
  bad("names no control act", ["north", 2, "wrong-chain"], ({ north, n }) => void north.message(n, "words", { place: { control: null } })),
  bad(
    "names the control act before the latest",
    ["north", 2, "wrong-chain"],
    ({ north, n }) =>
      void north.message(n, "words", { place: { control: { index: parseLogIndex(0), leaf: parseLeafHash(north.leafAt(0)) } } }),
  ),
  bad(
    "names the latest control act with another leaf",
    ["north", 2, "wrong-chain"],
    ({ north, n }) =>
      void north.message(n, "words", { place: { control: { index: parseLogIndex(1), leaf: parseLeafHash("00".repeat(32)) } } }),
  ),
  bad(
    "names a control act that has no effect",
    [
      ["north", 2, "key-not-possessed"],
      ["north", 3, "wrong-chain"],
    ],
    ({ north, n }) => {
      north.assign("watch-2", ["watch"], { possession: null });
      north.message(n, "words");
    },
  ),
  bad(
    "a head with another root",
    ["north", 2, "wrong-head"],
    ({ north, south, n }) =>
      void north.message(n, "words", { place: { heads: [{ ...south.head(2), root: parseDigest("00".repeat(32)) }] } }),
  ),
  bad(
    "a head beyond the end of the log",
    ["north", 2, "wrong-head"],
    ({ north, south, n }) => void north.message(n, "words", { place: { heads: [{ ...south.head(2), size: 3 }] } }),
  ),
  bad("a head named before", ["north", 3, "wrong-head"], ({ north, south, n }) => {
    north.message(n, "first", { place: { heads: [south.head(2)] } });
    north.message(n, "second", { place: { heads: [south.head(2)] } });
  }),
  bad("a head smaller than one named before", ["north", 3, "wrong-head"], ({ north, south, n }) => {
    north.message(n, "first", { place: { heads: [south.head(2)] } });
    north.message(n, "second", { place: { heads: [south.head(1)] } });
  }),
  bad(
    "the empty head",
    ["north", 2, "wrong-head"],
    ({ north, south, n }) => void north.message(n, "words", { place: { heads: [south.head(0)] } }),
  ),
  bad(
    "a head of its own log",
    ["north", 2, "wrong-head"],
    ({ north, n }) => void north.message(n, "words", { place: { heads: [north.head(2)] } }),
  ),
  bad("a second accord-sign", ["north", 2, "wrong-chain"], ({ north }) => void north.open()),
  bad(
    "a log that opens with a beat",
    [["north", 2, "wrong-index"]],
    ({ north }) => void north.beat({ place: { index: parseLogIndex(0) } }),
  ),
  bare(
    "an accord-sign of another ceremony",
    [["north", 0, "wrong-accord"]],
    (line) => void line.log(0).open({ digest: parseDigest("00".repeat(32)) }),
  ),
  bare(
    "an accord-sign for another incarnation",
    [["north", 0, "bad-facts"]],
    (line) => void line.log(0).open({ incarnation: parseLogId("00".repeat(8)) }),
  ),
  bare("an accord-sign alone", [], (line) => void line.log(0).open()),
  good("heads that rise", ({ north, south, n }) => {
    north.message(n, "first", { place: { heads: [south.head(1)] } });
    north.message(n, "second", { place: { heads: [south.head(2)] } });
  }),
  good("an entry that names nothing new", ({ north, n }) => void north.message(n, "words")),
  good("a chain of three control acts", ({ north }) => {
    north.assign("watch-2", ["watch"]);
    north.message(north.assign("watch-3", ["watch"]), "words");
  }),
  good("each party names what the other has written", ({ north, south }) => {
    north.beat();
    south.beat();
    north.beat();
  }),
];
