/** The process of `log-file.ts`. Started with the path of the file and the bytes that its disk must have left; each message is a text to append, and is answered by null once that
 *  is on disk, or by why it could not be. Nothing to append asks whether something could be. */
import { appendFileSync, closeSync, fstatSync, fsyncSync, openSync, statfsSync } from "node:fs";

const [path = "", freeBytesMin = ""] = process.argv.slice(2);

function append(text: string): void {
  const file = openSync(path, "a", 0o600);
  try {
    // Of nothing else can be said that it is on disk.
    if (!fstatSync(file).isFile()) throw new Error("it is no file on a disk");
    if (text === "") return mustHaveRoom();
    appendFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function mustHaveRoom(): void {
  const { bavail, bsize } = statfsSync(path);
  if (bavail * bsize < Number(freeBytesMin)) throw new Error(`its disk has less than ${freeBytesMin} bytes left`);
}

process.on("message", (text: string) => {
  try {
    append(text);
    process.send?.(null);
  } catch (error) {
    process.send?.(error instanceof Error ? error.message : String(error));
  }
});
