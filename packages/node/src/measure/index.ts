import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { appendFigures } from "./append.ts";
import { appendGrowthFigures } from "./append-growth.ts";
import type { Figure, Floor, Size } from "./figure.ts";
import { floorOf } from "./floor.ts";
import { recordFigures } from "./records.ts";
import { restartFigures } from "./restart.ts";
import { twoNodeFigures } from "./two-nodes.ts";

export type { Figure, Floor, Size } from "./figure.ts";

/** Everything that `openline bench` says. `folder` is an empty one on the disk that is to be measured. */
export async function measure(folder: string, size: Size): Promise<{ readonly floor: Floor; readonly figures: readonly Figure[] }> {
  const at = async (name: string): Promise<string> => {
    await mkdir(join(folder, name));
    return join(folder, name);
  };
  const floor = await floorOf(folder, size);
  const figures = [
    ...(await twoNodeFigures(await at("two-nodes"), size, floor)),
    ...(await restartFigures(await at("restart"), size)),
    ...(await appendFigures(folder, size, floor)),
    ...(await appendGrowthFigures(folder, size)),
    ...recordFigures(size),
  ];
  return { floor, figures };
}
