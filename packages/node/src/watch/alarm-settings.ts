import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { OpenlineError } from "@openline/core";
import { listOf, mapOf, optional, textOf } from "../operate/exercise-values.ts";
import { ExerciseError, type Yaml } from "../operate/exercise-yaml.ts";
import { readYamlFile } from "../operate/yaml-file.ts";

/** A program with its arguments, as they are started: nothing is ever put into them. */
export type Program = readonly [path: string, ...args: readonly string[]];

/** How this machine itself rings: `alarm.yaml` in the line's folder, which its operator writes. */
export interface AlarmSettings {
  /** Run on each alarm. */
  readonly program: Program | undefined;
  /** Kept running, and fed a line every 5 s while the node is well. */
  readonly deadMan: Program | undefined;
  /** Absolute path of the text log of FLASH and IMMEDIATE. */
  readonly log: string | undefined;
}

const FILE = "alarm.yaml";
const PATH_BYTES_MAX = 4096;
const ARGUMENTS_MAX = 64;

/** Undefined without the file. Throws `OpenlineError` `usage`, also where a program is none that can be run, or the log has no folder: an
 *  alarm that fails must not be found out by the first FLASH. */
export async function readAlarmSettings(dir: string): Promise<AlarmSettings | undefined> {
  const path = join(dir, FILE);
  if ((await stat(path).catch(() => undefined)) === undefined) return undefined;
  const settings = await readYamlFile(path, (root) => {
    const map = mapOf(root, FILE, ["program", "deadMan", "log"]);
    const program = (key: "program" | "deadMan"): Program | undefined => {
      const value = optional(map, key);
      const [first, ...args] = value === undefined ? [] : listOf(value, key).map((item) => wordOf(item, key));
      if (value !== undefined && (first === undefined || !isAbsolute(first) || args.length > ARGUMENTS_MAX))
        throw new OpenlineError("usage", `${path}: ${key}: an absolute path and at most ${ARGUMENTS_MAX} arguments expected`);
      return first === undefined ? undefined : [first, ...args];
    };
    const log = optional(map, "log");
    return {
      program: program("program"),
      deadMan: program("deadMan"),
      log: log === undefined ? undefined : resolve(dir, wordOf(log, "log")),
    };
  });
  for (const program of [settings.program, settings.deadMan]) if (program !== undefined) await mustRun(path, program[0]);
  if (settings.log !== undefined) await mustHold(path, settings.log);
  return settings;
}

/** A path or an argument: the system ends both at the first NUL byte. */
function wordOf(node: Yaml, key: string): string {
  const text = textOf(node, key, PATH_BYTES_MAX);
  if (text.includes("\0")) throw new ExerciseError(node.where, `${key}: no path and no argument can hold a NUL byte`);
  return text;
}

/** The file itself may yet be made; its folder is not. */
async function mustHold(path: string, log: string): Promise<void> {
  const folder = await stat(dirname(log)).catch(() => undefined);
  if (folder?.isDirectory() !== true) throw new OpenlineError("usage", `${path}: log: ${dirname(log)} is no folder`);
  const found = await stat(log).catch(() => undefined);
  if (found?.isDirectory() === true) throw new OpenlineError("usage", `${path}: log: ${log} is a folder`);
}

async function mustRun(path: string, program: string): Promise<void> {
  const found = await stat(program).catch(() => undefined);
  const runs = await access(program, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (found?.isFile() !== true || !runs) throw new OpenlineError("usage", `${path}: ${program} is no program that can be run`);
}
