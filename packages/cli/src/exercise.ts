import type { Command } from "commander";
import type { UnixSeconds } from "@openline/core";
import { type ExerciseRun, playOn, runExercise } from "@openline/node/operate";
import { EXIT, Ended } from "./exit.ts";
import { timeOption } from "./options.ts";
import { printJson, printLines } from "./output.ts";

interface RunOptions {
  readonly dir: string;
  readonly at?: UnixSeconds;
  readonly fresh?: true;
  readonly on?: true;
  readonly json?: true;
}

/** `openline exercise run`. */
export function exerciseCommand(program: Command): void {
  const exercise = program.command("exercise").description("play exercises: timelines rebuilt from public reports");
  exercise
    .command("run")
    .description("play an exercise file on real nodes, one folder for each party, and compare its expectations")
    .argument("<file>", "exercise file (YAML; see exercises/README.md)")
    .requiredOption("--dir <dir>", "where the parties' folders go; empty, or the same exercise with --fresh or --on")
    .option(
      "--at <time>",
      "play up to and including this time, a date alone being its 00:00Z (default: the last event or expectation)",
      timeOption,
    )
    .option("--fresh", "empty the folder of an earlier run of the same exercise first")
    .option("--on", "go on with the folders of an earlier run of the same exercise: play what they do not hold yet")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExit 0 if every expectation holds and the parties agree in everything, 1 if the file is refused, else 3.")
    .action(async (file: string, options: RunOptions) => {
      const run = await runOf(file, options);
      if (options.json === true) printJson(run);
      else printLines(runLines(run));
      if (!run.agreed || run.expectations.some((item) => !item.ok)) process.exitCode = EXIT.notVerified;
    });
}

async function runOf(file: string, { dir, at, fresh, on }: RunOptions): Promise<ExerciseRun> {
  const of = { file, dir, ...(at === undefined ? {} : { at }) };
  if (on !== true) return runExercise({ ...of, fresh: fresh === true });
  if (fresh === true) throw new Ended(EXIT.usage, "--fresh begins anew, and --on goes on: one of them");
  return playOn(of);
}

function runLines(run: ExerciseRun): readonly string[] {
  const met = run.expectations.filter((item) => item.ok).length;
  const failed = run.expectations.filter((item) => !item.ok);
  return [
    `EXERCISE ${run.exercise}, rebuilt from public reports; not signed by the ministries named`,
    `as of ${run.at}; the parties ${run.agreed ? "agree in everything" : "DO NOT AGREE"}`,
    ...run.channels.map((channel) => `  ${channel.id.padEnd(12)} ${channel.verdict.padEnd(13)} ${reasonOf(channel)}`),
    ...run.readings.map((reading) => `  "open" as ${reading.reading}: ${reading.result}`),
    ...Object.entries(run.parties).map(([party, log]) => `  log of ${party}: ${log.size} entries, root ${log.root}`),
    `${met} of ${run.expectations.length} expectations hold`,
    ...failed.map((item) => `  NOT MET at ${item.at}: expected ${JSON.stringify(item.expected)}, got ${JSON.stringify(item.got)}`),
  ];
}

function reasonOf(channel: ExerciseRun["channels"][number]): string {
  const [reason] = channel.reasons;
  if (reason === undefined) return "";
  const by = reason.by === null ? "" : ` by ${reason.by}`;
  return `${reason.code}${by} since ${reason.since}`;
}
