import { parentPort } from "node:worker_threads";
import { assert } from "@openline/core";
import { ed25519 } from "./ed25519.ts";
import { parseQuestions } from "./ed25519-questions.ts";

/** The thread of `ed25519-aside.ts`: verifies group after group, in the order they come. */
assert(parentPort !== null, "this file runs as a worker");
const port = parentPort;
port.on("message", (message: unknown) => {
  const good = parseQuestions(message).map(({ publicKey, message: signed, signature }) =>
    ed25519.verifyEd25519(publicKey, signed, signature),
  );
  // The rule means windows; a worker's port has no origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  port.postMessage(good);
});
