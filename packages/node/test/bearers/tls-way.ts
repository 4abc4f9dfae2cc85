import { randomBytes } from "node:crypto";
import { type TLSSocket, connect } from "node:tls";
import { type TlsIdentity, newTlsIdentity, pinOfIdentity } from "../../src/bearers/tls/certificate.ts";
import { tlsProfile } from "../../src/bearers/tls/handshake.ts";
import { tlsLimits } from "../../src/bearers/tls/limits.ts";
import { TlsBearer } from "../../src/bearers/tls/tls-bearer.ts";
import { TlsListener } from "../../src/bearers/tls/tls-listener.ts";
import { Takers, type TestWay } from "./acceptance.ts";
import { HandTimers, until } from "./hand-timers.ts";
import { Relay } from "./relay.ts";

const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

/** Two ends on loopback: the first calls the second through a relay. Time is turned by hand. */
export class TlsWay implements TestWay {
  readonly timers: HandTimers = new HandTimers();
  readonly takers: Takers = new Takers();
  readonly ends: readonly [TlsBearer, TlsBearer];
  readonly listener: TlsListener;
  readonly #identities: readonly [TlsIdentity, TlsIdentity] = [newTlsIdentity(random), newTlsIdentity(random)];
  readonly #callAt: string[] = [];
  relay!: Relay;
  #port = 0;

  private constructor() {
    this.ends = [this.#end(0), this.#end(1)];
    this.listener = new TlsListener(
      () => this.#identities[1],
      () => [{ bearer: this.ends[1], pins: () => this.#pinsOf(0) }],
    );
  }

  static async open(seed = 1): Promise<TlsWay> {
    const way = new TlsWay();
    way.#port = await way.listener.listen({ host: "127.0.0.1", port: 0 });
    way.relay = await Relay.open({ to: { host: "127.0.0.1", port: way.#port }, timers: way.timers, seed });
    way.#callAt.push(way.relay.address);
    await way.heal();
    return way;
  }

  #pinsOf(side: 0 | 1): ReadonlySet<string> {
    return new Set([pinOfIdentity(this.#identities[side])]);
  }

  #end(side: 0 | 1): TlsBearer {
    return new TlsBearer({
      id: `tls ${side}`,
      identity: () => this.#identities[side],
      clock: this.timers.clock,
      timers: this.timers,
      pins: () => this.#pinsOf(side === 0 ? 1 : 0),
      addresses: () => (side === 0 ? this.#callAt : []),
      take: this.takers.take(side),
      up: () => undefined,
    });
  }

  get #counted(): string {
    return [...this.ends.flatMap(({ failures }) => [...failures.values()]), this.takers.got[0].length, this.takers.got[1].length].join();
  }
  #seen = "";

  /** Time goes on only when something has come about: a handshake takes as long as it takes. */
  async step(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#counted === this.#seen) return;
    this.#seen = this.#counted;
    this.timers.turn(tlsLimits.countBackMs);
  }

  async cut(): Promise<void> {
    this.relay.shut = true;
    this.relay.cut();
  }

  async heal(): Promise<void> {
    this.relay.shut = false;
    const failures = (): number => [...this.ends[0].failures.values()].reduce((sum, count) => sum + count, 0);
    while (this.ends.some((end) => end.credit() === 0)) {
      const before = failures();
      this.timers.turn(tlsLimits.redialMs);
      await until(() => this.ends.every((end) => end.credit() > 0) || failures() > before);
    }
  }

  /** Somebody with the first end's key says these bytes to the second end. */
  async intrude(bytes: Uint8Array): Promise<void> {
    const socket = await this.rogue();
    await new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      socket.write(bytes, () => socket.end());
    });
  }

  async rogue(): Promise<TLSSocket> {
    const socket = connect({ ...tlsProfile(this.#identities[0]), host: "127.0.0.1", port: this.#port, servername: "" });
    socket.on("error", () => undefined);
    socket.resume();
    await new Promise<void>((resolve) => socket.once("secureConnect", () => resolve()));
    return socket;
  }

  async remove(): Promise<void> {
    for (const end of this.ends) await end.close();
    await this.relay.close();
    await this.listener.close();
  }
}
