import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { OpenlineError } from "@openline/core";

const BYTES_MAX = 4096;

/** A secret that the operating system keeps for a service: a file named `name` in the folder that systemd makes for the service
 *  (`LoadCredentialEncrypted=`, `$CREDENTIALS_DIRECTORY`), or the file at a path that has a `/` in it.
 *  Throws `OpenlineError`: `locked`, `exposed`. Source: docs/operating/keys.md. */
export async function credentialOf(name: string): Promise<Uint8Array> {
  const folder = process.env["CREDENTIALS_DIRECTORY"];
  if (!name.includes("/") && folder === undefined)
    throw new OpenlineError(
      "locked",
      `credential ${name}: the operating system gave none ($CREDENTIALS_DIRECTORY is not set); a path has a / in it, such as ./${name}`,
    );
  const path = name.includes("/") ? name : join(folder ?? "", name);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size > BYTES_MAX)
    throw new OpenlineError("locked", `credential ${path} cannot be read`);
  if ((found.mode & 0o077) !== 0) throw new OpenlineError("exposed", `credential ${path} may be read by others`);
  return new Uint8Array(await readFile(path));
}
