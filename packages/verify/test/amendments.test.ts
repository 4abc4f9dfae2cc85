import { type Pack, decodePack, encodePack, loadRecord, makePack, parsePartyId, recordFiles } from "@openline/core";
import { describe, expect, test } from "vitest";
import { nativeSuite } from "../../node/src/crypto/native-suite.ts";
import { nobleSuite, verifyPack, verifyRecord } from "../src/index.ts";
import { Line } from "./builder.ts";
import { channel, en, seedOf } from "./builder-accord.ts";

const holder = { ed25519: seedOf("second ed25519"), mldsa44: seedOf("second mldsa44") };

/** A line whose terms were amended twice, and on which one party has another file with other root holders. */
function amendedLine(): Line {
  const line = new Line();
  const [north, south] = [line.log(0), line.log(1)];
  north.open();
  south.open();
  const n = north.assign("watch-1", ["watch"]);
  const s = south.assign("watch-1", ["watch", "minister"]);
  const first = north.propose({ channels: [...line.accord.terms.channels, channel(3, "third")] });
  south.accept(first);
  const confirmed = north.confirm(first);
  north.goOver(first, confirmed);
  south.goOver(first, confirmed);
  const second = south.propose({ beat: 60 });
  north.accept(second);
  const again = south.confirm(second);
  south.goOver(second, again);
  north.goOver(second, again);
  const root = {
    threshold: 1,
    holders: [{ ed25519: nativeSuite.ed25519Public(holder.ed25519), mldsa44: nativeSuite.mldsa44Public(holder.mldsa44) }],
  };
  const posts = ["watch", "minister"].map((id) => ({ id, name: en(id), channels: ["main", "third"], principal: false, deputy: null }));
  const file = north.proposeFile({ root, posts }, { holders: [north.side.root, holder] });
  south.beat();
  north.goOver(file, file);
  north.message(n, "on the third", { channel: 3, to: [] });
  south.message(s, "seen", { kind: "acknowledge", refs: [north.leafAt(north.size - 1)], names: true });
  north.beat();
  return line;
}

const line = amendedLine();
const files = new Map([...recordFiles(nativeSuite, line.source())].map(({ path, bytes }) => [path, bytes]));

describe("an export of a line with amendments", () => {
  test("verifies whole, with both suites", () => {
    const report = verifyRecord(nativeSuite, files);
    expect(report.firstBad).toBeUndefined();
    expect(report.noEffect).toEqual([]);
    expect(report.disclosureTerms.map(({ channel: id }) => id)).toEqual(["main", "leaders", "third"]);
    expect(report).toEqual(verifyRecord(nobleSuite, files));
    expect(line.source().amendments.length).toBe(3);
  });

  test("verifies with every body withheld: the files travel beside the logs", () => {
    const report = verifyRecord(nativeSuite, new Map([...files].filter(([path]) => !path.includes("/disclosures/"))));
    expect(report.firstBad).toBeUndefined();
    expect(report.noEffect).toEqual([]);
  });

  test("an amendment left out, added or out of order is found", () => {
    const source = line.source();
    const [one, two] = source.amendments;
    if (one === undefined || two === undefined) throw new RangeError("amendments");
    const spoilt = { ...one, signatures: [] };
    for (const amendments of [source.amendments.slice(1), source.amendments.toReversed(), [...source.amendments, spoilt], []]) {
      const written = new Map([...recordFiles(nativeSuite, { ...source, amendments })].map(({ path, bytes }) => [path, bytes]));
      expect(verifyRecord(nativeSuite, written).ok).toBe(false);
    }
  });

  test("an amendment that was only proposed is not shown with it", () => {
    const other = amendedLine();
    other.log(0).propose({ beat: 30 }, { holders: [holder] });
    expect(other.source().amendments.length).toBe(3);
  });
});

describe("without an amendment", () => {
  test("what rests on it cannot be judged yet, and is judged as soon as it comes", () => {
    const source = line.source();
    const loaded = source.logs.map(({ log, entries }) => ({ log, entries: entries.map(({ bytes }) => bytes) }));
    const [first, ...rest] = source.amendments;
    if (first === undefined) throw new RangeError("amendments");
    const { record, judged } = loadRecord(nativeSuite, source.accord, loaded, { signatures: true, amendments: rest });
    expect(judged.filter((item) => item.refusal !== undefined)).toEqual([]);
    expect(record.waiting).toBeGreaterThan(0);
    const late = record.learn(first);
    expect(late.filter((item) => item.refusal !== undefined)).toEqual([]);
    expect(record.waiting).toBe(0);
  });
});

describe("an evidence pack of a line with amendments", () => {
  const entry = { party: parsePartyId("north"), index: line.log(0).size - 2 };
  const bytes = makePack(nativeSuite, line.source(), [entry]);

  test("shows an entry signed under an amended accord", () => {
    const report = verifyPack(nativeSuite, bytes);
    expect(report.firstBad).toBeUndefined();
    expect(report.chosen).toMatchObject([{ channel: "third", kind: "message", noEffect: null }]);
    expect(report).toEqual(verifyPack(nobleSuite, bytes));
  });

  test.each([
    ["without its amendments", (pack: Pack): Pack => ({ ...pack, amendments: [] })],
    [
      "with their signatures taken away",
      (pack: Pack): Pack => ({ ...pack, amendments: pack.amendments.map((item) => ({ ...item, signatures: [] })) }),
    ],
  ])("%s the entry is not shown to be signed", (_, change) => {
    const report = verifyPack(nativeSuite, encodePack(nativeSuite, change(decodePack(bytes).pack)));
    expect(report.chosen[0]?.noEffect).not.toBeNull();
  });
});
