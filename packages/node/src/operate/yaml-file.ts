import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { OpenlineError, limits } from "@openline/core";
import { decimalText } from "./exercise-values.ts";
import { ExerciseError, type Yaml, readYaml } from "./exercise-yaml.ts";

/** Reads a YAML file that a person wrote. Throws `OpenlineError` `usage` with file, line and column of what cannot be read. */
export async function readYamlFile<T>(path: string, read: (root: Yaml) => T): Promise<T> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new OpenlineError("usage", `${path} is no file that can be read`);
  if (found.size > limits.accordFileBytesMax) throw new OpenlineError("usage", `${path} is longer than ${limits.accordFileBytesMax} bytes`);
  const content = await readFile(path);
  return placed(basename(path), () => read(readYaml(content)));
}

/** A YAML or JSON text as plain values. A number that is no safe integer stands as decimal text, as it was written where that is plain:
 *  signed bytes hold no floats. Throws `OpenlineError` `usage` with `name`, line and column. */
export function plainYaml(content: string | Uint8Array, name: string): unknown {
  return placed(name, () => plainOf(readYaml(content)));
}

function plainOf(node: Yaml): unknown {
  switch (node.kind) {
    case "map":
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plainOf(value)]));
    case "list":
      return node.items.map(plainOf);
    case "scalar":
      if (typeof node.value !== "number" || Number.isSafeInteger(node.value)) return Object.is(node.value, -0) ? 0 : node.value;
      return decimalText(node.value, node.source);
  }
}

/** Runs a reader; its complaint gets the name of the file before its place. */
export function placed<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ExerciseError)) throw error;
    throw new OpenlineError("usage", `${name}:${error.where.line}:${error.where.column}: ${error.message}`);
  }
}
