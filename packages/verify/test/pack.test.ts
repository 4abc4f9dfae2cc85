import { type Pack, type PackEntry, decodePack, encodePack, makePack, parsePartyId } from "@openline/core";
import { describe, expect, test } from "vitest";
import { nativeSuite } from "../../node/src/crypto/native-suite.ts";
import { type PackReport, nobleSuite, packReportLines, verifyPack } from "../src/index.ts";
import { termReport } from "../src/times.ts";
import type { Line } from "./builder.ts";
import { spokenLine } from "./builder-spoken.ts";
import { numbers } from "./numbers.ts";

const north = parsePartyId("north");
const south = parsePartyId("south");
const packOf = (line: Line, ...chosen: readonly { party: typeof north; index: number }[]): Uint8Array =>
  makePack(nativeSuite, line.source(), chosen);
const check = (bytes: Uint8Array): PackReport => verifyPack(nativeSuite, bytes);

/** The pack as somebody would make it who can change everything but signatures: the digest is right again. */
function forged(bytes: Uint8Array, change: (pack: Pack) => Pack): PackReport {
  return check(encodePack(nativeSuite, change(decodePack(bytes).pack)));
}

const changeEntry = (pack: Pack, at: { log: number; index: number }, change: (entry: PackEntry) => PackEntry | undefined): Pack => ({
  ...pack,
  entries: pack.entries.flatMap((entry) => {
    const next = entry.log === at.log && entry.index === at.index ? change(entry) : entry;
    return next === undefined ? [] : [next];
  }),
});

const line = spokenLine();
const bytes = packOf(line, { party: north, index: 2 });

describe("an evidence pack", () => {
  test("verifies with both suites, to the same report", () => {
    const report = check(bytes);
    expect(report.firstBad).toBeUndefined();
    expect(report.chosen).toMatchObject([
      { log: "north", index: 2, kind: "message", channel: "main", post: "watch", noEffect: null, body: "disclosed" },
    ]);
    expect(report.chosen[0]?.receipts).toMatchObject([{ by: "south", index: 2 }]);
    expect(report.chosen[0]?.said?.en).toContainEqual({ label: "Act", text: "message" });
    expect(packReportLines(report, "zh").join("\n")).toContain("  > 行为");
    expect(report.chosen[0]?.consent).toEqual([{ log: "north", index: 6 }]);
    expect(report.proven.map((item) => item.code)).toContain("post-quantum");
    expect(report).toEqual(verifyPack(nobleSuite, bytes));
  });

  test("says every time as RFC 3339", () => {
    const text = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
    const [chosen] = check(bytes).chosen;
    expect(chosen?.time).toMatch(text);
    expect(chosen?.receipts.map(({ time }) => time)).toEqual([expect.stringMatching(text)]);
    const held = packReportLines(check(bytes)).find((item) => item.includes("held by south"));
    expect(held).toContain(chosen?.receipts[0]?.time);
    expect(termReport({ term: "own", embargo: 1_900_000_000 })).toEqual({ term: "own", embargo: "2030-03-17T17:46:40Z" });
    expect(termReport({ term: "own", embargo: null })).toEqual({ term: "own", embargo: null });
  });

  test("any of 300 single-byte changes is found", () => {
    const random = numbers(7);
    for (let i = 0; i < 300; i++) {
      const other = bytes.slice();
      const at = random.next().value % bytes.length;
      other[at] = (other[at] ?? 0) ^ (1 + (random.next().value % 255));
      expect(check(other).ok, `byte ${at}`).toBe(false);
    }
  });

  test("a changed byte of the parts that no signature covers is found by the digest", () => {
    const { pack } = decodePack(bytes);
    expect(check(bytes.subarray(0, -1)).ok).toBe(false);
    expect(forged(bytes, () => ({ ...pack, shownBy: "nobody" })).firstBad?.code).toBe("wrong-party");
    const other = encodePack(nativeSuite, { ...pack, shownBy: "south" });
    // Whoever makes a pack may say who shows it: that is their word, and the report says so.
    expect(check(other)).toMatchObject({ ok: true, shownBy: "south" });
    const half = other.slice();
    half.set(bytes.subarray(0, 40));
    expect(check(half).firstBad).toMatchObject({ file: "pack", code: "changed-file" });
  });

  test("an entry that nobody has named is not shown to be held", () => {
    const report = check(packOf(line, { party: south, index: 6 }));
    expect(report.chosen[0]?.receipts).toEqual([]);
    expect(report.notProven).toContainEqual({ code: "not-held", params: { log: "south", index: 6 } });
  });

  test("an entry that is not there cannot be chosen", () => {
    expect(() => packOf(line, { party: north, index: 99 })).toThrow("has no entry 99");
  });

  test("an exercise is marked", () => {
    const report = check(packOf(spokenLine({ mode: "exercise" }), { party: north, index: 2 }));
    expect(report.exercise).toBe(true);
    expect(report.notProven[0]?.code).toBe("rebuilt");
  });
});

describe("bodies", () => {
  test("withheld is said and no error", () => {
    const report = forged(bytes, (pack) => changeEntry(pack, { log: 0, index: 2 }, (entry) => ({ ...entry, disclosure: null })));
    expect(report).toMatchObject({ ok: true, chosen: [{ body: "withheld" }] });
    expect(report.notProven.map((item) => item.code)).toContain("body-withheld");
  });

  test("another body is found", () => {
    const report = forged(bytes, (pack) =>
      changeEntry(pack, { log: 0, index: 2 }, (entry) => ({ ...entry, disclosure: Uint8Array.of(1) })),
    );
    expect(report).toMatchObject({
      ok: false,
      firstBad: { code: "wrong-disclosure", log: "north", index: 2 },
      chosen: [{ body: "mismatch" }],
    });
  });
});

describe("what a forger cannot do", () => {
  test("leave out a control act and have its author blamed: the pack is not verified, and nothing is refused", () => {
    for (const { log, index } of decodePack(bytes).pack.entries) {
      if (log === 0 && index === 2) continue;
      const report = forged(bytes, (pack) => changeEntry(pack, { log, index }, () => undefined));
      const receipt = log === 1 && index === 2;
      const consent = log === 0 && index === 6;
      if (consent) continue;
      expect(report, `${log}/${index}`).toMatchObject({
        ok: false,
        chosen: [],
        firstBad: { code: receipt ? "unknown-reference" : "incomplete-chain" },
      });
    }
  });

  test("leave out the first entry of a log from which another names no control act", () => {
    const other = spokenLine();
    const { index } = other.log(0).beat({ place: { control: null } });
    const whole = packOf(other, { party: north, index });
    expect(check(whole)).toMatchObject({ ok: true, chosen: [{ noEffect: { code: "wrong-chain" } }] });
    const report = forged(whole, (pack) => changeEntry(pack, { log: 0, index: 0 }, () => undefined));
    expect(report).toMatchObject({ ok: false, firstBad: { code: "incomplete-chain", log: "north", index } });
  });

  test("show one receipt twice", () => {
    const twice = forged(bytes, (pack) => ({
      ...pack,
      chosen: pack.chosen.map((choice) => ({ ...choice, receipts: [...choice.receipts, ...choice.receipts] })),
    }));
    expect(twice.firstBad).toMatchObject({ file: "pack", code: "unsorted" });
  });

  test("show a second receipt of one party", () => {
    const other = packOf(line, { party: north, index: 2 }, { party: south, index: 6 });
    const later = decodePack(other).pack.entries.find((entry) => entry.log === 1 && entry.index > 2);
    const second = forged(other, (pack) => ({
      ...pack,
      chosen: pack.chosen.map((choice) => ({
        ...choice,
        receipts: choice.receipts.flatMap((receipt) => [receipt, { ...receipt, index: later?.index ?? 0 }]),
      })),
    }));
    expect(second.ok).toBe(false);
    expect(second.firstBad).toMatchObject({ file: "receipts" });
  });

  test("put one entry in the place of another", () => {
    const { pack } = decodePack(packOf(line, { party: north, index: 2 }, { party: north, index: 3 }));
    const other = pack.entries.find((entry) => entry.log === 0 && entry.index === 3);
    const report = check(
      encodePack(
        nativeSuite,
        changeEntry(pack, { log: 0, index: 2 }, (entry) => ({ ...entry, entry: other?.entry ?? entry.entry })),
      ),
    );
    expect(report.firstBad).toMatchObject({ code: "wrong-root", log: "north", index: 2 });
  });

  test("show a receipt for something else", () => {
    const moved = forged(bytes, (pack) => ({
      ...pack,
      chosen: pack.chosen.map((choice) => ({ ...choice, receipts: choice.receipts.map((receipt) => ({ ...receipt, log: 0, index: 2 })) })),
    }));
    expect(moved.firstBad).toMatchObject({ file: "receipts" });
    const empty = forged(bytes, (pack) => ({
      ...pack,
      chosen: pack.chosen.map((choice) => ({ ...choice, receipts: choice.receipts.map((receipt) => ({ ...receipt, proof: [] })) })),
    }));
    expect(empty.firstBad).toMatchObject({ file: "receipts" });
  });

  test("change the policy or the proof file", () => {
    const policy = forged(bytes, (pack) => ({
      ...pack,
      logs: pack.logs.map((log) => ({ ...log, policy: log.policy.replace("quorum counterparts", "quorum none") })),
    }));
    expect(policy.firstBad).toMatchObject({ file: "policy of north" });
    const proof = forged(bytes, (pack) => ({
      ...pack,
      chosen: pack.chosen.map((choice) => ({ ...choice, tlogProof: `${choice.tlogProof}\n` })),
    }));
    expect(proof.firstBad).toMatchObject({ file: "tlog-proof" });
  });
});

describe("keys", () => {
  test("an entry signed with another key has no effect", () => {
    const other = spokenLine();
    const key = other.log(1).assign("stranger", ["watch"]);
    const { index } = other.log(0).message(key, "not ours");
    expect(check(packOf(other, { party: north, index })).chosen[0]?.noEffect?.code).toBe("unknown-key");
  });

  test("an entry signed with a revoked key has no effect; one from before the revocation keeps its own", () => {
    const other = spokenLine();
    const key = other.log(0).assign("watch-2", ["watch"]);
    const before = other.log(0).message(key, "still valid");
    other.log(0).revoke(key);
    const after = other.log(0).message(key, "too late");
    const report = check(packOf(other, { party: north, index: before.index }, { party: north, index: after.index }));
    expect(report.ok).toBe(true);
    expect(report.chosen.map((item) => item.noEffect?.code ?? null)).toEqual([null, "revoked-key"]);
  });
});
