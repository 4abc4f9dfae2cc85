import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type Options, drawOptions } from "./options.ts";
import { huntFor } from "./hunt.ts";
import { PLANTS } from "./plants.ts";
import { type Outcome, runSeed } from "./run.ts";

const USAGE = `npm run sim -- [--seeds N] [--seed S] [--hours H] [--workers W] [--trace] [--plant NAME]
       npm run sim -- --plants

Runs N seeds from S on (1 seed from 1), each H simulated hours (24), in W processes (1). --trace tells what happens in each.
--plant puts a bug into the first party's program; --plants looks for every one of them, in up to 500 seeds of 3 hours each.
Exit code 1 when a law was broken; what to run to see it again is printed.
`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    hours: { type: "string", default: "24" },
    workers: { type: "string", default: "1" },
    trace: { type: "boolean", default: false },
    plant: { type: "string" },
    plants: { type: "boolean", default: false },
    share: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

interface Row extends Omit<Outcome, "violation"> {
  readonly seed: number;
  /** Time of the processor, in milliseconds. */
  readonly cpuMs: number;
  readonly violation: string | undefined;
}

const first = whole(values.seed);
const count = whole(values.seeds);
const workers = whole(values.workers);
const hours = Number(values.hours);
const plant = values.plant === undefined ? undefined : PLANTS[values.plant];
if (values.plant !== undefined && plant === undefined)
  throw new RangeError(`no plant is called ${values.plant}; there are ${Object.keys(PLANTS).join(", ")}`);

if (values.help) process.stdout.write(USAGE);
else if (values.plants) await allPlants();
else if (values.share !== undefined) await share(whole(values.share));
else await sweep();

/** One process's part of a sweep: each seed as a line of JSON. */
async function share(part: number): Promise<void> {
  for (let seed = first + part; seed < first + count; seed += workers) process.stdout.write(`${JSON.stringify(await one(seed))}\n`);
}

async function sweep(): Promise<void> {
  const begun = performance.now();
  const rows: Row[] = [];
  const take = (row: Row): void => {
    rows.push(row);
    if (row.violation !== undefined) process.stdout.write(failure(row));
  };
  if (workers <= 1) for (let seed = first; seed < first + count; seed++) take(await one(seed));
  else await Promise.all(Array.from({ length: workers }, async (_, part) => child(part, take)));
  process.stdout.write(summary(rows, performance.now() - begun));
  if (rows.some(({ violation }) => violation !== undefined)) process.exitCode = 1;
}

async function child(part: number, take: (row: Row) => void): Promise<void> {
  const [, script = ""] = process.argv;
  const rest = [
    "--seed",
    `${first}`,
    "--seeds",
    `${count}`,
    "--hours",
    `${hours}`,
    "--workers",
    `${workers}`,
    ...(values.plant === undefined ? [] : ["--plant", values.plant]),
    "--share",
    `${part}`,
  ];
  const worker = spawn(process.execPath, [...process.execArgv, script, ...rest], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: worker.stdout })) take(parseRow(line));
}

function parseRow(line: string): Row {
  return JSON.parse(line) as Row;
}

async function one(seed: number): Promise<Row> {
  const begun = process.cpuUsage();
  const trace = values.trace ? { trace: (line: string) => void process.stdout.write(`${line}\n`) } : {};
  const { violation, ...outcome } = await runSeed(optionsOf(seed), { ...trace, ...(plant === undefined ? {} : { plant: plant.fitting }) });
  return { ...outcome, violation: violation?.message, seed, cpuMs: cpuMs(begun) };
}

function cpuMs(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return Math.round((user + system) / 1000);
}

function optionsOf(seed: number): Options {
  const options = drawOptions(seed, hours);
  return plant?.options?.(options) ?? options;
}

/** Looks for each planted bug, and says in which seed it was found. */
async function allPlants(): Promise<void> {
  for (const name of Object.keys(PLANTS)) {
    const { seed, law } = await huntFor(name);
    process.stdout.write(seed === undefined ? `${name}: NOT FOUND\n` : `${name}: seed ${seed}, ${law}\n`);
    if (seed === undefined) process.exitCode = 1;
  }
}

/** A failing seed with all that it stands for, and the one command that shows it again. */
function failure({ seed, violation }: Row): string {
  const options = optionsOf(seed);
  return [
    `seed ${seed} breaks a law: ${violation}`,
    `  commit ${commit()}`,
    `  options ${JSON.stringify(options)}`,
    `  again: npm run sim -- --seed ${seed} --hours ${hours} --trace${values.plant === undefined ? "" : ` --plant ${values.plant}`}`,
    "",
  ].join("\n");
}

function commit(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty", "--abbrev=12"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

function summary(rows: readonly Row[], ms: number): string {
  const sum = (of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);
  const broken = rows.filter(({ violation }) => violation !== undefined).length;
  const counts = `${sum(({ entries }) => entries)} entries, ${sum(({ starts }) => starts)} starts, ${sum(({ checks }) => checks)} checks`;
  const cost = `${(sum(({ cpuMs: of }) => of) / 1000).toFixed(0)} s of processors in ${(ms / 1000).toFixed(0)} s`;
  return `${rows.length} seeds of ${hours} h: ${broken} with a violation; ${counts}; ${cost}\n`;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`a whole number expected, not ${text}`);
  return value;
}
