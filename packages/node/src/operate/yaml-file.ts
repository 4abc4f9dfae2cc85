import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { OpenlineError, limits } from "@openline/core";
import { ExerciseError, type Yaml, readYaml } from "./exercise-yaml.ts";

/** Reads a YAML file that a person wrote. Throws `OpenlineError` `usage` with file, line and column of what cannot be read. */
export async function readYamlFile<T>(path: string, read: (root: Yaml) => T): Promise<T> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new OpenlineError("usage", `${path} is no file that can be read`);
  if (found.size > limits.accordFileBytesMax) throw new OpenlineError("usage", `${path} is longer than ${limits.accordFileBytesMax} bytes`);
  const content = await readFile(path);
  return placed(basename(path), () => read(readYaml(content)));
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
