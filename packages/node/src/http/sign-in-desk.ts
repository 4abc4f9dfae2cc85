import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A link that is not used by then is worth nothing. */
const LINK_MS = 600_000;
/** A session ends with the shift at the latest. */
const SESSION_MS = 43_200_000;
const LINKS_MAX = 64;
const SESSIONS_MAX = 256;
const SECRET_BYTES = 32;

/** A person who has signed in, as the node knows them. */
export interface SignedIn {
  readonly post: string;
  /** Milliseconds of the machine's clock. */
  readonly until: number;
}

interface Kept extends SignedIn {
  readonly token: Buffer;
}

/** Links and sessions of one process, under the hashes of their secrets: what it has in memory signs nobody in. They end with
 *  the process. The clock is the machine's: an exercise's clock says nothing of shifts. */
export class SignInDesk {
  readonly #now: () => number;
  readonly #links: Map<string, SignedIn> = new Map();
  readonly #sessions: Map<string, Kept> = new Map();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A secret that opens one session. Undefined where too many wait. */
  link(post: string): { readonly secret: string; readonly until: number } | undefined {
    this.#forget();
    if (this.#links.size >= LINKS_MAX) return undefined;
    const secret = newSecret();
    const until = this.#now() + LINK_MS;
    this.#links.set(hashOf(secret), { post, until });
    return { secret, until };
  }

  /** Once for each link. Undefined where it is none, was used or is too old, or too many are signed in. */
  signIn(secret: string): (SignedIn & { readonly cookie: string; readonly token: string }) | undefined {
    this.#forget();
    const link = this.#links.get(hashOf(secret));
    if (link === undefined || this.#sessions.size >= SESSIONS_MAX) return undefined;
    this.#links.delete(hashOf(secret));
    const cookie = newSecret();
    const signedIn = { post: link.post, until: this.#now() + SESSION_MS };
    this.#sessions.set(hashOf(cookie), { ...signedIn, token: Buffer.from(tokenOf(cookie)) });
    return { ...signedIn, cookie, token: tokenOf(cookie) };
  }

  session(cookie: string): SignedIn | undefined {
    this.#forget();
    return this.#sessions.get(hashOf(cookie));
  }

  /** The token of a session: a page of this console can have it, a request made by another page cannot. */
  isToken(cookie: string, token: string): boolean {
    const expected = this.#sessions.get(hashOf(cookie))?.token;
    const given = Buffer.from(token);
    return expected !== undefined && given.length === expected.length && timingSafeEqual(given, expected);
  }

  signOut(cookie: string): void {
    this.#sessions.delete(hashOf(cookie));
  }

  #forget(): void {
    const now = this.#now();
    for (const kept of [this.#links, this.#sessions]) for (const [hash, { until }] of kept) if (until <= now) kept.delete(hash);
  }
}

const newSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");
const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** Follows from the cookie, so that a reload has it again; the cookie does not follow from it. */
export const tokenOf = (cookie: string): string => createHash("sha256").update(`openline token ${cookie}`).digest("base64url");
