// Writes vectors/bearers/ways.json from fixed seeds: node --conditions=openline-source tools/make-ways-vectors.ts
import { writeFileSync } from "node:fs";
import { type Facts, encodeAccordFiles, loadRecord, parseActId, parseUnixSeconds, toHex, waysOf } from "@openline/core";
import { nativeSuite } from "../packages/node/src/crypto/native-suite.ts";
import { EPOCH_S } from "../packages/verify/test/builder-accord.ts";
import { type Start, newLine, start } from "./entry-cases/case.ts";

const pin = (digit: string): string => digit.repeat(64);
const A = "north.example:4410";
const B = "north.example:5510";
const at = (seconds: number) => parseUnixSeconds(EPOCH_S + seconds);

/** A service note of north. */
const note = ({ north }: Start, facts: Facts, more: Partial<Parameters<Start["north"]["write"]>[0]> = {}): void =>
  void north.write({ kind: "service-note", facts, ...more });

interface Case {
  readonly comment: string;
  readonly write: (at: Start) => void;
  /** Seconds after the beginning. */
  readonly asked: readonly number[];
}

const cases: readonly Case[] = [
  { comment: "nothing said: the party file counts", write: () => undefined, asked: [100] },
  {
    comment: "an address and a key from a time on; both count until then",
    write: (line) => note(line, { addresses: [A], pins: [pin("a")], effective: at(1000) }),
    asked: [100, 999, 1000, 5000],
  },
  {
    comment: "a key alone: addresses stay",
    write: (line) => {
      note(line, { addresses: [A], effective: at(0), pins: [pin("a")] });
      note(line, { pins: [pin("b")], effective: at(1000) });
    },
    asked: [999, 1000],
  },
  {
    comment: "a key and an address said one after the other: each counts from its own time",
    write: (line) => {
      note(line, { pins: [pin("a")], effective: at(2000) });
      note(line, { addresses: [A], effective: at(1000) });
    },
    asked: [999, 1000, 2000],
  },
  {
    comment: "from a time before it was placed: from when it was placed",
    write: (line) => note(line, { addresses: [A], effective: at(0) }, { time: EPOCH_S + 500 }),
    asked: [499, 500],
  },
  {
    comment: "a later note takes the place of one that does not count yet",
    write: (line) => {
      note(line, { addresses: [A], effective: at(1000) });
      note(line, { addresses: [B], effective: at(3000) });
    },
    asked: [1500, 3000],
  },
  {
    comment: "a later note may count sooner than the one before it was to",
    write: (line) => {
      note(line, { addresses: [A], effective: at(3000) });
      note(line, { addresses: [B], effective: at(1000) });
    },
    asked: [1500, 3500],
  },
  {
    comment: "a note that counted stays until the next one counts",
    write: (line) => {
      note(line, { addresses: [A], effective: at(100) }, { time: EPOCH_S + 90 });
      note(line, { addresses: [B], effective: at(3000) }, { time: EPOCH_S + 1000 });
    },
    asked: [2999, 3000],
  },
  {
    comment: "a new incarnation goes on with what was said before",
    write: (line) => {
      note(line, { addresses: [A], pins: [pin("a")], effective: at(100) });
      line.line.restore(0).write({ kind: "service-note", facts: { addresses: [B], effective: at(1000) } });
    },
    asked: [900, 1000],
  },
  {
    comment: "of the other party it says nothing",
    write: (line) => void line.south.write({ kind: "service-note", facts: { addresses: [A], effective: at(100) } }),
    asked: [1000],
  },
  {
    comment: "a note without either changes nothing",
    write: (line) => {
      note(line, { addresses: [A], effective: at(100) });
      note(line, {});
    },
    asked: [1000],
  },
  {
    comment: "the act of a note once more has no effect: an older one does not come back",
    write: (line) => {
      const old = { header: { actId: parseActId("11".repeat(16)) } };
      note(line, { addresses: [A], effective: at(100) }, old);
      note(line, { addresses: [B], effective: at(200) });
      note(line, { addresses: [A], effective: at(300) }, old);
    },
    asked: [1000],
  },
  {
    comment: "signed by a key that is not the node's: no effect",
    write: (line) => note(line, { addresses: [A], effective: at(100) }, { keys: [[line.n, "author"]] }),
    asked: [1000],
  },
  {
    comment: "changed after it was signed: no effect",
    write: (line) => note(line, { addresses: [A], effective: at(100) }, { signature: (bytes) => bytes.toReversed() }),
    asked: [1000],
  },
  ...(
    [
      ["no time", { addresses: [A] }],
      ["an address without a port", { addresses: ["north.example"], effective: at(100) }],
      ["a port above 65535", { addresses: ["north.example:70000"], effective: at(100) }],
      ["an address that is a path", { addresses: ["../../etc:1"], effective: at(100) }],
      ["one address twice", { addresses: [A, A], effective: at(100) }],
      ["17 addresses", { addresses: Array.from({ length: 17 }, (_, i) => `north.example:${4410 + i}`), effective: at(100) }],
      ["a pin that is too short", { pins: ["ab"], effective: at(100) }],
      ["a pin in upper case", { pins: [pin("A")], effective: at(100) }],
      ["no pin at all", { pins: [], effective: at(100) }],
    ] satisfies readonly (readonly [string, Facts])[]
  ).map(([comment, facts]): Case => ({ comment: `${comment}: no effect`, write: (line) => note(line, facts), asked: [1000] })),
];

const accord = newLine().accord;
const written = cases.map(({ comment, write, asked }) => {
  const begun = start();
  write(begun);
  const { logs } = begun.line.source();
  const loaded = logs.map(({ log, entries }) => ({ log, entries: entries.map(({ bytes }) => bytes) }));
  const { record, judged } = loadRecord(nativeSuite, accord, loaded, { signatures: true });
  return {
    comment,
    logs: loaded.map(({ log, entries }) => ({ log, entries: entries.map(toHex) })),
    expect: {
      refusals: judged.flatMap(({ log, index, refusal }) => (refusal === undefined ? [] : [{ log, index, code: refusal.code }])),
      ways: asked.map((seconds) => {
        const { addresses, pins } = waysOf(record, 0, EPOCH_S + seconds);
        return {
          at: EPOCH_S + seconds,
          addresses: { ...addresses, next: addresses.next ?? null },
          pins: { ...pins, next: pins.next ?? null },
        };
      }),
    },
  };
});

writeFileSync(
  new URL("../vectors/bearers/ways.json", import.meta.url),
  `${JSON.stringify(
    {
      comment: "Service notes and what they make of the ways to the first party of the accord, at times asked for.",
      source: "docs/spec/bearers.md §7",
      accord: toHex(encodeAccordFiles(accord.files)),
      cases: written,
    },
    undefined,
    1,
  )}\n`,
);
