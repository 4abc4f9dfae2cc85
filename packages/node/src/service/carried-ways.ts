import { type Party, OpenlineError, presentParties, visibleLine } from "@openline/core";
import { FileBearer } from "../bearers/file/file-bearer.ts";
import { parcelLabels } from "../bearers/file/parcel.ts";
import type { Node } from "../node.ts";
import { sealedBearer } from "../seal/sealed-bearer.ts";
import type { CarriedSettings } from "./bearer-settings.ts";
import { machineTimers } from "./machine-timers.ts";
import type { WaysOptions } from "./ways-options.ts";

/** Of a name that a carrier gave a file, this much is shown. */
const NAME_SHOWN_MAX = 64;

interface Carried {
  readonly peer: Party;
  readonly bearer: FileBearer;
}

/** Opens the folders that an operator has set for parcels, and joins the node to them whenever they are there. `told` gets a line
 *  for each file that is of no use. Throws `OpenlineError` `usage` where it is not said to whom they lead. */
export function carriedWays({ node, sealing, settings, failed, told }: WaysOptions): readonly Carried[] {
  const { suite, keys, party, world } = node.options;
  const led = settings.carried.map((carried) => ({ carried, peer: peerOf(node, carried) }));
  return led.map(({ carried, peer }, at) => {
    const id = `carried ${peer.id}${led.length > 1 ? ` ${at + 1}` : ""}`;
    const bearer: FileBearer = new FileBearer({
      id,
      suite,
      labels: parcelLabels(suite, keys.lineSecret, { own: party.key, peer: peer.key }),
      random: world.random,
      clock: world.clock,
      timers: machineTimers,
      out: carried.out,
      in: carried.in,
      done: carried.done,
      take: async (envelope, from) => {
        const frame = sealing.open(envelope, from);
        if (frame !== undefined) await node.receive(frame, from).catch((error: unknown) => stopped(error, failed));
      },
      up: () => void node.join(sealedBearer(bearer, sealing), peer).catch(failed),
      refused: (why, name) => told(`${party.id}, ${id}: ${why}: ${shown(name)} in ${carried.in}`),
    });
    sealing.leads(bearer, peer);
    return { peer, bearer };
  });
}

/** A node that has stopped takes nothing more: what it was given stays in its folder for the next start. */
function stopped(error: unknown, failed: (error: unknown) => void): Promise<never> {
  failed(error);
  return new Promise(() => undefined);
}

function peerOf(node: Node, { peer }: CarriedSettings): Party {
  const others = presentParties(node.options.accord).filter((party) => party !== node.options.party);
  const found = peer === undefined ? others : others.filter(({ id }) => id === peer);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new OpenlineError("usage", `bearers.yaml: carried: peer: one of ${others.map(({ id }) => id).join(", ")} expected`);
  return only;
}

const shown = (name: string): string => `"${visibleLine(name.length > NAME_SHOWN_MAX ? `${name.slice(0, NAME_SHOWN_MAX)}…` : name)}"`;
