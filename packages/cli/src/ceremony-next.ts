import { progressOf, readCeremony } from "@openline/node/operate";
import { progressLines } from "./ceremony-words.ts";
import { printLines } from "./output.ts";
import { taken } from "./taken.ts";

/** What comes next in a ceremony, after each of its steps. */
export async function printNext(dir: string): Promise<void> {
  printLines(progressLines(progressOf(await taken(() => readCeremony(dir))), dir));
}
