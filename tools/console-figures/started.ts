import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** One party of a line that runs here, as the ready line of `openline start` names it. */
export interface Party {
  readonly id: string;
  readonly line: string;
  readonly dir: string;
  readonly signIn: readonly { readonly post: string; readonly url: string }[];
}

export interface Started {
  readonly party: (id: string) => Party;
  /** Ends every node and takes the folders away. */
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));
/** The exercise goes on until September 2024: the whole of it is what the slider steps over. */
const AFTER_ALL = "2024-12-31T00:00:00Z";

/** The lines of `openline start` as built, in a folder of their own. However this process ends, they end. */
export async function startLines(): Promise<Started> {
  const dir = mkdtempSync(join(tmpdir(), "openline-bench-console-"));
  const args = ["start", "--dir", dir, "--port", "0", "--at", AFTER_ALL, "--json"];
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
  endWithUs(child, stop);
  try {
    const parties = await Promise.race([
      ready(child),
      ended.then((code) => Promise.reject(new Error(`openline start ended with ${code}`))),
    ]);
    return { stop, party: (id) => found(parties, id) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A fault here must not leave nodes behind, and a signal no folder either. */
function endWithUs(child: ChildProcess, stop: () => Promise<void>): void {
  process.once("exit", () => child.kill("SIGTERM"));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void stop().finally(() => process.exit(1)));
}

function ready({ stdout }: ChildProcess): Promise<readonly Party[]> {
  if (stdout === null) throw new TypeError("its output is piped");
  return new Promise((resolve) => {
    createInterface({ input: stdout }).on("line", (line) => {
      if (line.startsWith("{")) resolve(parseReady(line));
    });
  });
}

/** The command says this form of its ready line in docs/operating/start.md. */
function parseReady(line: string): readonly Party[] {
  return (JSON.parse(line) as { readonly parties: readonly Party[] }).parties;
}

function found(parties: readonly Party[], id: string): Party {
  const one = parties.find((party) => party.id === id);
  if (one === undefined) throw new Error(`openline start has no party ${id}`);
  return one;
}
