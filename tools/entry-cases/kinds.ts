import { type Facts, type KindName, KIND_NAMES, KINDS, parseDigest, parseKid, parseLogId, parseUnixSeconds } from "@openline/core";
import { nativeSuite } from "../../packages/node/src/crypto/native-suite.ts";
import { EPOCH_S } from "../../packages/verify/test/builder-accord.ts";
import { type Case, good, type Start } from "./case.ts";

const NEXT_DAY = parseUnixSeconds(EPOCH_S + 7200 + 86_400);
const time = parseUnixSeconds(EPOCH_S + 7200);

/** What each kind needs beside what every kind has. */
function factsOf(kind: KindName, { north }: Start): Facts {
  const all: Facts = {
    digest: parseDigest("22".repeat(32)),
    saidAt: time,
    replyBy: time,
    code: "late-placed",
    codeWord: "calm",
    number: 7,
    incarnation: parseLogId("33".repeat(8)),
    kid: parseKid(north.keyFor("directory-b").kid),
    key: north.keyFor("new").key,
  };
  const names: readonly string[] = KINDS[kind].required ?? [];
  if (kind === "prekey")
    return { key: nativeSuite.xwingPublic(new Uint8Array(32).fill(7)), purpose: "direct", effective: time, until: NEXT_DAY };
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

/** Kinds that open a log stand in the other files; so do enrolments, which need a proof, and amendments. */
const ELSEWHERE: ReadonlySet<KindName> = new Set([
  "accord-sign",
  "restored",
  "key-add",
  "post-assign",
  "propose",
  "accept",
  "confirm",
  "in-force",
]);

export const KINDS_CASES: readonly Case[] = KIND_NAMES.filter((kind) => !ELSEWHERE.has(kind)).map((kind) =>
  good(kind, (at) => void write(at, kind)),
);

/** Writes an entry of this kind, after whatever it must refer to. */
function write(at: Start, kind: KindName): string {
  const { refers, mustRefer, on, by } = KINDS[kind];
  const [first] = refers === undefined ? [] : refers === "any" ? (["message"] as const) : refers;
  const refs = mustRefer === true && first !== undefined ? [write(at, first)] : [];
  const signed = by === "post" ? ({ from: "watch", keys: [[at.n, "author"]] } as const) : {};
  return at.north.write({ kind, facts: factsOf(kind, at), refs, ...(on === "line" ? {} : { channel: 1 }), ...signed }).leaf;
}
