import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { decode, encode, plain } from "@openline/core";
import { SessionFile } from "../../src/http/session-file.ts";
import { SignInDesk } from "../../src/http/sign-in-desk.ts";

const HOUR = 3_600_000;
let now: number;
let path: string;
let told: string[];

beforeEach(() => {
  const dir = mkdtempSync(join(tmpdir(), "openline-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  [now, path, told] = [Date.parse("2026-11-28T06:00:00Z"), join(dir, "console.sessions"), []];
});

/** The desk of a node that is started: it knows what lies in the folder and nothing else. */
async function opened(): Promise<SignInDesk> {
  const desk = new SignInDesk(() => now);
  await desk.keepIn(new SessionFile(path), (line) => told.push(line));
  return desk;
}
async function signedIn(desk: SignInDesk, post = "watch"): Promise<{ readonly cookie: string; readonly token: string }> {
  const made = await desk.signIn(desk.link(post)?.secret ?? "");
  if (made === undefined) throw new Error("nobody was signed in");
  return made;
}
const kept = (): number => (decode(new Uint8Array(readFileSync(path))) as unknown[]).length;
const write = (content: Uint8Array | string): void => writeFileSync(path, content, { mode: 0o600 });
const session = (byte: number, more: Record<string, unknown> = {}): unknown => ({
  hash: new Uint8Array(32).fill(byte),
  post: "watch",
  until: now + HOUR,
  ...more,
});
const file = (...sessions: readonly unknown[]): Uint8Array => encode(plain(sessions));

describe("sessions of consoles", () => {
  test("go on in the next process, with the same token; a link does not", async () => {
    const before = await opened();
    const { cookie, token } = await signedIn(before, "minister");
    const until = before.session(cookie)?.until;
    const link = before.link("watch")?.secret ?? "";
    now += HOUR;
    const after = await opened();
    expect(after.session(cookie)).toEqual({ post: "minister", until });
    expect([after.isToken(cookie, token), after.isToken(cookie, `${token}x`), after.isToken("A".repeat(43), token)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await after.signIn(link)).toBeUndefined();
    expect(told).toEqual([]);
  });

  test("the file is its owner's alone and holds neither cookie nor token", async () => {
    const { cookie, token } = await signedIn(await opened());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const content = readFileSync(path);
    for (const secret of [cookie, token])
      for (const bytes of [Buffer.from(secret), Buffer.from(secret, "base64url")]) expect(content.includes(bytes)).toBe(false);
    expect(readdirSync(join(path, ".."))).toEqual(["console.sessions"]);
  });

  test("that were signed out, or whose time is over, are not signed in by the next start and are in the file no longer", async () => {
    const desk = await opened();
    const [out, over] = [await signedIn(desk), await signedIn(desk)];
    await desk.signOut(out.cookie);
    expect(kept()).toBe(1);
    expect((await opened()).session(out.cookie)).toBeUndefined();
    now += 6 * HOUR;
    const later = await signedIn(await opened());
    now += 6 * HOUR;
    const next = await opened();
    expect([out, over].map(({ cookie }) => next.session(cookie))).toEqual([undefined, undefined]);
    expect(next.session(later.cookie)?.post).toBe("watch");
    expect(kept()).toBe(1);
  });

  test("last no longer than a shift by a clock that was put back while no node ran", async () => {
    const { cookie } = await signedIn(await opened());
    now -= 48 * HOUR;
    const until = now + 12 * HOUR;
    expect((await opened()).session(cookie)?.until).toBe(until);
    now += 11 * HOUR;
    const desk = await opened();
    expect(desk.session(cookie)?.until).toBe(until);
    now += HOUR;
    expect(desk.session(cookie)).toBeUndefined();
  });

  test("end for everybody when the file is gone", async () => {
    const { cookie } = await signedIn(await opened());
    rmSync(path);
    expect((await opened()).session(cookie)).toBeUndefined();
    expect(told).toEqual([]);
  });

  test.each([
    ["is empty", () => write("")],
    ["is cut off", () => write(readFileSync(path).subarray(0, -1))],
    ["goes on behind its end", () => write(Buffer.concat([readFileSync(path), Buffer.from([0])]))],
    ["has a hash of another length", () => write(file(session(1, { hash: new Uint8Array(31) })))],
    ["has something more in it", () => write(file(session(1, { name: "A" })))],
    ["has a session twice", () => write(file(session(1), session(1)))],
    ["has too many sessions", () => write(file(...Array.from({ length: 257 }, () => session(1))))],
    ["is too long", () => write(Buffer.alloc(65_537))],
    ["may be written by others", () => chmodSync(path, 0o620)],
    ["is no file", () => (rmSync(path), mkdirSync(path, { mode: 0o700 }))],
  ])("a file that %s ends them all, is told of, and stops nobody from signing in", async (_, spoil) => {
    const { cookie } = await signedIn(await opened());
    spoil();
    const desk = await opened();
    expect(desk.session(cookie)).toBeUndefined();
    expect(told).toEqual([expect.stringContaining(`every console must sign in anew: ${path}`)]);
    const next = await signedIn(desk);
    expect(desk.session(next.cookie)?.post).toBe("watch");
  });

  test("of as many people as may sign in, under the longest names of posts, are all read again", async () => {
    const desk = await opened();
    const cookies: string[] = [];
    for (let i = 0; i < 256; i++) cookies.push((await signedIn(desk, "x".repeat(64))).cookie);
    expect(await desk.signIn(desk.link("watch")?.secret ?? "")).toBeUndefined();
    const next = await opened();
    expect(cookies.filter((cookie) => next.session(cookie) === undefined)).toEqual([]);
    expect(told).toEqual([]);
  });

  test("signed in and out at once all reach the disk in order", async () => {
    const desk = await opened();
    const all = await Promise.all(Array.from({ length: 20 }, () => signedIn(desk)));
    await Promise.all(all.map(({ cookie }, i) => (i % 2 === 0 ? desk.signOut(cookie) : Promise.resolve())));
    const next = await opened();
    expect(all.map(({ cookie }) => next.session(cookie) === undefined)).toEqual(all.map((_, i) => i % 2 === 0));
  });

  test("that cannot be written last as long as the process, and what stood there before lets nobody in afterwards", async () => {
    const desk = await opened();
    const [out, stays] = [await signedIn(desk), await signedIn(desk)];
    // Nothing can be made under the name under which a new file begins.
    mkdirSync(join(`${path}.new`, "in the way"), { recursive: true });
    await desk.signOut(out.cookie);
    expect(told).toEqual([`consoles stay signed in only until this node ends: ${path} cannot be written`]);
    expect([desk.session(out.cookie), desk.session(stays.cookie)?.post]).toEqual([undefined, "watch"]);
    expect(existsSync(path)).toBe(false);
    rmSync(`${path}.new`, { recursive: true });
    const again = await signedIn(desk);
    const next = await opened();
    expect([out, stays, again].map(({ cookie }) => next.session(cookie)?.post)).toEqual([undefined, "watch", "watch"]);
  });
});
