import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Script, found, play } from "./script.ts";

const folder = new URL("../../../../vectors/state/", import.meta.url);

describe.each(readdirSync(folder).filter((name) => name.endsWith(".json")))("vectors/state/%s", (name) => {
  const scripts = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as readonly Script[];
  test.each(scripts.map((script) => [script.comment, script] as const))("%s", (_, script) => {
    const scene = play(script);
    for (const expected of script.expect) expect(found(scene, expected)).toEqual(expected);
  });
});
