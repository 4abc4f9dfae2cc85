import { X509Certificate, createHash, createPrivateKey, randomBytes } from "node:crypto";
import { type AddressInfo, type Server, type Socket, connect as connectTcp, createServer } from "node:net";
import { type TLSSocket, connect as connectTls } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { type TlsIdentity, newTlsIdentity, pinOf, pinOfIdentity } from "../../src/bearers/tls/certificate.ts";
import { parseAddress, tlsProfile } from "../../src/bearers/tls/handshake.ts";
import { tlsLimits } from "../../src/bearers/tls/limits.ts";
import { TlsBearer } from "../../src/bearers/tls/tls-bearer.ts";
import { TlsListener } from "../../src/bearers/tls/tls-listener.ts";
import { HandTimers, until } from "./hand-timers.ts";

const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
const timers = new HandTimers();
const { clock } = timers;
const open: { close(): Promise<unknown> }[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const item of open.splice(0).toReversed()) await item.close();
});

interface End {
  readonly identity: TlsIdentity;
  readonly bearer: TlsBearer;
  readonly listener: TlsListener;
  readonly port: number;
  readonly frames: Uint8Array[];
}

/** A node's end: it listens, and dials once `addresses` has something. */
async function end(peerPins: Set<string>, addresses: string[], identity = newTlsIdentity(random)): Promise<End> {
  const frames: Uint8Array[] = [];
  const bearer = new TlsBearer({
    id: randomBytes(4).toString("hex"),
    identity: () => identity,
    clock,
    timers,
    pins: () => peerPins,
    addresses: () => addresses,
    take: (frame) => void frames.push(frame),
    up: () => undefined,
  });
  const listener = new TlsListener(
    () => identity,
    () => [{ bearer, pins: () => peerPins }],
  );
  const port = await listener.listen({ host: "127.0.0.1", port: 0 });
  open.push(bearer, listener);
  return { identity, bearer, listener, port, frames };
}

/** Two ends that know each other's keys; `b` dials `a`, and `a` dials `b` where both do. */
async function pair(both = false): Promise<readonly [End, End]> {
  const [pinsOfA, pinsOfB, toA, toB] = [new Set<string>(), new Set<string>(), [] as string[], [] as string[]];
  const a = await end(pinsOfB, toB);
  const b = await end(pinsOfA, toA);
  pinsOfA.add(pinOfIdentity(a.identity));
  pinsOfB.add(pinOfIdentity(b.identity));
  toA.push(`127.0.0.1:${a.port}`);
  if (both) toB.push(`127.0.0.1:${b.port}`);
  timers.turn(tlsLimits.redialMs);
  await until(() => a.bearer.credit() > 0 && b.bearer.credit() > 0);
  return [a, b];
}

const text = (frames: readonly Uint8Array[]): readonly string[] => frames.map((frame) => Buffer.from(frame).toString());

describe("certificate", () => {
  test("carries the key, is signed by it, and says nothing else", () => {
    const { key, certificate } = newTlsIdentity(random);
    const read = new X509Certificate(certificate);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(read.subject).toMatch(/^CN=[0-9a-f]{16}$/);
    expect([read.issuer, read.subjectAltName, read.keyUsage]).toEqual([read.subject, undefined, undefined]);
    expect(pinOf(read)).toBe(
      createHash("sha256")
        .update(read.publicKey.export({ type: "spki", format: "der" }))
        .digest("hex"),
    );
  });

  test("a certificate of another key is damaged", () => {
    const [one, two] = [newTlsIdentity(random), newTlsIdentity(random)];
    expect(() => pinOfIdentity({ key: one.key, certificate: two.certificate })).toThrow(/not that of its key/);
    expect(() => pinOfIdentity({ key: "x", certificate: one.certificate })).toThrow(/cannot be read/);
  });
});

describe("addresses", () => {
  test.each([
    ["node.example:4410", { host: "node.example", port: 4410 }],
    ["10.0.0.1:1", { host: "10.0.0.1", port: 1 }],
    ["[2001:db8::1]:65535", { host: "2001:db8::1", port: 65_535 }],
    ["node.example", undefined],
    ["node.example:0", undefined],
    ["node.example:65536", undefined],
    ["2001:db8::1:80", undefined],
    ["[::1]80", undefined],
    ["a b:80", undefined],
    ["http://a:80", undefined],
    ["", undefined],
  ])("%s", (address, read) => expect(parseAddress(address)).toEqual(read));
});

describe("two nodes", () => {
  test("carry frames whole, in both directions, and count them back", async () => {
    const [a, b] = await pair();
    const large = randomBytes(tlsLimits.frameBytesMax);
    const sent = Promise.all([a.bearer.send(Buffer.from("one")), a.bearer.send(new Uint8Array(large)), b.bearer.send(Buffer.from("two"))]);
    await until(() => b.frames.length === 2 && a.frames.length === 1);
    timers.turn(tlsLimits.countBackMs);
    await sent;
    expect(text(a.frames)).toEqual(["two"]);
    expect(Buffer.from(b.frames[1]!)).toEqual(large);
    expect(a.bearer.health()).toMatchObject({ out: { is: "proven" }, in: { is: "proven" } });
  });

  test("what may be under way is one frame until a rate has been measured, whatever the kernel takes", async () => {
    const [a, b] = await pair();
    expect(a.bearer.credit()).toBe(tlsLimits.frameBytesMax);
    void a.bearer.send(new Uint8Array(tlsLimits.frameBytesMax));
    expect(a.bearer.credit()).toBe(0);
    await until(() => b.frames.length === 1);
    await until(() => a.bearer.credit() > 0);
    expect(a.bearer.credit()).toBeGreaterThanOrEqual(tlsLimits.frameBytesMax);
  });

  test("when both dial at once one connection stays, the same on both sides", async () => {
    const [a, b] = await pair(true);
    for (let round = 0; round < 5; round++) {
      timers.turn(tlsLimits.redialMs);
      await Promise.all([a.bearer, b.bearer].map((bearer, i) => sendUntil(bearer, [b, a][i]!, `round ${round}`)));
    }
    const all = [...a.bearer.failures.keys(), ...b.bearer.failures.keys()];
    expect(all.filter((why) => why !== "replaced" && why !== "closed" && why !== "refused")).toEqual([]);
  });

  test("a peer that went away is dialled again until it is back", async () => {
    const [a, b] = await pair();
    await a.bearer.close();
    await until(() => b.bearer.credit() === 0);
    expect(b.bearer.health().out).toEqual({ is: "failing", code: "closed" });
    // Dropped, and nobody waits for it.
    await b.bearer.send(Buffer.from("lost"));
    timers.turn(tlsLimits.redialMs);
    await until(() => (b.bearer.failures.get("closed") ?? 0) >= 2);
    expect(a.frames).toEqual([]);
  });

  test("who answers the telephone and says nothing is hung up on", async () => {
    const silent: Server = createServer((socket) => void socket.on("error", () => undefined));
    await new Promise<void>((resolve) => silent.listen({ host: "127.0.0.1", port: 0 }, resolve));
    open.push({ close: async () => silent.close() });
    let came = 0;
    silent.on("connection", (socket) => {
      came++;
      socket.resume();
      sockets.push(socket);
    });
    const b = await end(new Set(), [`127.0.0.1:${(silent.address() as AddressInfo).port}`]);
    await until(() => came === 1);
    timers.turn(tlsLimits.handshakeMs);
    expect(b.bearer.failures.get("handshake")).toBe(1);
    timers.turn(tlsLimits.redialMs);
    await until(() => came === 2);
  });

  test("who answers with a key that is not pinned is told nothing", async () => {
    const stranger = await end(new Set(), []);
    const b = await end(new Set(), [`127.0.0.1:${stranger.port}`]);
    await until(() => b.bearer.failures.get("foreign-certificate") === 1);
    await b.bearer.send(Buffer.from("to nobody"));
    expect(stranger.frames).toEqual([]);
    expect(b.bearer.health().out).toEqual({ is: "failing", code: "foreign-certificate" });
  });

  test("a peer that sends and never reads is not let to fill our memory", async () => {
    const identity = newTlsIdentity(random);
    const a = await end(new Set([pinOfIdentity(identity)]), []);
    const socket = connectTls({ ...tlsProfile(identity), port: a.port, host: "127.0.0.1", servername: "" });
    sockets.push(socket);
    socket.on("error", () => undefined);
    await until(() => a.bearer.credit() > 0);
    let settled = 0;
    for (let i = 0; i < 1_000; i++) void a.bearer.send(new Uint8Array(tlsLimits.frameBytesMax)).then(() => settled++);
    await until(() => settled > 0);
    const most = (tlsLimits.windowBytesMax + tlsLimits.reserveBytesMax) / tlsLimits.frameBytesMax;
    expect(1_000 - settled).toBeLessThanOrEqual(most);
  });

  test("a half-open connection is noticed", async () => {
    const [a, b] = await pair();
    timers.turn(tlsLimits.keepAliveMs);
    await sendUntil(a.bearer, b, "alive");
    // The other end's process is frozen: its timers do not run, nothing comes.
    timers.turn(tlsLimits.deadMs);
    expect(a.bearer.failures.get("half-open")).toBe(1);
  });
});

/** Sends until it has arrived: a connection that is being replaced drops what is under way. */
async function sendUntil(bearer: TlsBearer, to: End, words: string): Promise<void> {
  let turns = 0;
  await until(() => {
    if (turns++ % 50 === 0) void bearer.send(Buffer.from(words));
    return text(to.frames).includes(words);
  });
}

describe("who is not let in", () => {
  const tcp = async (port: number): Promise<Socket> => {
    const socket = connectTcp({ port, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    sockets.push(socket);
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  };
  const tls = (port: number, more: object): TLSSocket => {
    const socket = connectTls({ ...tlsProfile(newTlsIdentity(random)), port, host: "127.0.0.1", servername: "", ...more });
    socket.on("error", () => undefined);
    sockets.push(socket);
    return socket;
  };

  test.each([
    ["a foreign certificate", {}, "foreign-certificate"],
    ["no certificate", { key: undefined, cert: undefined }, "foreign-certificate"],
    ["TLS 1.2", { minVersion: "TLSv1.2", maxVersion: "TLSv1.2", ecdhCurve: "auto" }, "handshake"],
    ["a group without a post-quantum half", { ecdhCurve: "X25519" }, "handshake"],
  ] as const)("%s", async (_, more, why) => {
    const a = await end(new Set(), []);
    const socket = tls(a.port, more);
    await Promise.all([until(() => a.listener.turned.get(why) === 1), new Promise((resolve) => socket.once("close", resolve))]);
    expect(a.bearer.credit()).toBe(0);
  });

  test("junk instead of a handshake", async () => {
    const a = await end(new Set(), []);
    (await tcp(a.port)).write("GET / HTTP/1.1\r\n\r\n");
    await until(() => a.listener.turned.get("handshake") === 1);
  });

  test("a session that was begun before is not gone on with", async () => {
    const identity = newTlsIdentity(random);
    const a = await end(new Set([pinOfIdentity(identity)]), []);
    const first = tls(a.port, tlsProfile(identity));
    const sessions: Buffer[] = [];
    first.on("session", (session: Buffer) => sessions.push(session));
    first.resume();
    await until(() => sessions.length > 0);
    const second = tls(a.port, { ...tlsProfile(identity), session: sessions[0] });
    second.resume();
    await until(() => a.listener.turned.get("foreign-certificate") === 1);
    expect(second.isSessionReused()).toBe(true);
  });

  test("ten thousand callers: most are turned away at once, none is kept, and a peer gets in afterwards", async () => {
    const identity = newTlsIdentity(random);
    const a = await end(new Set([pinOfIdentity(identity)]), []);
    const before = process.memoryUsage().rss;
    for (let wave = 0; wave < 40; wave++) {
      const crowd = await Promise.all(Array.from({ length: 250 }, () => tcp(a.port)));
      await until(() => a.listener.turned.get("crowd") === (wave + 1) * (250 - tlsLimits.strangersPerAddressMax));
      expect(a.listener.strangers).toBe(tlsLimits.strangersPerAddressMax);
      for (const socket of crowd) socket.destroy();
      await until(() => a.listener.strangers === 0);
      sockets.length = 0;
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
    tls(a.port, tlsProfile(identity));
    await until(() => a.bearer.credit() > 0);
  });

  test("a crowd: so many strangers and no more, and peers get in when some have gone", async () => {
    const a = await end(new Set(), []);
    const crowd = await Promise.all(Array.from({ length: 60 }, () => tcp(a.port)));
    await until(() => (a.listener.turned.get("crowd") ?? 0) === 60 - tlsLimits.strangersPerAddressMax);
    expect(a.listener.strangers).toBe(tlsLimits.strangersPerAddressMax);
    for (const socket of crowd) socket.destroy();
    await until(() => a.listener.strangers === 0);
    tls(a.port, {});
    await until(() => a.listener.turned.get("foreign-certificate") === 1);
  });

  /** A peer with the right key that speaks as it likes. */
  async function rogue(): Promise<{ readonly a: End; readonly socket: TLSSocket }> {
    const identity = newTlsIdentity(random);
    const a = await end(new Set([pinOfIdentity(identity)]), []);
    const socket = tls(a.port, tlsProfile(identity));
    await until(() => a.bearer.credit() > 0);
    return { a, socket };
  }

  test.each([
    ["a header above the limit", [0, 1, 0, 1]],
    ["a header as large as a header can say", [0x7f, 0xff, 0xff, 0xff]],
    ["an empty frame", [0, 0, 0, 0]],
    ["a count of bytes that were never sent", [0x80, 0, 0, 1]],
  ])("%s ends the connection before anything is set aside for it", async (_, bytes) => {
    const { a, socket } = await rogue();
    socket.write(Uint8Array.from(bytes));
    await until(() => a.bearer.failures.get("oversized") === 1);
    expect(a.frames).toEqual([]);
  });

  test("a frame that drips is cut off", async () => {
    const { a, socket } = await rogue();
    socket.write(Uint8Array.of(0, 0, 0, 10, 1));
    await until(() => a.bearer.health().in.is === "proven");
    for (let at = 0; at < tlsLimits.frameMs; at += tlsLimits.keepAliveMs) {
      socket.write(Uint8Array.of(2));
      await until(() => true);
      const before = a.bearer.health();
      timers.turn(tlsLimits.keepAliveMs - 1);
      if (before.in.is !== "proven") break;
      timers.turn(1);
    }
    await until(() => (a.bearer.failures.get("slow") ?? a.bearer.failures.get("half-open")) === 1);
  });

  test("frames cut into single bytes arrive whole", async () => {
    const { a, socket } = await rogue();
    for (const byte of [0, 0, 0, 3, 7, 8, 9]) socket.write(Uint8Array.of(byte));
    await until(() => a.frames.length === 1);
    expect([...a.frames[0]!]).toEqual([7, 8, 9]);
  });
});
