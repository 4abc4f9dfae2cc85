import { randomBytes } from "node:crypto";
import type { NodeEvent } from "@openline/api";
import type { Served } from "../http/served.ts";
import { LineEvents } from "./line-events.ts";

/** Events kept for clients that come back. A client that was away for longer is told so and asks for everything. */
const KEPT_MAX = 1024;
/** Bearers and states may change without any entry. */
const LOOK_MS = 1000;

/** An event as it is told: `id` is where a client goes on. */
export interface Told {
  readonly id: string;
  readonly event: NodeEvent;
}

/** What has happened on all lines of this node since it started, the latest kept, in one order for all clients. */
export class Events {
  readonly #lines: readonly LineEvents[];
  /** Tells this start's events from those of another. */
  readonly #epoch: string = randomBytes(6).toString("hex");
  readonly #kept: Told[] = [];
  readonly #clients: Set<(told: Told) => void> = new Set();
  readonly #unwatch: readonly (() => void)[];
  readonly #timer: NodeJS.Timeout;
  #count = 0;
  #looking = false;
  #again = false;

  constructor({ lines }: Served) {
    this.#lines = lines.map((line) => new LineEvents(line, () => this.#look()));
    this.#unwatch = lines.map((line) => line.changes.watch(() => this.#look()));
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Where the stream stands: what follows this id has not happened yet. */
  get now(): string {
    return `${this.#epoch}-${this.#count}`;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** What followed this id; undefined where that is no longer known. */
  after(id: string): readonly Told[] | undefined {
    const match = /^([0-9a-f]{12})-([0-9]{1,15})$/.exec(id);
    const count = Number(match?.[2]);
    if (match?.[1] !== this.#epoch || count > this.#count || count < this.#count - this.#kept.length) return undefined;
    return this.#kept.slice(this.#kept.length - (this.#count - count));
  }

  /** Returns how to leave. */
  join(client: (told: Told) => void): () => void {
    this.#clients.add(client);
    return () => void this.#clients.delete(client);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const line of this.#lines) line.close();
    for (const unwatch of this.#unwatch) unwatch();
  }

  /** One look at a time; what changes meanwhile is looked at afterwards. */
  #look(): void {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    void this.#all().finally(() => {
      this.#looking = false;
    });
  }

  async #all(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      for (const line of this.#lines) {
        // A store that has failed says nothing more; the node says so itself.
        const events = await line.since().catch(() => []);
        for (const event of events) this.#tell(event);
      }
    }
  }

  #tell(event: NodeEvent): void {
    this.#count++;
    const told = { id: this.now, event };
    this.#kept.push(told);
    if (this.#kept.length > KEPT_MAX) this.#kept.shift();
    for (const client of this.#clients) client(told);
  }
}
