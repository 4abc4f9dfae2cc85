import { afterEach, beforeEach, expect, test } from "vitest";
import { type Api, apiOf } from "../../src/http/api.ts";
import { prepareSaid } from "@openline/core";
import { Changes } from "../../src/watch/changes.ts";
import { servedHere } from "./served-here.ts";
import { Line, message } from "../node/line.ts";

/** A real listener and real streams; north's node tells what it sees. */
let line: Line;
let api: Api;
let url: string;
let open: Stream[];

beforeEach(async () => {
  const changes = new Changes();
  line = await Line.open({ node: { changed: changes.tell } });
  await line.connect();
  await line.settle();
  await line.assign();
  await line.settle();
  const { node } = line.players[0]!;
  api = apiOf({ lines: [servedHere(node, { changes })] });
  url = `${await api.listen({ host: "127.0.0.1", port: 0 })}/api/v1/events`;
  open = [];
});
afterEach(async () => {
  for (const stream of open) await stream.close();
  await api.close();
});

interface Event {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads events as a browser does. */
class Stream {
  readonly #abort = new AbortController();
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #text = "";

  static async open(last?: string): Promise<Stream> {
    const stream = new Stream();
    const response = await fetch(url, { signal: stream.#abort.signal, headers: last === undefined ? {} : { "last-event-id": last } });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    stream.#reader = response.body!.getReader();
    open.push(stream);
    return stream;
  }

  /** The next event that is not the clock. */
  async next(): Promise<Event> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
        const event = field("event");
        if (event === undefined || event === "now") continue;
        return { id: field("id"), event, data: JSON.parse(field("data")!) as Event["data"] };
      }
      const { value, done } = await this.#reader!.read();
      if (done) throw new Error("the stream has ended");
      this.#text += Buffer.from(value).toString();
    }
  }

  async entry(kind: string): Promise<Event> {
    for (;;) {
      const event = await this.next();
      if (event.event === "entry" && event.data["kind"] === kind) return event;
    }
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#reader?.closed.catch(() => undefined);
  }
}

async function say(position: number): Promise<string> {
  const placed = await line.submit(position, { precedence: "FLASH" });
  if (!placed.ok) throw new Error(placed.refusal.code);
  return placed.value.leaf;
}

test("an own act and one of the peer are told when they are durable here, to every client in one order", async () => {
  const streams = [await Stream.open(), await Stream.open()];
  for (const stream of streams) expect((await stream.next()).event).toBe("ready");
  const own = await say(0);
  const first = await Promise.all(streams.map((stream) => stream.entry("message")));
  expect(first.map(({ data }) => [data["leaf"], data["log"], data["precedence"], data["channel"]])).toEqual(
    Array.from({ length: 2 }, () => [own, "north", "FLASH", "main"]),
  );
  const theirs = await say(1);
  await line.settle();
  const second = await Promise.all(streams.map((stream) => stream.entry("message")));
  expect(second.map(({ data }) => [data["leaf"], data["log"]])).toEqual(Array.from({ length: 2 }, () => [theirs, "south"]));
  expect(second[0]?.id).toBe(second[1]?.id);
});

test("what was done with a draft is told", async () => {
  const { suite, accord, party } = line.node(0).options;
  const by = { suite, random: line.chance.bytes, line: accord.line, party: party.key, now: line.now, logTime: 0 };
  const { payload } = prepareSaid(by, message());
  const stream = await Stream.open();
  expect((await stream.next()).event).toBe("ready");
  const body = JSON.stringify({ payload: Buffer.from(payload).toString("base64url") });
  const drafts = url.replace("events", "lines/north/drafts");
  const made = await fetch(drafts, { method: "POST", body, headers: { "content-type": "application/json" } });
  expect(made.status).toBe(201);
  const { event, data } = await stream.next();
  expect([event, data]).toEqual(["draft", { line: accord.line, draft: 1, state: "writing", version: 1 }]);
});

test("a client that comes back goes on after its last event and misses none", async () => {
  const stream = await Stream.open();
  await say(0);
  const { id } = await stream.entry("message");
  await stream.close();
  const missed = [await say(0), await say(0)];
  const again = await Stream.open(id);
  expect((await again.next()).event).toBe("ready");
  expect([(await again.entry("message")).data["leaf"], (await again.entry("message")).data["leaf"]]).toEqual(missed);
});

test.each(["000000000000-1", "nonsense", `${"f".repeat(12)}-999`])(
  "a client with an id of another start is told to ask for everything: %s",
  async (id) => {
    const stream = await Stream.open(id);
    const { event, id: now } = await stream.next();
    expect(event).toBe("reset");
    const leaf = await say(0);
    expect((await stream.entry("message")).data["leaf"]).toBe(leaf);
    expect(now).toMatch(/^[0-9a-f]{12}-[0-9]+$/);
  },
);

test("a 65th stream is refused, and closing the API ends those that are open", async () => {
  const streams = [];
  for (let i = 0; i < 64; i++) streams.push(await Stream.open());
  const more = await fetch(url);
  expect([more.status, await more.json()]).toMatchObject([429, { code: "too-many" }]);
  await api.close();
  await expect(
    (async () => {
      for (;;) await streams[0]!.next();
    })(),
  ).rejects.toThrow();
});
