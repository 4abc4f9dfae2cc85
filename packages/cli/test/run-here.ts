import { vi } from "vitest";
import { runOpenline } from "../src/program.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command inside this process, one after the other: for tests that run it hundreds of times. `openline` of `tests/support`
 *  starts it as people do. */
export async function openlineHere(args: readonly string[]): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const into = (parts: string[]) => (part: string | Uint8Array) => parts.push(Buffer.from(part).toString("utf8")) > 0;
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(into(out)),
    vi.spyOn(process.stderr, "write").mockImplementation(into(err)),
  ];
  try {
    const code = await runOpenline(["node", "openline", ...args]);
    return { code, out: out.join(""), err: err.join("") };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = 0;
  }
}
