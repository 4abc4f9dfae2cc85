import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./support/openline.ts";

/** Blocks marked `sh run` in the documents, in order: what they say works, exactly as written. */
const documents = ["README.md", ...globSync("docs/**/*.md", { cwd: root })];
const blocks = documents.flatMap((file) => {
  const text = readFileSync(join(root, file), "utf8");
  const found = [...text.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  return found.length === 0 ? [] : [{ file, script: found.join("\n") }];
});

/** A guide starts the command dozens of times, and passphrases take their time on purpose. */
const GUIDE_MS = 420_000;
/** A guide that breaks off leaves no node running, which would hold the test up for ever. */
const ENDING = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT";
/** What npx does once it has found the command, after more than a second of its own. README.md is run with npx itself. */
const FOUND = 'npx() { "node_modules/.bin/$1" "${@:2}"; }';

test("some documents have blocks to run", () => expect(blocks.length).toBeGreaterThan(0));

test.each(blocks)(
  "the commands of $file work",
  ({ file, script }) => {
    const dir = mkdtempSync(join(tmpdir(), "openline-docs-"));
    try {
      for (const name of ["node_modules", "exercises", "packages", "package.json"]) symlinkSync(join(root, name), join(dir, name));
      const before = file === "README.md" ? [ENDING] : [ENDING, FOUND];
      const run = spawnSync("bash", ["-euo", "pipefail", "-c", [...before, script].join("\n")], {
        cwd: dir,
        encoding: "utf8",
        // A socket as its input would make bash take itself for a remote login, and read the machine's own start file.
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, npm_config_offline: "true" },
      });
      expect(run.stderr.replaceAll(/^npm warn.*\n/gm, "")).toBe("");
      expect(run.status).toBe(0);
    } finally {
      rmSync(dir, { recursive: true });
    }
  },
  GUIDE_MS,
);
