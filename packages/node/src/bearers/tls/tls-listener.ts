import type { Socket } from "node:net";
import { type Server, type TLSSocket, createServer } from "node:tls";
import { OpenlineError } from "@openline/core";
import type { TlsIdentity } from "./certificate.ts";
import { shownPin, tlsProfile } from "./handshake.ts";
import { tlsLimits } from "./limits.ts";
import type { TlsBearer } from "./tls-bearer.ts";

/** Why somebody who called was not let in. */
export type Turned = "crowd" | "handshake" | "foreign-certificate";

/** A peer that may call, by the pins of its keys. */
export interface Reachable {
  readonly bearer: TlsBearer;
  readonly pins: () => ReadonlySet<string>;
}

/** Listens for peers. Who calls is nobody until a pinned key has been shown; how many nobodies there may be is bounded. */
export class TlsListener {
  readonly #server: Server;
  readonly #bearers: () => readonly Reachable[];
  readonly #identity: () => TlsIdentity;
  #shows: TlsIdentity;
  readonly #strangers: Map<Socket, string> = new Map();
  readonly #sockets: Set<Socket> = new Set();
  readonly #turned: Map<Turned, number> = new Map();

  /** `identity`: what it shows now; whoever calls next sees the one of then. */
  constructor(identity: () => TlsIdentity, bearers: () => readonly Reachable[]) {
    this.#bearers = bearers;
    this.#identity = identity;
    this.#shows = identity();
    this.#server = createServer({ ...tlsProfile(this.#shows), handshakeTimeout: tlsLimits.handshakeMs });
    this.#server.prependListener("connection", (socket: Socket) => this.#came(socket));
    this.#server.on("secureConnection", (socket: TLSSocket) => this.#shown(socket));
    this.#server.on("tlsClientError", (_error: Error, socket: TLSSocket) => {
      this.#count("handshake");
      socket.destroy();
    });
  }

  /** Resolves with the port when it listens. Throws `OpenlineError` `usage` where it cannot: in use, or not this machine's. */
  listen(address: { readonly host: string; readonly port: number }): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", (cause: NodeJS.ErrnoException) => {
        reject(new OpenlineError("usage", `cannot listen on ${address.host}:${address.port}: ${cause.code ?? cause.message}`, { cause }));
      });
      this.#server.listen({ ...address, backlog: tlsLimits.backlog }, () => {
        const bound = this.#server.address();
        resolve(typeof bound === "object" && bound !== null ? bound.port : address.port);
      });
    });
  }

  /** How many callers were not let in, by reason. */
  get turned(): ReadonlyMap<Turned, number> {
    return this.#turned;
  }

  /** Callers that have shown no pinned key yet. */
  get strangers(): number {
    return this.#strangers.size;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  #came(socket: Socket): void {
    const from = socket.remoteAddress ?? "";
    const same = [...this.#strangers.values()].filter((address) => address === from).length;
    if (this.#strangers.size >= tlsLimits.strangersMax || same >= tlsLimits.strangersPerAddressMax) {
      this.#count("crowd");
      return void socket.destroy();
    }
    this.#showNow();
    this.#strangers.set(socket, from);
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      this.#strangers.delete(socket);
      this.#sockets.delete(socket);
    });
  }

  /** Before the handshake of this caller begins. */
  #showNow(): void {
    const identity = this.#identity();
    if (identity === this.#shows) return;
    this.#shows = identity;
    this.#server.setSecureContext(tlsProfile(identity));
  }

  #shown(socket: TLSSocket): void {
    const pin = shownPin(socket);
    const known = pin === undefined ? undefined : this.#bearers().find(({ pins }) => pins().has(pin));
    if (pin === undefined || known === undefined) {
      this.#count("foreign-certificate");
      return void socket.destroy();
    }
    this.#known(socket);
    known.bearer.accept(socket, pin);
  }

  /** No stranger any more. Node gives the raw connection under a TLS socket no public name; ports tell which it is. */
  #known({ remoteAddress, remotePort }: TLSSocket): void {
    for (const raw of this.#strangers.keys()) {
      if (raw.remoteAddress === remoteAddress && raw.remotePort === remotePort) this.#strangers.delete(raw);
    }
  }

  #count(why: Turned): void {
    this.#turned.set(why, (this.#turned.get(why) ?? 0) + 1);
  }
}
