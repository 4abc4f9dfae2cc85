import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** What is being asked or answered when the node is to end has this long. Acts are durable before they are answered. */
const GRACE_MS = 2000;

/** Lets nobody hold up a node that is to end. Browsers keep connections open on which they have asked nothing yet; to the HTTP server those
 *  are not idle, and it would wait for them without end. */
export function closeInTime(api: Pick<FastifyInstance, "server" | "addHook">): void {
  const silent = new Set<Socket>();
  api.server.on("connection", (socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  api.addHook("onRequest", async ({ raw }) => {
    silent.delete(raw.socket);
  });
  api.addHook("preClose", async () => {
    for (const socket of silent) socket.destroy();
    setTimeout(() => api.server.closeAllConnections(), GRACE_MS).unref();
  });
}
