import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Kid, OpenlineError, type Said, kidOf, limits, possessionMessage, refusable, toHex, waysOf } from "@openline/core";
import { type TlsIdentity, newTlsIdentity, pinOfIdentity } from "../bearers/tls/certificate.ts";
import { nativeSuite } from "../crypto/native-suite.ts";
import { type LaterKeys, type NodeKeys, decodeNodeKeys, encodeNodeKeys, noLaterKeys, tlsIdentities } from "../keys.ts";
import type { LineInForce } from "./amend.ts";
import { type Unlock, type Unlocker, loadKeyFile, sealKeyFile, writeSecretly } from "./key-file.ts";
import { LINE_FILES } from "./line-folder.ts";

/** Keys that a node gets after the ceremony: made here, kept in `node.keys` under the protection that it has, and given to the node that runs.
 *  What no longer counts is not kept. Each function throws `OpenlineError`. */

const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

/** A TLS identity that takes the place of the one shown; durable when it resolves. `now`: POSIX seconds. */
export async function keepNewIdentity(line: LineInForce, now: number, unlocker: Unlocker): Promise<TlsIdentity> {
  const made = newTlsIdentity(random);
  await changeKeys(line.dir, unlocker, (keys) => {
    if (keys.tls === null) throw new OpenlineError("usage", `${line.dir}: this node has no TLS key, so no direct bearer`);
    return { ...laterOf(keys), tls: [...expected(line, now, keys), made] };
  });
  return made;
}

/** The identities made since the ceremony that our peers may see now or are told to expect. */
function expected({ accord, party, record }: LineInForce, now: number, keys: NodeKeys): readonly TlsIdentity[] {
  const { pins: announced } = waysOf(record, accord.parties.indexOf(party), now);
  const pins = new Set([...announced.now, ...(announced.next?.all ?? [])]);
  const first = new Set(party.file.tls.map(toHex));
  return tlsIdentities(keys).filter((identity) => {
    const pin = pinOfIdentity(identity);
    return pins.has(pin) && !first.has(pin);
  });
}

/** A key that signs the node's own acts once two persons of the directory have enrolled it. */
export interface NewNodeKey {
  readonly kid: Kid;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** Its enrolment, as the directory signs it. */
  readonly said: Said;
  /** The node keys that count until now. */
  readonly others: readonly Kid[];
}

/** Durable when it resolves; it counts when its enrolment has been placed. */
export async function keepNewNodeKey(line: LineInForce, unlocker: Unlocker): Promise<NewNodeKey> {
  const { accord, party, log } = line;
  const seed = random(32);
  const key = nativeSuite.ed25519Public(seed);
  await changeKeys(line.dir, unlocker, (keys) => {
    const later = laterOf(keys);
    const counting = later.node.filter((old) => log.ring.keys.get(kidOf(nativeSuite, nativeSuite.ed25519Public(old)))?.revokedAt === null);
    return { ...later, node: [...counting, seed] };
  });
  const possession = nativeSuite.signEd25519(seed, possessionMessage(accord.line, party.key, key));
  return {
    kid: kidOf(nativeSuite, key),
    seed,
    said: { kind: "key-add", facts: { key, purpose: "node", possession } },
    others: [...log.ring.keys.values()].flatMap(({ kid, may, revokedAt }) => (may === "node" && revokedAt === null ? [kid] : [])),
  };
}

const laterOf = ({ later }: NodeKeys): LaterKeys => later ?? noLaterKeys;

async function changeKeys(dir: string, unlocker: Unlocker, change: (keys: NodeKeys) => LaterKeys): Promise<void> {
  const path = join(dir, LINE_FILES.keys);
  let used: Unlock = { by: "none" };
  const { label, secret } = await loadKeyFile(path, async (asked) => (used = await unlocker(asked)));
  const read = refusable(() => decodeNodeKeys(secret));
  if (!read.ok) throw new OpenlineError("damaged", `${path}: ${read.refusal.detail}`);
  const content = encodeNodeKeys({ ...read.value, later: change(read.value) });
  const sealed = await sealKeyFile(label, content, used);
  if (!refusable(() => decodeNodeKeys(content)).ok || sealed.length > limits.keyFileBytesMax)
    throw new OpenlineError("usage", `${path} has no room for one more key: revoke node keys that are no longer used`);
  await writeSecretly(path, sealed, true);
}
