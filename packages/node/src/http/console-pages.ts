import { readFile, readdir } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyReply } from "fastify";
import type { Api } from "./api.ts";

/** A file of the console, as it is sent. */
interface Page {
  readonly type: string;
  readonly bytes: Buffer;
  /** Saved under this name and never opened here: our policy is not its policy. */
  readonly savedAs?: string;
}

/** The console's own files by path, all read at start: what is sent is what was there then, and no request names a file. */
export type Pages = ReadonlyMap<string, Page>;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/** Screens of the console: the same page, which reads its address itself. */
const SCREEN = /^\/(?:sign-in|send|history|[cdm]\/[^/]{1,96})?$/;

/** The built console. Empty where it has not been built; the API works without it. */
export async function consolePages(): Promise<Pages> {
  const index = fileURLToPath(import.meta.resolve("@openline/console/index.html"));
  const root = join(index, "..");
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const pages = found
    .filter((item) => item.isFile() && extname(item.name) in TYPES)
    .map(async (item) => {
      const file = join(item.parentPath, item.name);
      const path = `/${relative(root, file).split(sep).join("/")}`;
      return [path, { type: TYPES[extname(file)] ?? "", bytes: await readFile(file) }] as const;
    });
  const verifier = await readFile(fileURLToPath(import.meta.resolve("@openline/verify/verifier.html"))).catch(() => undefined);
  const read = await Promise.all(pages);
  if (verifier === undefined) return new Map<string, Page>(read);
  return new Map<string, Page>([...read, [`/${VERIFIER}`, { type: TYPES[".html"] ?? "", bytes: verifier, savedAs: VERIFIER }]]);
}

/** The page that checks evidence from disk, to be handed on with it. */
const VERIFIER = "openline-verifier.html";

/** Whether a path is one of the console's own, which say nothing of any line: they are given to whoever asks for them here. */
export const isPage = (pages: Pages, path: string): boolean => pageOf(pages, path) !== undefined;

/** Serves the console's files and, at the address of every screen, its one page. */
export function pageRoutes(api: Api, pages: Pages): void {
  api.get("/*", { schema: { hide: true } }, async (request, reply) => send(reply, pageOf(pages, request.url.split("?", 1)[0] ?? "")));
}

function pageOf(pages: Pages, path: string): Page | undefined {
  return SCREEN.test(path) ? pages.get("/index.html") : pages.get(path);
}

function send(reply: FastifyReply, page: Page | undefined): FastifyReply {
  if (page === undefined) return reply.status(404).send({ code: "not-found", detail: "no such route" });
  if (page.savedAs !== undefined) void reply.header("content-disposition", `attachment; filename="${page.savedAs}"`);
  return reply.type(page.type).send(page.bytes);
}
