import { OpenlineError, type Party, presentParties, secondsOf, usableWays } from "@openline/core";
import type { TlsIdentity } from "../bearers/tls/certificate.ts";
import { TlsBearer } from "../bearers/tls/tls-bearer.ts";
import { TlsListener } from "../bearers/tls/tls-listener.ts";
import { sealedBearer } from "../seal/sealed-bearer.ts";
import { machineTimers } from "./machine-timers.ts";
import type { TlsShown } from "./tls-shown.ts";
import type { WaysOptions } from "./ways-options.ts";

interface DirectWays {
  readonly ways: readonly { readonly peer: Party; readonly bearer: TlsBearer; readonly addresses: () => readonly string[] }[];
  /** Where peers may call, in the order of the settings; none: nowhere. */
  readonly ports: readonly number[];
  close(): Promise<void>;
}

/** A direct way to every other party, and the ports where they may call. Throws `OpenlineError` `usage` where an address cannot be
 *  listened on. */
export async function directWays(options: WaysOptions): Promise<DirectWays> {
  const { node, settings } = options;
  const { accord, party } = node.options;
  const { shown } = options;
  if (shown === undefined) {
    if (settings.listen.length === 0 && settings.dial === undefined) return { ways: [], ports: [], close: async () => undefined };
    throw new OpenlineError("usage", "this node has no TLS key, so it cannot listen or call");
  }
  const ways = presentParties(accord)
    .filter((peer) => peer !== party)
    .map((peer) => wayTo(peer, shown, options));
  const listeners: TlsListener[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(ways.map(({ bearer }) => bearer.close()));
    for (const listener of listeners) await listener.close();
  };
  try {
    const ports: number[] = [];
    for (const at of settings.listen) {
      const listener = new TlsListener(
        () => shown.now(),
        () => ways,
      );
      ports.push(await listener.listen(at));
      listeners.push(listener);
    }
    return { ways, ports, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A peer is called where it says and known by the keys that it says: in its party file, and since then in its service notes. An operator's
 *  own addresses stand instead of those of the party file, and beside what notes say. */
function wayTo(peer: Party, shown: TlsShown, { node, sealing, settings, failed }: WaysOptions) {
  const { accord, world } = node.options;
  const position = accord.parties.indexOf(peer);
  const waysNow = () => usableWays(node.record, position, secondsOf(world.clock.now()), settings.dial);
  const addresses = (): readonly string[] => waysNow().addresses;
  const identity = (): TlsIdentity => shown.now();
  const pins = (): ReadonlySet<string> => new Set(waysNow().pins);
  const bearer: TlsBearer = new TlsBearer({
    id: `tls ${peer.id}`,
    identity,
    clock: world.clock,
    timers: machineTimers,
    pins,
    addresses,
    take: async (envelope, from) => {
      const frame = sealing.open(envelope, from);
      if (frame !== undefined) await node.receive(frame, from).catch(failed);
    },
    up: () => void node.join(sealedBearer(bearer, sealing), peer).catch(failed),
  });
  sealing.leads(bearer, peer);
  return { peer, bearer, pins, addresses };
}
