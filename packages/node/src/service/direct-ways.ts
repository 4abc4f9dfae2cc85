import { OpenlineError, type Party, presentParties, toHex } from "@openline/core";
import { pinOfIdentity } from "../bearers/tls/certificate.ts";
import { TlsBearer } from "../bearers/tls/tls-bearer.ts";
import { TlsListener } from "../bearers/tls/tls-listener.ts";
import { sealedBearer } from "../seal/sealed-bearer.ts";
import { machineTimers } from "./machine-timers.ts";
import type { WaysOptions } from "./ways-options.ts";

interface DirectWays {
  readonly ways: readonly { readonly peer: Party; readonly bearer: TlsBearer }[];
  /** Where peers may call; undefined: nowhere. */
  readonly port: number | undefined;
  close(): Promise<void>;
}

/** A direct way to every other party, and one port where they may call. Throws `OpenlineError` `usage` where an address cannot be
 *  listened on. */
export async function directWays({ node, sealing, settings, failed }: WaysOptions): Promise<DirectWays> {
  const { keys, accord, party, world } = node.options;
  const identity = keys.tls;
  if (identity === null) {
    if (settings.listen === undefined && settings.dial === undefined) return { ways: [], port: undefined, close: async () => undefined };
    throw new OpenlineError("usage", "this node has no TLS key, so it cannot listen or call");
  }
  const ownPin = pinOfIdentity(identity);
  const ways = presentParties(accord)
    .filter((peer) => peer !== party)
    .map((peer) => {
      const pins: ReadonlySet<string> = new Set(peer.file.tls.map(toHex));
      const bearer: TlsBearer = new TlsBearer({
        id: `tls ${peer.id}`,
        identity,
        ownPin,
        clock: world.clock,
        timers: machineTimers,
        pins: () => pins,
        addresses: () => settings.dial ?? peer.file.addresses,
        take: async (envelope, from) => {
          const frame = sealing.open(envelope, from);
          if (frame !== undefined) await node.receive(frame, from).catch(failed);
        },
        up: () => void node.join(sealedBearer(bearer, sealing), peer).catch(failed),
      });
      sealing.leads(bearer, peer);
      return { peer, bearer, pins };
    });
  const listener = new TlsListener(identity, () => ways);
  const closeAll = async (): Promise<void> => {
    await Promise.all(ways.map(({ bearer }) => bearer.close()));
  };
  try {
    const port = settings.listen === undefined ? undefined : await listener.listen(settings.listen);
    return {
      ways,
      port,
      close: async () => {
        await closeAll();
        if (port !== undefined) await listener.close();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
