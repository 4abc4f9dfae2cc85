import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lookup } from "mrmime";
import { formatTime } from "@openline/core";
import { EXIT, Ended } from "../exit.ts";
import type { Machine } from "./machine.ts";
import { sentenceOf } from "./sentence.ts";
import { signInLink } from "./sign-in.ts";

/** The start page and what it may ask. Whoever has its key may sign in as anybody here and stop any node, so it stands after the `#`
 *  of the address that is printed, and travels in a header that no page of another site can set.
 *  Source: docs/decisions/0013-the-start-page.md. */

export interface StartPage {
  readonly url: string;
  close(): Promise<void>;
}

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
const KEY_HEADER = "x-openline-start";

export async function listenForStart(machine: Machine, port: number): Promise<StartPage> {
  const key = randomBytes(32).toString("base64url");
  const files = await builtPage();
  const host = `localhost:${port}`;
  const server = createServer((request, response) => {
    void answer(request, { machine, files, host, key })
      .catch((error: unknown) => problem(500, sentenceOf(error)))
      .then((said) => send(response, said));
  });
  await listening(server, port);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${host}/#${key}`, close };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}
interface Place {
  readonly machine: Machine;
  readonly files: ReadonlyMap<string, Answer>;
  readonly host: string;
  readonly key: string;
}

const json = (status: number, value: unknown): Answer => ({ status, type: "application/json", body: JSON.stringify(value) });
const problem = (status: number, detail: string): Answer => json(status, { detail });

async function answer({ method, url, headers }: IncomingMessage, { machine, files, host, key }: Place): Promise<Answer> {
  // Another name that leads here is another site's (DNS rebinding).
  if (headers.host !== host) return problem(403, "this page has another name");
  const [path = "/"] = (url ?? "/").split("?", 1);
  const file = files.get(path === "/" ? "/index.html" : path);
  if (file !== undefined && method === "GET") return file;
  const held = headers[KEY_HEADER];
  if (typeof held !== "string" || !sameKey(held, key))
    return problem(403, "this address is not the one that openline start printed; open that one");
  if (method === "GET" && path === "/shown") return json(200, await machine.shown());
  if (method === "POST" && path === "/play-on") {
    await machine.playOn();
    return json(200, { at: formatTime(machine.exercise.at) });
  }
  const [, what, party = "", post = ""] = path.split("/");
  const station = machine.stationOf(party);
  if (method !== "POST" || station === undefined) return problem(404, "no such thing here");
  if (what === "stop" || what === "start") {
    if (machine.isHeld(station)) return problem(409, "the exercise is being played on");
    await station.node[what]();
    return json(200, { running: station.node.running });
  }
  if (what !== "sign-in") return problem(404, "no such thing here");
  const link = await signInLink(station.party, post);
  return link === undefined ? problem(404, `${station.party.id} has no post of that name`) : json(201, { url: link });
}

function sameKey(held: string, key: string): boolean {
  const [a, b] = [Buffer.from(held), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { ...HEADERS, "content-type": type }).end(body);
}

/** The built page, read at start: no request names a file. */
async function builtPage(): Promise<ReadonlyMap<string, Answer>> {
  const root = join(fileURLToPath(import.meta.resolve("@openline/console/start.html")), "..");
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = found
    .filter((item) => item.isFile() && extname(item.name) !== ".map")
    .map(async ({ parentPath, name }) => {
      const file = join(parentPath, name);
      const type = `${lookup(name) ?? "application/octet-stream"}; charset=utf-8`;
      return [file.slice(root.length).replaceAll("\\", "/"), { status: 200, type, body: await readFile(file) }] as const;
    });
  const pages = new Map(await Promise.all(files));
  const index = pages.get("/start.html");
  if (index === undefined) throw new Ended(EXIT.unavailable, "the start page has not been built: npm run build");
  return pages.set("/index.html", index);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", () => reject(new Ended(EXIT.unavailable, `port ${port} is taken on this machine; choose another --port`)));
    server.listen({ host: "127.0.0.1", port }, () => resolve());
  });
}
