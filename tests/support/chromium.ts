import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Chromium as this machine has it: named in OPENLINE_CHROMIUM, on the path, or Playwright's own; undefined: there is none. */
export const chromiumPath: string | undefined = [
  process.env["OPENLINE_CHROMIUM"],
  ...["chromium", "chromium-browser", "google-chrome"].map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim()),
  chromium.executablePath(),
].find((path) => path !== undefined && path !== "" && existsSync(path));

/** It says nothing to anybody, and runs as root in a container. */
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const QUIET = ["--disable-component-update", "--disable-sync"];

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath ?? "", args: [...ARGS, ...QUIET] });
