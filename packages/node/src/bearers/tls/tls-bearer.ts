import type { UnixMillis } from "@openline/core";
import type { Clock } from "../../ports.ts";
import type { BearerHealth, OpenBearer, TakeFrame, Timers } from "../bearer.ts";
import { TlsConnection, type TlsFailure } from "./connection.ts";
import { dial, parseAddress, shownPin, tlsProfile } from "./handshake.ts";
import { type TlsIdentity, pinOfIdentity } from "./certificate.ts";
import { tlsLimits } from "./limits.ts";
import type { TLSSocket } from "node:tls";

export interface TlsBearerOptions {
  readonly id: string;
  /** What it shows now; it may change while connections stand. */
  readonly identity: () => TlsIdentity;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Pins of the peer's keys, hex. */
  readonly pins: () => ReadonlySet<string>;
  /** Where the peer can be dialled, `host:port`; empty: it dials us. */
  readonly addresses: () => readonly string[];
  readonly take: TakeFrame;
  /** A connection stands: the other end can be spoken to from now on. */
  readonly up: () => void;
}

interface Standing {
  readonly connection: TlsConnection;
  /** Pin of the end that dialled: when both have dialled, the connection of the smaller one stays. */
  readonly dialledBy: string;
}

/** The direct way to one peer: whichever of the two ends dialled. It dials again at one short interval for ever. */
export class TlsBearer implements OpenBearer {
  readonly id: string;
  readonly kind = "tls";
  readonly epoch = "direct";
  readonly mtu: number = tlsLimits.frameBytesMax;
  readonly oneWay = undefined;
  readonly #options: TlsBearerOptions;
  #standing: Standing | undefined;
  #dialling: TLSSocket | undefined;
  #turn = 0;
  #redial: { cancel(): void } | undefined;
  #closed = false;
  #failure: TlsFailure | undefined;
  #lastCameAt: UnixMillis | undefined;
  #lastCountedAt: UnixMillis | undefined;
  readonly #failures: Map<TlsFailure, number> = new Map();

  constructor(options: TlsBearerOptions) {
    this.id = options.id;
    this.#options = options;
    this.#dial();
  }

  credit(): number {
    return this.#standing?.connection.credit ?? 0;
  }

  async send(frame: Uint8Array): Promise<void> {
    const connection = this.#standing?.connection;
    if (connection === undefined) return;
    await connection.send(frame);
    if (connection.open) this.#lastCountedAt = this.#options.clock.now();
  }

  /** How often connections ended for which reason. */
  get failures(): ReadonlyMap<TlsFailure, number> {
    return this.#failures;
  }

  health(): { readonly out: BearerHealth; readonly in: BearerHealth } {
    const failing: BearerHealth | undefined =
      this.#standing === undefined && this.#failure !== undefined ? { is: "failing", code: this.#failure } : undefined;
    const side = (at: UnixMillis | undefined): BearerHealth => failing ?? (at === undefined ? { is: "not-tested" } : { is: "proven", at });
    return { out: side(this.#lastCountedAt), in: side(this.#standing?.connection.lastCameAt ?? this.#lastCameAt) };
  }

  /** A connection that has shown one of this peer's pins. */
  accept(socket: TLSSocket, pin: string): void {
    this.#stand(socket, pin);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#redial?.cancel();
    this.#dialling?.destroy();
    this.#standing?.connection.end("closed");
  }

  #dial(): void {
    if (this.#closed || this.#standing !== undefined) return;
    const { addresses, pins, timers } = this.#options;
    const known = addresses().flatMap((text) => parseAddress(text) ?? []);
    const address = known[this.#turn++ % Math.max(1, known.length)];
    if (address === undefined) return this.#dialLater();
    const identity = this.#options.identity();
    const socket = dial(address, tlsProfile(identity));
    this.#dialling = socket;
    const late = timers.after(tlsLimits.handshakeMs, () => failed("handshake"));
    const done = (): void => {
      late.cancel();
      this.#dialling = undefined;
    };
    const failed = (why: TlsFailure): void => {
      if (this.#dialling !== socket) return;
      done();
      socket.destroy();
      this.#count(why);
      this.#dialLater();
    };
    socket.on("error", (error: NodeJS.ErrnoException) => failed(error.code === "ECONNREFUSED" ? "refused" : "handshake"));
    socket.on("close", () => failed("closed"));
    socket.on("secureConnect", () => {
      const pin = shownPin(socket);
      if (pin === undefined || !pins().has(pin)) return failed("foreign-certificate");
      done();
      this.#stand(socket, pinOfIdentity(identity));
    });
  }

  #dialLater(): void {
    if (this.#closed) return;
    this.#redial?.cancel();
    this.#redial = this.#options.timers.after(tlsLimits.redialMs, () => this.#dial());
  }

  /** Both ends may have dialled at once: both keep the connection that the smaller pin dialled. A second one that the same end
   *  dialled means that it has given up the first. */
  #stand(socket: TLSSocket, dialledBy: string): void {
    const before = this.#standing;
    if (this.#closed || (before !== undefined && before.dialledBy < dialledBy)) return void socket.destroy();
    const connection: TlsConnection = new TlsConnection(socket, {
      clock: this.#options.clock,
      timers: this.#options.timers,
      frame: (bytes) => this.#options.take(bytes, this),
      ended: (why) => this.#ended(connection, why),
    });
    this.#standing = { connection, dialledBy };
    before?.connection.end("replaced");
    this.#options.up();
  }

  #ended(connection: TlsConnection, why: TlsFailure): void {
    this.#count(why);
    this.#lastCameAt = connection.lastCameAt ?? this.#lastCameAt;
    if (this.#standing?.connection !== connection) return;
    this.#standing = undefined;
    this.#dialLater();
  }

  #count(why: TlsFailure): void {
    this.#failure = why;
    this.#failures.set(why, (this.#failures.get(why) ?? 0) + 1);
  }
}
