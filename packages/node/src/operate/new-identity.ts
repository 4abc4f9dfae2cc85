import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { OpenlineError, refusable, toHex, waysOf } from "@openline/core";
import { type TlsIdentity, newTlsIdentity, pinOfIdentity } from "../bearers/tls/certificate.ts";
import { type NodeKeys, decodeNodeKeys, encodeNodeKeys, tlsIdentities } from "../keys.ts";
import type { LineInForce } from "./amend.ts";
import { type Unlock, type Unlocker, loadKeyFile, sealKeyFile, writeSecretly } from "./key-file.ts";
import { LINE_FILES } from "./line-folder.ts";

/** Makes a TLS identity that takes the place of the one shown, and keeps it in `node.keys`, protected as before; durable when it resolves.
 *  Of earlier ones those stay that peers may still expect. Throws `OpenlineError`. */
export async function keepNewIdentity(line: LineInForce, now: number, unlocker: Unlocker): Promise<TlsIdentity> {
  const path = join(line.dir, LINE_FILES.keys);
  let used: Unlock | undefined;
  const { label, secret } = await loadKeyFile(path, async (asked) => (used = await unlocker(asked)));
  const read = refusable(() => decodeNodeKeys(secret));
  if (!read.ok) throw new OpenlineError("damaged", `${path}: ${read.refusal.detail}`);
  const keys = read.value;
  if (keys.tls === null) throw new OpenlineError("usage", `${path} has no TLS key: this node has no direct bearer`);
  const made = newTlsIdentity((count) => new Uint8Array(randomBytes(count)));
  const later: NonNullable<NodeKeys["later"]> = { tls: [...expected(line, now, keys), made] };
  await writeSecretly(path, await sealKeyFile(label, encodeNodeKeys({ ...keys, later }), used ?? { by: "none" }), true);
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
