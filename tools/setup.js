// Installs what package-lock.json names, when that is not there yet. Runs on Node 20 and later, before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [major] = process.versions.node.split(".").map(Number);
if (major < 20) stop(`Openline needs Node 20 or later to set itself up; this is ${process.version}`);

// npm keeps a copy of the lock file of what it has installed; a different one means that something is missing.
const installed = join(root, "node_modules", ".package-lock.json");
if (!existsSync(installed) || !sameVersions()) install();

function sameVersions() {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const found = packagesOf(installed);
  const here = new Set([undefined, process.platform]);
  return Object.entries(wanted).every(([path, item]) => {
    if (path === "" || !path.startsWith("node_modules/") || item.optional || !here.has(item.os?.[0])) return true;
    return item.link ? existsSync(join(root, path)) : found[path]?.version === item.version;
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
}

// `npm ci` would refuse where a registry lacks the optional binaries of other platforms; `install` takes the same versions and
// checks the same integrity, and with --no-save leaves the lock file alone.
function install() {
  process.stderr.write("openline: installing the packages of package-lock.json\n");
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  const run = spawnSync(command, [...args, "install", "--no-save", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (run.status !== 0) stop("npm could not install the packages; the lines above say why");
}

function stop(line) {
  process.stderr.write(`openline: ${line}\n`);
  process.exit(1);
}
