import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { fromHex, toHex } from "@openline/core";
import { Turns } from "../turns.ts";
import { type KeptSession, SESSIONS_MAX, type SessionPlace } from "./session-file.ts";

/** A link that is not used by then is worth nothing. */
const LINK_MS = 600_000;
/** A session ends with the shift at the latest. */
const SESSION_MS = 43_200_000;
const LINKS_MAX = 64;
const SECRET_BYTES = 32;

/** A person who has signed in, as the node knows them. */
export interface SignedIn {
  readonly post: string;
  /** Milliseconds of the machine's clock. */
  readonly until: number;
}

/** Links and sessions, under the hashes of their secrets: what it has in memory or on the disk signs nobody in. Links end with the process;
 *  sessions go on in the next one once they are kept in a place. The clock is the machine's, which goes on while no node runs: an
 *  exercise's begins where somebody says and tells nothing of shifts. */
export class SignInDesk {
  readonly #now: () => number;
  readonly #links: Map<string, SignedIn> = new Map();
  readonly #sessions: Map<string, SignedIn> = new Map();
  readonly #turns: Turns = new Turns();
  #kept: { readonly place: SessionPlace; readonly told: (line: string) => void } | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Those who are kept there are signed in again, and from here on everybody is kept. What cannot be read lets nobody in and stops nothing. */
  async keepIn(place: SessionPlace, told: (line: string) => void): Promise<void> {
    this.#kept = { place, told };
    const found = await place.load().catch((error: unknown) => {
      told(`every console must sign in anew: ${messageOf(error)}`);
      return [];
    });
    const now = this.#now();
    // A clock that was put back meanwhile gives nobody a longer shift.
    const going = found.filter(({ until }) => until > now).map((each) => ({ ...each, until: Math.min(each.until, now + SESSION_MS) }));
    for (const { hash, post, until } of going) this.#sessions.set(toHex(hash), { post, until });
    if (going.length < found.length || going.some(({ until }, i) => until !== found[i]?.until)) await this.#keep();
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
  async signIn(secret: string): Promise<(SignedIn & { readonly cookie: string; readonly token: string }) | undefined> {
    this.#forget();
    const link = this.#links.get(hashOf(secret));
    if (link === undefined || this.#sessions.size >= SESSIONS_MAX) return undefined;
    this.#links.delete(hashOf(secret));
    const cookie = newSecret();
    const signedIn = { post: link.post, until: this.#now() + SESSION_MS };
    this.#sessions.set(hashOf(cookie), signedIn);
    await this.#keep();
    return { ...signedIn, cookie, token: tokenOf(cookie) };
  }

  session(cookie: string): SignedIn | undefined {
    this.#forget();
    return this.#sessions.get(hashOf(cookie));
  }

  /** The token of a session: a page of this console can have it, a request made by another page cannot. */
  isToken(cookie: string, token: string): boolean {
    const expected = Buffer.from(tokenOf(cookie));
    const given = Buffer.from(token);
    return this.session(cookie) !== undefined && given.length === expected.length && timingSafeEqual(given, expected);
  }

  async signOut(cookie: string): Promise<void> {
    if (this.#sessions.delete(hashOf(cookie))) await this.#keep();
  }

  /** Nobody waits for a better disk: who signs in does so for this process at least. */
  async #keep(): Promise<void> {
    const { place, told } = this.#kept ?? {};
    if (place === undefined) return;
    const all = (): readonly KeptSession[] => [...this.#sessions].map(([hash, session]) => ({ hash: fromHex(hash), ...session }));
    await this.#turns
      .take(() => place.keep(all()))
      .catch((error: unknown) => told?.(`consoles stay signed in only until this node ends: ${messageOf(error)}`));
  }

  #forget(): void {
    const now = this.#now();
    for (const kept of [this.#links, this.#sessions]) for (const [hash, { until }] of kept) if (until <= now) kept.delete(hash);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const newSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");
const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** Follows from the cookie, so that a reload and a node started again have it; the cookie does not follow from it. */
export const tokenOf = (cookie: string): string => createHash("sha256").update(`openline token ${cookie}`).digest("base64url");
