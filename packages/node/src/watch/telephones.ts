import { stat } from "node:fs/promises";
import { join } from "node:path";
import { LANGUAGES, OpenlineError } from "@openline/core";
import { listOf, mapOf, optional, required, textOf, textsOf } from "../operate/exercise-values.ts";
import { readYamlFile } from "../operate/yaml-file.ts";

/** Whom to call when this line does not carry: `telephones.yaml` in the line's folder, which its operator writes. It stays inside the party. */
export interface Telephone {
  readonly who: Readonly<Record<string, string>>;
  readonly number: string;
  readonly note: Readonly<Record<string, string>>;
}

const FILE = "telephones.yaml";
const TELEPHONES_MAX = 100;
const NUMBER = /^[+0-9A-Za-z][+0-9A-Za-z ().,#*/-]{1,63}$/;

/** Empty without the file. Throws `OpenlineError` `usage`: a list that cannot be read must not be found out when it is needed. */
export async function readTelephones(dir: string): Promise<readonly Telephone[]> {
  const path = join(dir, FILE);
  if ((await stat(path).catch(() => undefined)) === undefined) return [];
  return readYamlFile(path, (root) => {
    const items = listOf(root, FILE);
    if (items.length > TELEPHONES_MAX) throw new OpenlineError("usage", `${path}: more than ${TELEPHONES_MAX} numbers`);
    return items.map((item): Telephone => {
      const map = mapOf(item, FILE, ["who", "number", "note"]);
      const number = textOf(required(map, "number", FILE), "number", 64);
      if (!NUMBER.test(number))
        throw new OpenlineError("usage", `${path}: number: digits, letters and + ( ) # * / - expected, not "${number}"`);
      const note = optional(map, "note");
      const texts = (node: Parameters<typeof textsOf>[0], what: string) => Object.fromEntries(textsOf(node, what, LANGUAGES));
      return { who: texts(required(map, "who", FILE), "who"), number, note: note === undefined ? {} : texts(note, "note") };
    });
  });
}
