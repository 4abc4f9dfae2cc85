import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Transport } from "@openline/api";
import type { Api } from "./api.ts";

/** Names the socket on which the running node of a folder answers. */
const CONTROL = "control";
/** Bytes of a socket's path that every system takes. */
const PATH_BYTES_MAX = 100;

/** Lets the people of a node talk to it: a socket that only the account of the node can open, in the folder itself, or where
 *  its path would be too long in a new folder for temporary files. Returns how to end it. */
export async function listenOnControl(api: Api, dir: string): Promise<() => Promise<void>> {
  const inside = join(dir, "control.sock");
  const path = Buffer.byteLength(inside) <= PATH_BYTES_MAX ? inside : join(await mkdtemp(join(tmpdir(), "openline-")), "control.sock");
  // What a killed process left is no longer anybody's: the store's lock says that this process is the only one.
  await rm(path, { force: true });
  const before = process.umask(0o177);
  try {
    await api.listen({ path });
  } finally {
    process.umask(before);
  }
  const close = async (): Promise<void> => {
    await api.close();
    if (path !== inside) await rm(dirname(path), { recursive: true, force: true });
  };
  try {
    await writeFile(join(dir, CONTROL), `${path}\n`, { mode: 0o600 });
  } catch (error) {
    await close();
    throw error;
  }
  return async () => {
    await rm(join(dir, CONTROL), { force: true });
    await close();
  };
}

/** Reaches the node that runs in a folder, until `signal` ends what is being asked. Undefined where none has said that it runs. */
export async function controlOf(dir: string, signal?: AbortSignal): Promise<Transport | undefined> {
  const path = await readFile(join(dir, CONTROL), "utf8").catch(() => undefined);
  return path === undefined ? undefined : (asked) => ask({ socketPath: path.trim(), ...(signal === undefined ? {} : { signal }) }, asked);
}

function ask(
  place: { readonly socketPath: string; readonly signal?: AbortSignal },
  { method, path, body }: Parameters<Transport>[0],
): ReturnType<Transport> {
  return new Promise((resolve, reject) => {
    const type = typeof body === "string" ? "application/json" : "application/octet-stream";
    const headers = body === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) };
    const sent = request({ ...place, method, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
