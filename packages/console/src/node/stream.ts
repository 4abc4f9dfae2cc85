/** Whatever a node tells, and the moments at which a stream of it begins. */
export const TOLD = ["ready", "reset", "now", "entry", "state", "bearers", "draft", "unsent"] as const;
export type Told = (typeof TOLD)[number];

export interface Listener {
  hear(event: Told, data: string): void;
  /** The node has closed the stream and takes no other: nobody may be signed in any more. */
  closed(): void;
  /** Another window of this browser has come: somebody may have signed in there. */
  came(): void;
}

const NAME = "openline-events";
/** A stream that the node closed is asked for again after this long. */
const AGAIN_MS = 2000;

type Message = { readonly event: Told; readonly data: string } | { readonly hello: true } | { readonly closed: true };

/** Listens to the node by one connection for all windows of this browser: it opens six to one node, and one that waits for ever leaves none to
 *  ask or to send by. The window that holds the lock listens and tells the others; when it goes another one does. Returns how to stop. */
export function listen(listener: Listener): () => void {
  const others = new BroadcastChannel(NAME);
  const stopped = new AbortController();
  let leading: Leading | undefined;
  others.addEventListener("message", ({ data }) => {
    const message = parseMessage(data);
    if ("event" in message) listener.hear(message.event, message.data);
    else if ("closed" in message) listener.closed();
    else {
      leading?.greet();
      listener.came();
    }
  });
  const tell = (message: Message): void => {
    // A channel has no other origin than its page's: there is none to name.
    // eslint-disable-next-line unicorn/require-post-message-target-origin
    others.postMessage(message);
  };
  tell({ hello: true });
  const lead = (): Promise<void> =>
    new Promise((release) => {
      leading = new Leading(listener, tell);
      stopped.signal.addEventListener("abort", () => {
        leading?.stop();
        release();
      });
    });
  navigator.locks.request(NAME, { signal: stopped.signal }, lead).catch(() => undefined);
  return () => {
    stopped.abort();
    others.close();
  };
}

/** The one stream. */
class Leading {
  readonly #listener: Listener;
  readonly #tell: (message: Message) => void;
  #stream: EventSource;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: string | undefined;

  constructor(listener: Listener, tell: (message: Message) => void) {
    this.#listener = listener;
    this.#tell = tell;
    this.#stream = this.#open();
  }

  /** A window has come: what the node said last begins the stream there. It says its time every 2 s. */
  greet(): void {
    if (this.#last !== undefined && this.#stream.readyState === EventSource.OPEN) this.#tell({ event: "ready", data: this.#last });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stream.close();
  }

  #open(): EventSource {
    const stream = new EventSource("/api/v1/events");
    for (const event of TOLD)
      stream.addEventListener(event, ({ data }: MessageEvent<string>) => {
        if (event === "ready" || event === "reset" || event === "now") this.#last = data;
        this.#listener.hear(event, data);
        this.#tell({ event, data });
      });
    stream.addEventListener("error", () => {
      // While it is not closed the browser tries again by itself.
      if (stream.readyState !== EventSource.CLOSED) return;
      this.#listener.closed();
      this.#tell({ closed: true });
      this.#timer = setTimeout(() => (this.#stream = this.#open()), AGAIN_MS);
    });
    return stream;
  }
}

/** Windows of this console wrote it. */
const parseMessage = (data: unknown): Message => data as Message;
