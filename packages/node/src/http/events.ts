import { Problem } from "@openline/api";
import { formatTime, secondsOf } from "@openline/core";
import type { FastifyReply } from "fastify";
import { systemClock } from "../service/clock.ts";
import { Events, type Told } from "../watch/events.ts";
import type { Api } from "./api.ts";
import type { Served } from "./served.ts";

/** Streams open at once: consoles of one watch, many times over. */
const CLIENTS_MAX = 64;
/** A client that has not taken this much is cut off; it comes back and goes on by its last id. Bytes. */
const WAITING_MAX = 262_144;
/** A console must know within 5 s that it has lost its node. */
const NOW_MS = 2000;

const HEADERS = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };

/** What has changed, as it changes. */
export function eventRoutes(api: Api, served: Served): void {
  const events = new Events(served);
  const open = new Set<() => void>();
  // Streams never end by themselves: whoever ends this process ends them first.
  api.addHook("preClose", async () => {
    events.close();
    for (const end of open) end();
  });
  const schema = {
    operationId: "events",
    summary: "what has changed, as server-sent events; resume by Last-Event-ID",
    tags: ["node"],
    response: {
      200: { description: "a stream without end", content: { "text/event-stream": { schema: {} } } },
      "4xx": Problem,
    },
  };
  api.get("/api/v1/events", { schema }, (request, reply) => {
    if (events.clients >= CLIENTS_MAX) return reply.status(429).send({ code: "too-many", detail: `${CLIENTS_MAX} streams are open` });
    const last = request.headers["last-event-id"];
    const at = (): string => formatTime(secondsOf((served.lines[0]?.node.options.world.clock ?? systemClock).now()));
    const end = stream(reply, { events, last: typeof last === "string" ? last : undefined, at });
    open.add(end);
    reply.raw.on("close", () => open.delete(end));
    return undefined;
  });
}

function stream(
  reply: FastifyReply,
  { events, last, at }: { readonly events: Events; readonly last: string | undefined; readonly at: () => string },
): () => void {
  reply.hijack();
  const { raw } = reply;
  const write = (event: string, data: unknown, id?: string): void => {
    if (raw.writableLength > WAITING_MAX) raw.destroy();
    else raw.write(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const tell = ({ id, event: { event, data } }: Told): void => write(event, data, id);
  raw.writeHead(200, HEADERS);
  raw.write("retry: 1000\n\n");
  const missed = last === undefined ? [] : events.after(last);
  write(missed === undefined ? "reset" : "ready", { at: at() }, missed === undefined || last === undefined ? events.now : last);
  for (const told of missed ?? []) tell(told);
  const leave = events.join(tell);
  const timer = setInterval(() => write("now", { at: at() }), NOW_MS);
  raw.on("close", () => {
    clearInterval(timer);
    leave();
  });
  return () => raw.end();
}
