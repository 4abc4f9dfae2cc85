import { unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  type HolderSignature,
  RefusedInput,
  type SignedPskLost,
  type UnixSeconds,
  decodeSignedPskLost,
  encodePskLost,
  encodeSignedPskLost,
  equalBytes,
  limits,
  parsePartyId,
  presentParties,
  pskLostDigest,
  readPskLost,
  signPskLost,
  toHex,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { NoticeFolder } from "../seal/notice-place.ts";
import { type LineInForce, partyFileInUse } from "./amend.ts";
import { keep } from "./ceremony.ts";
import { FILES } from "./folder.ts";
import { type Unlocker, labelOf, loadKeyFile, readKeyFile } from "./key-file.ts";
import { LINE_FILES, fileIfThere } from "./line-folder.ts";
import { decodeRootSecret } from "./make-party.ts";

/** How root holders say that the pre-shared key with a peer is lost (docs/operating/keys.md): each signs the same notice in the folder of
 *  the line, and with enough signatures it lies where the node finds it at its next start. */

export interface PskLostSigned {
  /** Counted from 1. */
  readonly holder: number;
  readonly signed: number;
  readonly threshold: number;
  /** Enough have signed: the node tells it from its next start on. */
  readonly complete: boolean;
}

/** Throws `RefusedInput`: `wrong-party` for no peer of the line, `not-authorised` and `unknown-key` for a key that is no root holder's,
 *  `oversized` where more holders must sign than one frame has room for. */
export async function signPskLostHere(
  line: LineInForce,
  options: { readonly peer: string; readonly now: UnixSeconds; readonly keyFile: string; readonly unlocker: Unlocker },
): Promise<PskLostSigned> {
  const { peer, keyFile } = options;
  const other = presentParties(line.accord).find((party) => party.id === peer && party !== line.party);
  if (other === undefined) throw new RefusedInput("wrong-party", `${line.party.id} shares no key with ${peer}`);
  const { threshold, holders } = partyFileInUse(line).root;
  const label = labelOf(await readKeyFile(keyFile));
  if (label.kind !== "root")
    throw new RefusedInput("not-authorised", `${keyFile} is a ${label.kind} key; root holders say that a key is lost`);
  const holder = holders.findIndex(({ ed25519 }) => equalBytes(ed25519, label.public));
  if (holder < 0) throw new RefusedInput("unknown-key", `${keyFile} is no root key of ${line.party.id}`);
  const { secret } = await loadKeyFile(keyFile, options.unlocker);
  const begun = await begunIn(line, other.id);
  const notice =
    begun?.notice ?? encodePskLost({ line: line.accord.line, party: line.party.id, peer: parsePartyId(other.id), at: options.now });
  const signatures = withOne(begun?.signatures ?? [], signPskLost(nativeSuite, decodeRootSecret(secret), notice));
  const complete = await keepNotice(line, other.id, { notice, signatures: signatures.slice(0, threshold) });
  return { holder: holder + 1, signed: signatures.length, threshold, complete };
}

const begunAs = (peer: string): string => `psk-lost-${peer}.notice`;

/** What the holders before have signed and not finished. */
async function begunIn({ dir }: LineInForce, peer: string): Promise<SignedPskLost | undefined> {
  const content = await fileIfThere(join(dir, LINE_FILES.ceremony, begunAs(peer)));
  return content === undefined ? undefined : decodeSignedPskLost(content);
}

/** One of a holder stands once. */
const withOne = (signatures: readonly HolderSignature[], one: HolderSignature): readonly HolderSignature[] =>
  [...signatures.filter(({ kid }) => !equalBytes(kid, one.kid)), one].toSorted((a, b) => (toHex(a.kid) < toHex(b.kid) ? -1 : 1));

/** True: it is complete, and lies where the node finds it. */
async function keepNotice(line: LineInForce, peer: string, signed: SignedPskLost): Promise<boolean> {
  const bytes = encodeSignedPskLost(signed);
  if (bytes.length > limits.noticeBytesMax)
    throw new RefusedInput("oversized", `a notice that ${signed.signatures.length} root holders sign does not fit one frame`);
  if (signed.signatures.length < partyFileInUse(line).root.threshold) {
    await keep(line.dir, begunAs(peer), bytes);
    return false;
  }
  const { accord } = line;
  readPskLost(nativeSuite, signed, { line: accord.line, parties: accord.parties, rootsOf: () => [partyFileInUse(line).root] });
  await new NoticeFolder(join(line.dir, FILES.notices)).save(pskLostDigest(nativeSuite, signed.notice), bytes);
  await unlink(join(line.dir, LINE_FILES.ceremony, begunAs(peer))).catch(() => undefined);
  return true;
}
