import { Command, CommanderError } from "commander";
import { accordCommand } from "./accord.ts";
import { actCommand } from "./act.ts";
import { attachmentCommand } from "./attachment.ts";
import { bearersCommand } from "./acting/bearers.ts";
import { draftCommand } from "./acting/draft.ts";
import { releaseCommand } from "./acting/draft-sign.ts";
import { inboxCommand } from "./acting/inbox.ts";
import { waysCommand } from "./acting/ways.ts";
import { telephonesCommand } from "./acting/telephones.ts";
import { signInCommand } from "./acting/sign-in.ts";
import { actingCommands } from "./acting/say.ts";
import { backupCommands } from "./backup.ts";
import { benchCommand } from "./bench.ts";
import { evidenceCommand } from "./evidence.ts";
import { exerciseCommand } from "./exercise.ts";
import { EXIT, endOf } from "./exit.ts";
import { complain } from "./output.ts";
import { historyCommand } from "./history.ts";
import { initCommand } from "./init.ts";
import { keyCommand } from "./key.ts";
import { partyCommand } from "./party.ts";
import { postCommand } from "./post.ts";
import { pskCommand } from "./psk.ts";
import { recordCommand } from "./record.ts";
import { showCommand } from "./show.ts";
import { startCommand } from "./start/start.ts";
import { statusCommand } from "./status.ts";
import { upCommand } from "./up.ts";
import { verifierCommand } from "./verifier.ts";

/** The `openline` command: parse, call, print. */
function openline(): Command {
  const program = new Command("openline")
    .description("The direct line between parties who do not trust each other.")
    .version("0.1.0")
    .exitOverride()
    .showHelpAfterError("(add --help for what this command takes)");
  initCommand(program);
  partyCommand(program);
  accordCommand(program);
  keyCommand(program);
  postCommand(program);
  pskCommand(program);
  exerciseCommand(program);
  statusCommand(program);
  historyCommand(program);
  showCommand(program);
  upCommand(program);
  startCommand(program);
  inboxCommand(program);
  draftCommand(program);
  releaseCommand(program);
  bearersCommand(program);
  waysCommand(program);
  telephonesCommand(program);
  signInCommand(program);
  actingCommands(program);
  actCommand(program);
  recordCommand(program);
  evidenceCommand(program);
  attachmentCommand(program);
  verifierCommand(program);
  backupCommands(program);
  benchCommand(program);
  return program;
}

/** Runs one command and says with which code the process is to end. Prints only through `output.ts` and commander. */
export async function runOpenline(argv: readonly string[]): Promise<number> {
  process.exitCode = EXIT.done;
  try {
    await openline().parseAsync(argv);
    return process.exitCode;
  } catch (error) {
    // Help and version end with 0; commander has printed them, or what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const { code, line } = endOf(error);
    complain(line);
    return code;
  }
}
