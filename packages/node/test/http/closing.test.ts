import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { apiOf } from "../../src/http/api.ts";
import { Line } from "../node/line.ts";
import { servedHere } from "./served-here.ts";

/** A connection on which so much has been sent; it never asks for more and never ends by itself. */
function connected(port: number, sent: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => {
      socket.write(sent, () => resolve(socket));
    });
    socket.on("error", () => undefined);
    socket.resume();
  });
}

test.each([
  ["nothing has been asked", ""],
  ["a request has begun", "GET /livez HTTP/1.1\r\nHost:"],
  ["a body never comes", "POST /api/v1/lines/x/acts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"],
])(
  "a node that is to end is not held up by a connection on which %s",
  async (_, sent) => {
    const line = await Line.open();
    const api = apiOf({ lines: [servedHere(line.players[0]!.node)] });
    await api.listen({ host: "127.0.0.1", port: 0 });
    const { port } = api.server.address() as { port: number };
    const asked = sent.startsWith("POST") ? new Promise<void>((resolve) => api.server.once("request", () => resolve())) : undefined;
    const socket = await connected(port, sent);
    await asked;
    await api.close();
    socket.destroy();
    expect(api.server.listening).toBe(false);
  },
  5000,
);
