import { EXIT } from "./exit.ts";
import { runOpenline } from "./program.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone away, as `head` does.
  if (error.code === "EPIPE") process.exit(process.exitCode ?? EXIT.done);
  throw error;
});

process.exitCode = await runOpenline(process.argv);
