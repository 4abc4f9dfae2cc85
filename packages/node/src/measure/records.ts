import { type LoadedLog, LineRecord, loadRecord, statesAt } from "@openline/core";
import { nativeSuite as suite } from "../crypto/native-suite.ts";
import type { BySize, Figure, Size } from "./figure.ts";
import { type BenchLine, benchLine } from "./line.ts";
import { writeRecord } from "./write-record.ts";

const SIGNED: BySize = { least: 100, quick: 2_000, usual: 6_000 };
/** Long enough, and often enough, that what is measured has been compiled: a process that verifies an export has millions to read. */
const PLAIN: BySize = { least: 200, quick: 20_000, usual: 20_000 };
const ROUNDS: BySize = { least: 1, quick: 12, usual: 12 };
const LENGTHS: Readonly<Record<Size, readonly number[]>> = {
  least: [100, 200],
  quick: [1_000, 20_000],
  usual: [1_000, 100_000, 1_000_000],
};
const STATE_ROUNDS: BySize = { least: 1, quick: 60, usual: 60 };

/** Full verification and the state now, on records made for it. */
export function recordFigures(size: Size): readonly Figure[] {
  const signed = generated(SIGNED[size], true);
  const verify = best(3, () => perSecond(signed.entries, () => load(signed, true)));
  const plain = generated(PLAIN[size], false);
  const structure = best(ROUNDS[size], () => perSecond(plain.entries, () => load(plain, false)));
  const lengths = LENGTHS[size];
  const costs = statesNow(lengths.map(read), STATE_ROUNDS[size]);
  const states = lengths.map((entries, i) => ({ entries, ms: costs[i] ?? 0 }));
  const [least, most] = [states[0]?.ms ?? 0, states.at(-1)?.ms ?? 0];
  return [
    { id: "verify_entries_s", value: verify, unit: "1/s" },
    { id: "structure_entries_s", value: structure, unit: "1/s" },
    ...states.map(({ entries, ms }) => ({ id: `state_now_${nameOf(entries)}_ms`, value: ms, unit: "ms" })),
    { id: "state_growth_1e6", value: most / least, unit: size === "usual" ? "ratio" : `ratio at ${lengths.at(-1)} entries only` },
  ];
}

const nameOf = (entries: number): string => entries.toExponential(0).replace("+", "");

/** Logs as a store or an export has them. */
interface Made {
  readonly line: BenchLine;
  readonly logs: readonly LoadedLog[];
  readonly entries: number;
}

function generated(entries: number, signed: boolean): Made {
  const line = benchLine();
  const logs = line.accord.parties.map(({ incarnation: log }) => ({ log, entries: new Array<Uint8Array>() }));
  writeRecord(line, { entries, signed, take: (log, { entry }) => logs.find((item) => item.log === log)?.entries.push(entry.bytes) });
  return { line, logs, entries };
}

function load(made: Made, signatures: boolean): void {
  const { judged } = loadRecord(suite, made.line.accord, made.logs, { signatures });
  const refused = judged.find((item) => item.refusal !== undefined);
  if (refused !== undefined) throw new Error(`the bench made a bad entry: ${refused.refusal?.detail}`);
}

/** A record, and a time after its last entry. */
interface Held {
  readonly record: LineRecord;
  readonly at: number;
}

/** A record read while it is written, as a node reads it: the entries themselves are not kept, so that there is room for a million. */
function read(entries: number): Held {
  const line = benchLine();
  const record = new LineRecord(suite, line.accord, { signatures: false });
  const at = writeRecord(line, {
    entries,
    signed: false,
    take: (log, { entry, leaf }) => {
      for (const head of entry.placement.heads) record.noteRoot(head.log, head.size, head.root);
      const [judged] = record.offer({ log, index: entry.placement.index, leaf, bytes: entry.bytes, decoded: entry });
      if (judged === undefined || judged.refusal !== undefined) throw new Error(`the bench made a bad entry: ${judged?.refusal?.detail}`);
    },
  });
  return { record, at };
}

function perSecond(entries: number, step: () => void): number {
  const start = performance.now();
  step();
  return (entries * 1000) / (performance.now() - start);
}

/** The best of several: what the code costs once it is compiled and undisturbed. */
const best = (times: number, measure: () => number): number => Math.max(...Array.from({ length: times }, measure));

/** What the states of each record cost once they have been computed: the best of many rounds taken in turn, so that what
 *  else the machine does falls on all of them alike. Milliseconds. */
function statesNow(records: readonly Held[], rounds: number): readonly number[] {
  const costs = records.map((held) => ({ ...held, best: Infinity }));
  for (let round = 0; round < rounds; round++) {
    for (const item of costs) {
      const start = performance.now();
      for (let i = 0; i < 200; i++) statesAt(item.record, item.at + (i % 20));
      item.best = Math.min(item.best, (performance.now() - start) / 200);
    }
  }
  return costs.map((item) => item.best);
}
