import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { type UnixSeconds, formatTime } from "@openline/core";
import { complain, printLines } from "../output.ts";
import { timeOption } from "../options.ts";
import { Machine } from "./machine.ts";
import { exerciseLine, liveLine } from "./lines.ts";
import { type StartPage, listenForStart } from "./page.ts";
import { portsFrom } from "./ports.ts";
import { signInLink } from "./sign-in.ts";

interface StartOptions {
  readonly exercise: string;
  readonly at?: UnixSeconds;
  readonly dir: string;
  readonly port: number;
  readonly fresh?: true;
  readonly json?: true;
}

const EXERCISE = "exercises/us-china-2022-2024.yaml";
const PORT = 4400;

/** `openline start`: both sides of an exercise line and of a live line on this one machine, to be looked at. */
export function startCommand(program: Command): void {
  program
    .command("start")
    .description("run an exercise line and a live line on this machine, both sides of each, with consoles and a start page")
    .option("--exercise <file>", "the exercise to play", EXERCISE)
    .option("--at <time>", "play it up to and including this time (default: 2023-09-28T12:00:00Z)", timeOption)
    .option("--dir <dir>", "where the folders of all parties go; a second start goes on with them", "lines/start")
    .option(
      "--port <n>",
      "the start page's port; consoles, metrics and ways between nodes take the ones after it; 0: free ones",
      portOption,
      PORT,
    )
    .option("--fresh", "begin anew: what both lines have said is gone")
    .option("--json", "print one line of JSON when everything is up")
    .addHelpText(
      "after",
      "\nCtrl-C ends every node. All keys lie in the folder without protection: nobody's secrets belong on these lines.",
    )
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const ended = asked();
  // Nothing is played for a page that nobody could open.
  await portsFrom(options.port, 0);
  const of = { exercise: options.exercise, at: options.at, dir: resolve(options.dir), fresh: options.fresh === true };
  const exercise = await exerciseLine(of);
  const live = await liveLine(of);
  const ports = await portsFrom(options.port, exercise.parties.length + live.parties.length);
  const machine = new Machine(exercise, live, ports.parties);
  let page: StartPage | undefined;
  try {
    // A node may hang before it runs.
    if ((await Promise.race([machine.start(), ended])) === END) return;
    page = await listenForStart(machine, ports.page);
    if (options.json === true) process.stdout.write(`${JSON.stringify(await readyOf(machine, page))}\n`);
    else printLines(readyLines(machine, page));
    await ended;
  } finally {
    await page?.close();
    await machine.stop();
  }
}

function portOption(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("a port, 0 to 65535");
  return Number(text);
}

/** One object for whoever starts this by a program. `start` and every `signIn.url` let their holder in, each link once. */
async function readyOf({ exercise, stations }: Machine, { url }: StartPage): Promise<unknown> {
  const parties = stations.map(async ({ party, ports }) => {
    const origin = `http://${party.id}.localhost:${ports.console}`;
    return {
      id: party.id,
      line: party.line,
      dir: party.dir,
      console: origin,
      api: `${origin}/api/v1`,
      metrics: `http://127.0.0.1:${ports.metrics}/metrics`,
      signIn: await Promise.all(party.posts.map(async ({ id: post, role }) => ({ post, role, url: await signInLink(party, post) }))),
    };
  });
  return { ready: true, exercise: exercise.exercise, at: formatTime(exercise.at), start: url, parties: await Promise.all(parties) };
}

function readyLines({ exercise, stations }: Machine, { url }: StartPage): readonly string[] {
  return [
    "",
    `Openline runs here: ${stations.map(({ party }) => party.id).join(", ")}.`,
    `The exercise ${exercise.exercise} stands at ${formatTime(exercise.clock)}, and its clock runs on.`,
    "",
    `Open ${url}`,
    "",
    "Ctrl-C ends everything; the next start goes on from here.",
  ];
}

const END = Symbol("end");

/** Resolves when a person or the system asks this process to end. */
function asked(): Promise<typeof END> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
      process.once(signal, () => {
        complain("ending every node");
        resolve(END);
      });
  });
}
