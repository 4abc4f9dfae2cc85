#!/usr/bin/env node
// Runs on Node 20 and later; starts the command on the project's own Node 24, or says what to run.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, "..", "dist", "bundle", "main.js");
const UNAVAILABLE = 4;

function ownNode() {
  try {
    const require = createRequire(import.meta.url);
    return join(dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`)), "bin", "node");
  } catch {
    return Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : undefined;
  }
}

const node = ownNode();
if (!existsSync(main)) fail("openline has not been built: run `npm test` or `npm run build` in its folder");
else if (node === undefined) fail(`openline needs Node 24 or later; this is ${process.version}`);
else run(node);

function fail(line) {
  process.stderr.write(`openline: ${line}\n`);
  process.exitCode = UNAVAILABLE;
}

/** Standard streams, and the descriptors that options name (`--passphrase-fd root-1=7`): others are not handed on. The last is a channel
 *  that closes when this process ends, however it ends: a node that is up then stops too, and gives its folder free. */
function stdioOf(argv) {
  const named = argv.flatMap((word, i) => {
    const value = /^--passphrase-fd=(.*)$/.exec(word)?.[1] ?? (argv[i - 1] === "--passphrase-fd" ? word : "");
    const fd = /(?:^|=)(\d{1,4})$/.exec(value)?.[1];
    return fd === undefined ? [] : [Number(fd)];
  });
  const last = Math.max(2, ...named);
  const inherited = Array.from({ length: last + 1 }, (_, fd) => (fd <= 2 || named.includes(fd) ? "inherit" : "ignore"));
  return [...inherited, "ipc"];
}

function run(node) {
  // Most of a short command's time goes into reading its own program: what was compiled once is kept beside the packages.
  const compiled = join(here, "..", "..", "..", "node_modules", ".cache", "openline-compiled");
  const env = existsSync(dirname(dirname(compiled))) ? { NODE_COMPILE_CACHE: compiled, ...process.env } : process.env;
  const args = ["--disable-warning=ExperimentalWarning", main, ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: stdioOf(process.argv), env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exitCode = code ?? UNAVAILABLE;
    else process.kill(process.pid, signal);
  });
}
