import { Command, CommanderError } from "commander";
import { actCommand } from "./act.ts";
import { bearersCommand } from "./acting/bearers.ts";
import { inboxCommand } from "./acting/inbox.ts";
import { actingCommands } from "./acting/say.ts";
import { evidenceCommand } from "./evidence.ts";
import { exerciseCommand } from "./exercise.ts";
import { EXIT, endOf } from "./exit.ts";
import { complain } from "./output.ts";
import { recordCommand } from "./record.ts";
import { showCommand } from "./show.ts";
import { statusCommand } from "./status.ts";
import { upCommand } from "./up.ts";

/** The `openline` command: parse, call, print. */
export function openline(): Command {
  const program = new Command("openline")
    .description("The direct line between parties who do not trust each other.")
    .version("0.1.0")
    .exitOverride()
    .showHelpAfterError("(add --help for what this command takes)");
  exerciseCommand(program);
  statusCommand(program);
  showCommand(program);
  upCommand(program);
  inboxCommand(program);
  bearersCommand(program);
  actingCommands(program);
  actCommand(program);
  recordCommand(program);
  evidenceCommand(program);
  return program;
}

async function main(argv: readonly string[]): Promise<void> {
  try {
    await openline().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end with 0; commander has printed them, or what is wrong.
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
      return;
    }
    const { code, line } = endOf(error);
    complain(line);
    process.exitCode = code;
  }
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone away, as `head` does.
  if (error.code === "EPIPE") process.exit(process.exitCode ?? EXIT.done);
  throw error;
});

await main(process.argv);
