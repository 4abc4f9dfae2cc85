import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));
/** What people start. */
export const bin: string = join(root, "packages", "cli", "bin", "openline.js");
/** What the command starts in its turn. Started directly where a test must be able to kill it. */
export const main: string = join(root, "packages", "cli", "dist", "bundle", "main.js");

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command as a person would, in the project's folder. */
export function openline(args: readonly string[], input = ""): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
    child.stdin.end(input);
  });
}

/** A folder of this test file's own, removed when it is done. */
export function workFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "openline-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A node that runs as its own process. */
export interface RunningNode {
  readonly child: ChildProcess;
  /** Everything it has printed so far. */
  readonly printed: () => string;
  /** Resolves with its exit code when it has ended; `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Asks it to end, as a system does, and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const started = new Set<RunningNode>();

/** Ends every node that a test has left running. */
export async function stopNodes(): Promise<void> {
  await Promise.all([...started].map((node) => node.stop("SIGKILL")));
}
afterAll(stopNodes);

/** How a test starts a node in another way than people do. */
export interface OtherStart {
  /** What the command runs under, such as `strace` with its options. */
  readonly under?: readonly string[];
  /** Run instead of the built command, from source. */
  readonly entry?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `openline up` and resolves when it says that it runs; rejects with what it printed when it ends before. */
export function startNode(args: readonly string[], other: OtherStart = {}): Promise<RunningNode> {
  return new Promise((resolve, reject) => {
    const program = other.entry === undefined ? [main] : ["--conditions=openline-source", other.entry];
    const under = [...(other.under ?? []), process.execPath, "--disable-warning=ExperimentalWarning", ...program];
    const child = spawn(under[0] ?? "", [...under.slice(1), "up", ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...other.env },
    });
    let text = "";
    const ended = new Promise<number | null>((end) => child.on("close", end));
    const node: RunningNode = {
      child,
      printed: () => text,
      ended,
      stop: async (signal = "SIGTERM") => {
        child.kill(signal);
        return ended;
      },
    };
    started.add(node);
    void ended.then((code) => {
      started.delete(node);
      reject(new Error(`openline up ended with ${code}: ${text}`));
    });
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.includes(": running\n")) resolve(node);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
  });
}
