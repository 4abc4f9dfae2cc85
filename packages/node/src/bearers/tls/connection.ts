import type { TLSSocket } from "node:tls";
import { type UnixMillis, assert } from "@openline/core";
import type { Clock } from "../../ports.ts";
import type { Timers } from "../bearer.ts";
import { FrameReader, encodeCount, frameHeader } from "./framing.ts";
import { tlsLimits } from "./limits.ts";
import { SendWindow } from "./window.ts";

/** Why a connection ended; each is counted. */
export type TlsFailure =
  | "refused" // nobody listens there
  | "handshake" // no TLS 1.3 with the hybrid group came about in time
  | "foreign-certificate" // the key shown is not pinned
  | "oversized" // a frame header above the limit, or a count of bytes never sent
  | "slow" // a frame begun and not finished in time
  | "half-open" // nothing came for three keep-alives
  | "closed" // the other end, or the way between, closed it
  | "replaced"; // another connection of the same two nodes goes on

export interface ConnectionUse {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Takes a frame; the next one waits for it. */
  readonly frame: (bytes: Uint8Array) => void | Promise<void>;
  readonly ended: (why: TlsFailure) => void;
}

/** One connection whose other end has shown a pinned key. */
export class TlsConnection {
  readonly #socket: TLSSocket;
  readonly #use: ConnectionUse;
  readonly #reader: FrameReader = new FrameReader();
  readonly #window: SendWindow = new SendWindow();
  /** What has come and has not been taken. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #handing = false;
  #held = false;
  #taken = 0;
  #countedBack = 0;
  #counting = false;
  #countTimer: { cancel(): void } | undefined;
  #frameTimer: { cancel(): void } | undefined;
  #keepAlive: { cancel(): void };
  #dead: { cancel(): void };
  #open = true;
  lastCameAt: UnixMillis | undefined;

  constructor(socket: TLSSocket, use: ConnectionUse) {
    this.#socket = socket;
    this.#use = use;
    this.#keepAlive = use.timers.after(tlsLimits.keepAliveMs, () => this.#stayAlive());
    this.#dead = use.timers.after(tlsLimits.deadMs, () => this.end("half-open"));
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("close", () => this.end("closed"));
    socket.on("error", () => this.end("closed"));
  }

  get open(): boolean {
    return this.#open;
  }

  get credit(): number {
    return this.#open ? this.#window.credit : 0;
  }

  /** Resolves when the other end has counted the frame, or the connection has ended. Above the credit there
   *  is room for what is urgent; what is above that room is dropped. */
  send(frame: Uint8Array): Promise<void> {
    assert(frame.length > 0 && frame.length <= tlsLimits.frameBytesMax, `a frame of ${frame.length} bytes`);
    if (!this.#open || !this.#window.takes(frame.length)) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#window.sent(frame.length, this.#use.clock.now(), resolve);
    this.#socket.cork();
    this.#socket.write(frameHeader(frame.length));
    this.#socket.write(frame);
    this.#socket.uncork();
    return promise;
  }

  end(why: TlsFailure): void {
    if (!this.#open) return;
    this.#open = false;
    for (const timer of [this.#keepAlive, this.#dead, this.#countTimer, this.#frameTimer]) timer?.cancel();
    this.#waiting = [];
    this.#socket.destroy();
    this.#window.close();
    this.#use.ended(why);
  }

  #take(chunk: Buffer): void {
    if (!this.#open) return;
    this.lastCameAt = this.#use.clock.now();
    this.#stillThere();
    const read = this.#reader.take(chunk);
    if (!read.ok) return this.end("oversized");
    for (const item of read.value) {
      if (item.is === "frame") {
        this.#waiting.push(item.bytes);
        this.#waitingBytes += item.bytes.length;
      } else if (!this.#window.counted(item.count, this.#use.clock.now())) return this.end("oversized");
    }
    this.#watchFrame(read.value.length > 0);
    if (this.#waitingBytes > tlsLimits.waitingBytesMax) this.#hold();
    if (!this.#handing) void this.#hand();
  }

  async #hand(): Promise<void> {
    this.#handing = true;
    for (let bytes = this.#waiting.shift(); bytes !== undefined; bytes = this.#waiting.shift()) {
      await this.#use.frame(bytes);
      if (!this.#open) return;
      this.#waitingBytes -= bytes.length;
      this.#countLater(bytes.length);
      if (this.#held && this.#waitingBytes <= tlsLimits.waitingBytesMax / 2) this.#goOn();
    }
    this.#handing = false;
  }

  /** We are behind: nothing more is read, and the other end is told nothing of it but that we are there. */
  #hold(): void {
    this.#held = true;
    this.#socket.pause();
    this.#dead.cancel();
    this.#frameTimer?.cancel();
    this.#frameTimer = undefined;
  }

  #goOn(): void {
    this.#held = false;
    this.#stillThere();
    this.#watchFrame(false);
    this.#socket.resume();
  }

  #stillThere(): void {
    this.#dead.cancel();
    this.#dead = this.#use.timers.after(tlsLimits.deadMs, () => this.end("half-open"));
  }

  #countLater(bytes: number): void {
    this.#taken += bytes;
    if (!this.#open) return;
    if (this.#taken - this.#countedBack >= tlsLimits.countBackBytes) this.#countBack();
    else this.#countTimer ??= this.#use.timers.after(tlsLimits.countBackMs, () => this.#countBack());
  }

  /** A frame that has begun must end in time. */
  #watchFrame(progressed: boolean): void {
    if (progressed || !this.#reader.inFrame) {
      this.#frameTimer?.cancel();
      this.#frameTimer = undefined;
    }
    if (this.#open && this.#reader.inFrame) this.#frameTimer ??= this.#use.timers.after(tlsLimits.frameMs, () => this.end("slow"));
  }

  /** One count at a time lies in the socket, for the other end may send and not read. */
  #countBack(): void {
    this.#countTimer?.cancel();
    this.#countTimer = undefined;
    if (!this.#open || this.#counting) return;
    this.#counting = true;
    const taken = this.#taken;
    this.#countedBack = taken;
    this.#socket.write(encodeCount(taken), () => {
      this.#counting = false;
      if (this.#taken !== taken) this.#countLater(0);
    });
  }

  #stayAlive(): void {
    this.#countBack();
    if (this.#open) this.#keepAlive = this.#use.timers.after(tlsLimits.keepAliveMs, () => this.#stayAlive());
  }
}
