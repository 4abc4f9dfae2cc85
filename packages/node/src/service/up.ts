import { join } from "node:path";
import type { Clock } from "../ports.ts";
import { OpenlineError } from "@openline/core";
import { FILES } from "../operate/folder.ts";
import type { Unlocker } from "../operate/key-file.ts";
import { listenForConsoles } from "../http/console.ts";
import { SessionFile } from "../http/session-file.ts";
import { SignInDesk } from "../http/sign-in-desk.ts";
import { type ListenAt, listenForMetrics } from "../metrics/listener.ts";
import { RunningLine } from "./running-line.ts";

export interface Up {
  readonly lines: readonly RunningLine[];
  /** Where metrics are served; undefined: nowhere. */
  readonly metricsPort: number | undefined;
  /** Where consoles are served; undefined: nowhere. */
  readonly consoleOrigin: string | undefined;
  /** Resolves when everything has been let go of. */
  stop(): Promise<void>;
  /** Resolves with the fault that ends this process. */
  readonly failed: Promise<unknown>;
}

export interface UpOptions {
  readonly clock: Clock;
  readonly unlocker: Unlocker;
  /** The clock is not the machine's: only exercises run by such a one. */
  readonly exercisesOnly: boolean;
  /** Where metrics are served; undefined: nowhere. */
  readonly metrics?: ListenAt | undefined;
  /** Where consoles are served, a loopback address; undefined: nowhere. */
  readonly console?: ListenAt | undefined;
  /** One line about something that came and is of no use. */
  readonly told: (line: string) => void;
}

/** Starts one process that serves every folder given. When one of them cannot be opened, none is. Throws `OpenlineError`. */
export async function up(dirs: readonly string[], options: UpOptions): Promise<Up> {
  const fault = Promise.withResolvers<unknown>();
  const lines: RunningLine[] = [];
  let metrics: Awaited<ReturnType<typeof listenForMetrics>> | undefined;
  const desk = new SignInDesk();
  let console: Awaited<ReturnType<typeof listenForConsoles>> | undefined;
  const signIn = { desk, origin: () => console?.origin };
  const stop = async (): Promise<void> => {
    await console?.close();
    await metrics?.close();
    for (const line of lines.toReversed()) await line.stop();
  };
  try {
    for (const dir of dirs) lines.push(await RunningLine.open(dir, { ...options, signIn, failed: fault.resolve }));
    const live = lines.find(({ served }) => served.accord.terms.mode === "live");
    if (options.exercisesOnly && live !== undefined)
      throw new OpenlineError("usage", `${live.dir} is a live line; it runs by the machine's clock`);
    if (options.metrics !== undefined) metrics = await listenForMetrics({ lines: lines.map(({ served }) => served) }, options.metrics);
    const [first] = lines;
    if (options.console !== undefined && first !== undefined) {
      const { id: party } = first.served.party;
      // The folder whose party names the console; it is locked for this process.
      await desk.keepIn(new SessionFile(join(first.dir, FILES.sessions)), options.told);
      console = await listenForConsoles({ lines: lines.map(({ served }) => served) }, { at: options.console, party, desk });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { lines, metricsPort: metrics?.port, consoleOrigin: console?.origin, stop, failed: fault.promise };
}
