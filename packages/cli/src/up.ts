import { resolve } from "node:path";
import type { Command } from "commander";
import { type UnixSeconds } from "@openline/core";
import { type RunningLine, exerciseClock, systemClock, up } from "@openline/node/operate";
import { addressOption, several, timeOption } from "./options.ts";
import { Ended, endOf } from "./exit.ts";
import { complain, printLines } from "./output.ts";
import { type KeyOptions, unlockerOf, withKeyOptions } from "./passphrases.ts";

/** `openline up`: the node as a service, until it is told to stop. */
export function upCommand(program: Command): void {
  withKeyOptions(
    program
      .command("up")
      .description("run the nodes of one or more folders until they are told to stop")
      .requiredOption("--dir <dir>", "a party's folder; once for each line", several(resolve))
      .option("--metrics <host:port>", "serve Prometheus metrics, /livez and /readyz there; port 0: any free one", addressOption)
      .option("--console <host:port>", "serve the API for consoles there, on loopback; port 0: any free one", addressOption)
      .option("--clock <time>", "exercises only: let the clock begin at this time and run on", timeOption),
  ).action(run);
}

interface RunOptions extends KeyOptions {
  readonly dir: readonly string[];
  readonly clock?: UnixSeconds;
  readonly console?: { readonly host: string; readonly port: number };
  readonly metrics?: { readonly host: string; readonly port: number };
}

async function run(options: RunOptions): Promise<void> {
  const clock = options.clock === undefined ? systemClock : exerciseClock(options.clock);
  const running = await up(options.dir, {
    clock,
    unlocker: unlockerOf(options),
    metrics: options.metrics,
    console: options.console,
    exercisesOnly: options.clock !== undefined,
    told: complain,
  });
  const stopped = asked();
  if (running.metricsPort !== undefined) printLines([`metrics on port ${running.metricsPort}`]);
  if (running.consoleOrigin !== undefined) printLines([`consoles at ${running.consoleOrigin}`]);
  printLines(running.lines.map(startedLine));
  const ended = await Promise.race([stopped, running.failed]);
  if (ended === STOP) {
    await running.stop();
    return;
  }
  await running.stop().catch(() => undefined);
  const { code, line } = endOf(ended);
  throw new Ended(code, `${line}; the node has stopped: mend that, and start it again. What it had acknowledged is on the disk`);
}

function startedLine({ served, ports }: RunningLine): string {
  const called = ports.length === 0 ? "" : `, peers may call on port ${ports.join(" and ")}`;
  return `${served.party.id} on line ${served.accord.line}${called}: running`;
}

const STOP = Symbol("stop");

/** Resolves when an operator or the system asks this process to end. */
function asked(): Promise<typeof STOP> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(STOP));
    // Started by another program over a channel: it does not outlive that program, and the channel alone does not keep it.
    process.once("disconnect", () => resolve(STOP));
    process.channel?.unref();
  });
}
