import { type ChildProcess, spawn } from "node:child_process";
import type { Program } from "./alarm-settings.ts";

/** Starts a program without a shell, with nothing of this process's environment but what finds and reads files. What it prints goes
 *  nowhere; what it is told comes on its standard input. */
export function startProgram([path, ...args]: Program): ChildProcess {
  const { PATH, LANG, HOME } = process.env;
  const child = spawn(path, args, { shell: false, stdio: ["pipe", "ignore", "ignore"], env: { PATH, LANG, HOME } });
  // It may end before it has read what it is told.
  child.stdin?.on("error", () => undefined);
  return child;
}

/** Runs a program to its end and says whether that was 0. It is killed after `limitMs`. */
export function runProgram(program: Program, input: string, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const child = startProgram(program);
    const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
    const end = (well: boolean): void => {
      clearTimeout(limit);
      resolve(well);
    };
    child.on("error", () => end(false));
    child.on("exit", (code) => end(code === 0));
    child.stdin?.end(input);
  });
}
