import { resolve } from "node:path";
import type { Command } from "commander";
import { printJson, printLines } from "../output.ts";
import { askNode } from "./node-client.ts";

/** `openline sign-in`: a link by which one person signs in at a console, once. */
export function signInCommand(program: Command): void {
  program
    .command("sign-in")
    .description("print a link by which one person signs in at a console of the running node, once and within 10 minutes")
    .requiredOption("--dir <dir>", "the party's folder, in which its node runs")
    .requiredOption("--post <id>", "the post they hold")
    .option("--json", "print as JSON")
    .action(async (options: { readonly dir: string; readonly post: string; readonly json?: true }) => {
      const link = await askNode(resolve(options.dir), (client) => client.signInLink(options.post));
      if (options.json === true) printJson(link);
      else printLines([link.url]);
    });
}
