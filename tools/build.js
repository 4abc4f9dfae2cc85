// Builds, when anything has changed since the last time this did. What the build prints goes to standard error, so that a program that
// starts Openline reads only what Openline says. Runs on Node 20 and later.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".cache", "openline-built");
/** The last files that a build writes. */
const built = ["packages/console/dist/start/start.html", "packages/cli/dist/bundle/main.js"].map((file) => join(root, file));

const now = sources();
if (!built.every(existsSync) || !existsSync(stamp) || readFileSync(stamp, "utf8") !== now) {
  process.stderr.write("openline: building\n");
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  const { status } = spawnSync(command, [...args, "run", "--silent", "build"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(1);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

/** A digest of name, size and time of every file that is built from. */
function sources() {
  const hash = createHash("sha256");
  const read = (folder) => {
    for (const item of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, item.name);
      if (item.isDirectory()) {
        if (!["dist", "node_modules", "test"].includes(item.name)) read(path);
      } else if (!item.name.endsWith(".tsbuildinfo")) {
        const { size, mtimeMs } = statSync(path);
        hash.update(`${path}\0${size}\0${mtimeMs}\n`);
      }
    }
  };
  read(join(root, "packages"));
  read(join(root, "tools"));
  return hash.update(readFileSync(join(root, "package-lock.json"))).digest("hex");
}
