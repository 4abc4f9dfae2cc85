import type { BearerView } from "@openline/api";
import { type Party, OpenlineError, formatTime, secondsOf, toHex } from "@openline/core";
import type { BearerHealth, OpenBearer, Timers } from "../bearers/bearer.ts";
import { pinOfIdentity } from "../bearers/tls/certificate.ts";
import { TlsBearer } from "../bearers/tls/tls-bearer.ts";
import { TlsListener } from "../bearers/tls/tls-listener.ts";
import type { Node } from "../node.ts";
import { sealedBearer } from "../seal/sealed-bearer.ts";
import type { Sealing } from "../seal/sealing.ts";
import type { BearerSettings } from "./bearer-settings.ts";

/** The machine's own timers. */
const machineTimers: Timers = {
  after: (ms, step) => {
    const timer = setTimeout(step, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** The ways from one node to its peers, as they stand. */
export interface Ways {
  readonly views: () => readonly BearerView[];
  /** Where peers may call. */
  readonly port: number | undefined;
  close(): Promise<void>;
}

/** Opens the ways that an operator has set and joins the node to them. `failed`: a door of the node was shut, and the process is to
 *  end. Throws `OpenlineError` `usage` where an address cannot be listened on. */
export async function openWays(options: {
  readonly node: Node;
  readonly sealing: Sealing;
  readonly settings: BearerSettings;
  readonly failed: (error: unknown) => void;
}): Promise<Ways> {
  const { node, sealing, settings, failed } = options;
  const { keys, accord, party, world } = node.options;
  const identity = keys.tls;
  if (identity === null) {
    if (settings.listen === undefined && settings.dial === undefined)
      return { views: () => [], port: undefined, close: async () => undefined };
    throw new OpenlineError("usage", "this node has no TLS key, so it cannot listen or call");
  }
  const ownPin = pinOfIdentity(identity);
  const ways = accord.parties
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
  try {
    const port = settings.listen === undefined ? undefined : await listener.listen(settings.listen);
    return {
      port,
      views: () => ways.map(({ peer, bearer }) => viewOf(bearer, peer)),
      close: async () => {
        await Promise.all(ways.map(({ bearer }) => bearer.close()));
        if (port !== undefined) await listener.close();
      },
    };
  } catch (error) {
    await Promise.all(ways.map(({ bearer }) => bearer.close()));
    throw error;
  }
}

function viewOf(bearer: OpenBearer, peer: Party): BearerView {
  const health = bearer.health();
  return { id: bearer.id, kind: bearer.kind, peer: peer.id, out: directionOf(health.out), in: directionOf(health.in) };
}

function directionOf(health: BearerHealth): BearerView["out"] {
  switch (health.is) {
    case "proven":
      return { value: "proven", since: formatTime(secondsOf(health.at)), code: null };
    case "silent":
      return { value: "silent", since: formatTime(secondsOf(health.since)), code: null };
    case "failing":
      return { value: "failing", since: null, code: health.code };
    case "not-tested":
      return { value: "not-tested", since: null, code: null };
  }
}
