import { type Files, type PackReport, type VerifyReport, nobleSuite, verifyPack, verifyRecord } from "@openline/verify";
import type { ScriptAddresses } from "./own-script.ts";

export type ToCheck = { readonly is: "pack"; readonly bytes: Uint8Array } | { readonly is: "record"; readonly files: Files };
export type CheckedFile =
  | { readonly is: "pack"; readonly report: PackReport }
  | { readonly is: "record"; readonly report: VerifyReport }
  | { readonly is: "stopped" };

/** Checks on a thread of its own, so that the page stays usable over a long record. */
export function checkAside(own: ScriptAddresses, toCheck: ToCheck): Promise<CheckedFile> {
  const worker = new Worker(own.address());
  return new Promise<CheckedFile>((resolve) => {
    worker.addEventListener("message", ({ data }: MessageEvent<CheckedFile>) => resolve(data));
    worker.addEventListener("error", () => resolve({ is: "stopped" }));
    worker.postMessage(toCheck);
  }).finally(() => worker.terminate());
}

/** What the thread does. */
export function answerChecks(): void {
  globalThis.addEventListener("message", ({ data }: MessageEvent<ToCheck>) => globalThis.postMessage(check(data)));
}

function check(toCheck: ToCheck): CheckedFile {
  return toCheck.is === "pack"
    ? { is: "pack", report: verifyPack(nobleSuite, toCheck.bytes) }
    : { is: "record", report: verifyRecord(nobleSuite, toCheck.files) };
}
