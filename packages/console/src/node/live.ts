import {
  ApiProblem,
  type Bearers,
  type Debts,
  type DraftSummary,
  type LineSummary,
  NodeClient,
  type Session,
  type States,
  type UnsentEvent,
  codeOf,
} from "@openline/api";
import { parseTime } from "@openline/core";
import { keepTelephones } from "./telephones.ts";
import { keepHeard } from "./last-heard.ts";
import { type SignedIn, whoIsIn } from "./session.ts";
import { type Told, listen } from "./stream.ts";
import { transportOf } from "./transport.ts";

/** Everything a screen shows of the node, as one value that is replaced when something has changed. */
export interface Shown {
  /** `lost`: the node is not reached, and what was fetched says nothing of now. */
  readonly link: "loading" | "live" | "lost";
  /** When the node was last heard, by its own clock, POSIX seconds; undefined: never. */
  readonly heard: number | undefined;
  readonly problem: { readonly code: string } | undefined;
  readonly line: LineSummary | undefined;
  readonly states: States | undefined;
  readonly debts: Debts | undefined;
  readonly bearers: Bearers | undefined;
  /** Drafts that wait for a person of this party, and those that are on their way. */
  readonly waiting: readonly DraftSummary[];
  /** Another window of this browser has signed in for this post: this one speaks for nobody until a person here goes on for it. */
  readonly other: Session | undefined;
  /** Rises with each change of the record, so that what shows entries asks again. */
  readonly turn: number;
}

/** The stream carries the node's clock every 2 s; without it for this long the node is lost. The console says so within 5 s. */
const SILENT_MS = 4000;
const LOOK_MS = 500;

const NOTHING: Shown = {
  link: "loading",
  heard: undefined,
  problem: undefined,
  line: undefined,
  states: undefined,
  debts: undefined,
  bearers: undefined,
  waiting: [],
  other: undefined,
  turn: 0,
};

/** What this console knows of its node. An event is a reason to ask again; what is shown is always an answer. */
export class Live {
  readonly client: NodeClient;
  #session: Session;
  #shown: Shown = NOTHING;
  readonly #watchers: Set<() => void> = new Set();
  readonly #unsentWatchers: Set<(told: UnsentEvent | undefined) => void> = new Set();
  readonly #changed: (found: SignedIn) => void;
  #leave: (() => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heardMs = 0;
  /** The node's clock less this machine's, milliseconds: an exercise has a clock of its own. */
  #aheadMs = 0;
  #asking = false;
  #again = false;

  /** `changed`: nobody is signed in here any more, or a person here goes on for another post. */
  constructor(session: Session, changed: (found: SignedIn) => void) {
    this.#session = session;
    this.#changed = changed;
    this.client = new NodeClient(
      transportOf(
        () => this.#session.token,
        () => this.#askWho(),
      ),
    );
  }

  /** Who is signed in. The post is the same for as long as this lives. */
  get session(): Session {
    return this.#session;
  }

  get shown(): Shown {
    return this.#shown;
  }

  /** The node's clock now, POSIX seconds, as far as this console knows it. */
  now(): number {
    return Math.floor((Date.now() + this.#aheadMs) / 1000);
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  /** Tells what of this post's unsent texts the node has kept, here or at another console; undefined: something may have been missed. */
  readonly watchUnsent = (watcher: (told: UnsentEvent | undefined) => void): (() => void) => {
    this.#unsentWatchers.add(watcher);
    return () => void this.#unsentWatchers.delete(watcher);
  };

  start(): void {
    this.#heardMs = performance.now();
    const hear = (event: Told, data: string): void => {
      if (event === "ready" || event === "reset" || event === "now") this.#hear(event, data);
      else if (event === "unsent") this.#hearUnsent(parseUnsent(data));
      else this.#ask();
    };
    this.#leave = listen({ hear, closed: () => void this.#askWho(), came: () => void this.#askWho() });
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    // What waits here is readable before the stream has begun; with its beginning everything is asked once more.
    this.#ask();
  }

  stop(): void {
    this.#leave?.();
    this.#leave = undefined;
    clearInterval(this.#timer);
  }

  /** This window goes on for the post that another window has signed in for. */
  goOn(): void {
    if (this.#shown.other !== undefined) this.#changed({ session: this.#shown.other });
  }

  /** Asks who is signed in in this browser now, since its windows share that. The same post goes on here under its new session; another
   *  post never takes this window's place by itself, since somebody may be typing. */
  async #askWho(): Promise<void> {
    const found = await whoIsIn().catch(() => undefined);
    if (found === undefined || this.#leave === undefined) return;
    // A node that is ending refuses everybody, and says nothing of who is signed in.
    if ("code" in found) {
      if (found.code === "not-signed-in") this.#changed(found);
      return;
    }
    const isOther = found.session.post !== this.#session.post;
    if (isOther !== (this.#shown.other !== undefined)) this.#show({ other: isOther ? found.session : undefined });
    if (!isOther) this.#session = found.session;
  }

  #hear(event: "ready" | "reset" | "now", data: string): void {
    const at = timeOf(data);
    if (at === undefined) return;
    this.#keepTime(at);
    if (event !== "now" || this.#shown.link !== "live") this.#ask();
    if (event !== "now") this.#hearUnsent(undefined);
  }

  #keepTime(at: number): void {
    this.#heardMs = performance.now();
    this.#aheadMs = at * 1000 - Date.now();
    keepHeard(at);
    this.#show({ heard: at });
  }

  #hearUnsent(told: UnsentEvent | undefined): void {
    if (told === undefined || told.post === this.session.post) for (const watcher of this.#unsentWatchers) watcher(told);
  }

  #look(): void {
    if (performance.now() - this.#heardMs < SILENT_MS || this.#shown.link === "lost") return;
    this.#show({ link: "lost" });
  }

  /** One question at a time; what changes meanwhile is asked for afterwards. */
  #ask(): void {
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    void this.#all().finally(() => {
      this.#asking = false;
    });
  }

  async #all(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        const line = this.#shown.line ?? (await this.client.allLines())[0];
        if (line === undefined) throw new ApiProblem(404, { code: "not-found", detail: "this node serves no line" });
        const { client } = this;
        const [states, debts, bearers, drafts] = await Promise.all([
          client.states(line.line),
          client.allDebts(line.line),
          client.allBearers(line.line),
          client.allDrafts(line.line),
        ]);
        const waiting = drafts.filter(({ state }) => state === "waiting" || state === "leaving" || state === "released");
        const anew = this.#shown.link !== "live";
        if (this.#shown.heard === undefined) this.#keepTime(parseTime(states.at));
        this.#show({ link: "live", problem: undefined, line, states, debts, bearers, waiting, turn: this.#shown.turn + 1 });
        if (anew) keepTelephones((await client.telephones(line.line)).telephones);
      } catch (error) {
        this.#show({ problem: { code: codeOf(error) } });
      }
    }
  }

  #show(part: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...part };
    for (const watcher of this.#watchers) watcher();
  }
}

/** The node checked it against the schema when it wrote it. */
const parseUnsent = (data: string): UnsentEvent => JSON.parse(data) as UnsentEvent;

function timeOf(data: string): number | undefined {
  const told: unknown = JSON.parse(data);
  const at = typeof told === "object" && told !== null && "at" in told ? told.at : undefined;
  return typeof at === "string" ? parseTime(at) : undefined;
}
