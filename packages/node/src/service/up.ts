import type { Clock } from "../ports.ts";
import { RunningLine } from "./running-line.ts";

export interface Up {
  readonly lines: readonly RunningLine[];
  /** Resolves when everything has been let go of. */
  stop(): Promise<void>;
  /** Resolves with the fault that ends this process. */
  readonly failed: Promise<unknown>;
}

/** Starts one process that serves every folder given. When one of them cannot be opened, none is. Throws `OpenlineError`. */
export async function up(dirs: readonly string[], options: { readonly clock: Clock }): Promise<Up> {
  const fault = Promise.withResolvers<unknown>();
  const lines: RunningLine[] = [];
  const stop = async (): Promise<void> => {
    for (const line of lines.toReversed()) await line.stop();
  };
  try {
    for (const dir of dirs) lines.push(await RunningLine.open(dir, { clock: options.clock, failed: fault.resolve }));
  } catch (error) {
    await stop();
    throw error;
  }
  return { lines, stop, failed: fault.promise };
}
