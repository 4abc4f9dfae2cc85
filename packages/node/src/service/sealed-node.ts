import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { LostPsk } from "@openline/api";
import { formatTime, parseUnixSeconds, presentParties } from "@openline/core";
import { verifyEd25519Aside } from "../crypto/ed25519-aside.ts";
import { nativeSuite } from "../crypto/native-suite.ts";
import { Node } from "../node.ts";
import { FILES } from "../operate/folder.ts";
import type { Clock } from "../ports.ts";
import { EpochKeys } from "../seal/epoch-keys.ts";
import { FileEpochKeys } from "../seal/file-epoch-keys.ts";
import { NoticeFolder } from "../seal/notice-place.ts";
import { Sealing } from "../seal/sealing.ts";
import type { NodePlace } from "./node-place.ts";

/** Receipts of what is not urgent wait this long, so that several go as one. */
const RECEIPT_DELAY_MS = 500;

/** Opens the node of a folder over everything that the machine gives it, and the sealing below it. `told` gets lines for the operator. Throws
 *  `OpenlineError`. */
export async function openSealedNode(
  { dir, accord, party, keys, store, second, enrolled }: NodePlace,
  { clock, changed, told }: { readonly clock: Clock; readonly changed: () => void; readonly told: (line: string) => void },
): Promise<{ readonly node: Node; readonly sealing: Sealing }> {
  const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
  const world = { clock, random };
  const epochPlace = new FileEpochKeys(join(dir, FILES.epochs));
  const epochKeys = await EpochKeys.open({ suite: nativeSuite, place: epochPlace, nodeSeal: keys.seal, random });
  const notices = new NoticeFolder(join(dir, FILES.notices));
  const sealing = new Sealing({ suite: nativeSuite, accord, party, keys, world, epochKeys, notices });
  const node = await Node.open({
    suite: nativeSuite,
    accord,
    party,
    keys,
    store,
    second,
    world,
    enrolled,
    sealing,
    receiptDelayMs: RECEIPT_DELAY_MS,
    unprompted: true,
    confirmStart: presentParties(accord).length > 1,
    verifyAside: verifyEd25519Aside,
    changed,
  });
  await sealing.load();
  for (const { peer, said } of sealing.withoutPsk) if (said === undefined) told(pskGone(dir, party.id, peer));
  return { node, sealing };
}

/** Peers with whom there is no pre-shared key any more, as the API shows them. */
export const lostPsksOf = ({ withoutPsk }: Sealing): readonly LostPsk[] =>
  withoutPsk.map(({ peer, said }) => ({
    peer,
    said: said === undefined ? null : { party: said.party, at: formatTime(parseUnixSeconds(said.at)) },
  }));

const pskGone = (dir: string, own: string, peer: string): string =>
  `${own}: the pre-shared key with ${peer} is not in node.keys, so nothing can be exchanged: put the key file back, or let root holders say that it is lost (openline psk lost --dir ${dir} --peer ${peer})`;
