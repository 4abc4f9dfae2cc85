// `npm start`: builds, plays the shipped exercise on real nodes into lines/, and prints what was open on 28 September 2023.
import { spawnSync } from "node:child_process";

const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
};

run("npm", ["run", "--silent", "build"]);
const openline = (...args) => run(process.execPath, ["packages/cli/bin/openline.js", ...args]);
openline(
  "exercise",
  "run",
  "exercises/us-china-2022-2024.yaml",
  "--dir",
  "lines/us-china-2022-2024",
  "--at",
  "2023-09-28T12:00:00Z",
  "--fresh",
);
process.stdout.write("\nThe same from one party's folder, in words:\n\n");
openline("status", "--dir", "lines/us-china-2022-2024/prc", "--at", "2023-09-28T12:00:00Z");
