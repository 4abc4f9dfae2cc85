import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes a folder, and those above it that are missing; one that is there stays as it is. Rejects with the system's error, such as
 *  ENOENT, EACCES or ENOTDIR.
 *
 *  Level by level, since `mkdir` with `recursive` never returns where the system makes no folders and says ENOENT for it, as below
 *  `/proc`: Node takes that for a folder above which is missing, finds it there, and tries again without end (Node 24). */
export async function makeFolders(dir: string, options: { readonly mode?: number } = {}): Promise<void> {
  try {
    await makeOne(dir, options);
  } catch (error) {
    const above = dirname(dir);
    if (codeOf(error) !== "ENOENT" || above === dir) throw error;
    await makeFolders(above, options);
    await makeOne(dir, options);
  }
}

async function makeOne(dir: string, options: { readonly mode?: number }): Promise<void> {
  try {
    await mkdir(dir, options);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    // A link that leads nowhere is there too.
    if (!(await stat(dir)).isDirectory()) throw error;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
