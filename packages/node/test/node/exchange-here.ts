import { type Frame, decodeFrame } from "@openline/core";
import { Line } from "./line.ts";
import { Pipe } from "./pipe.ts";

/** Two nodes on a way so narrow that everything longer than a beat comes in parts. */
export async function narrow(options: Partial<ConstructorParameters<typeof Pipe>[2]> = {}): Promise<{ line: Line; pipe: Pipe }> {
  const line = await Line.open({ node: { receiptDelayMs: 0 } });
  await line.assign();
  const pipe = new Pipe("narrow", [line.players[0]!, line.players[1]!], { mtu: 300, window: 300, ...options });
  await pipe.join();
  await settle(line, pipe);
  pipe.carried.length = 0;
  return { line, pipe };
}

/** Until nothing more is on its way. */
export async function settle(line: Line, ...pipes: readonly Pipe[]): Promise<void> {
  for (let round = 0; round < 12; round++) {
    for (const pipe of pipes) await pipe.settle();
    line.wait(16);
    for (const { node } of line.players) await node.tick();
  }
  for (const pipe of pipes) await pipe.settle();
}

/** The frames that can be read. */
export const decoded = (frames: readonly Uint8Array[]): readonly Frame[] =>
  frames.flatMap((bytes) => {
    const frame = decodeFrame(bytes);
    return frame.ok ? [frame.value] : [];
  });
