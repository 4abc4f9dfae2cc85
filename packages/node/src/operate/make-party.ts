import {
  type PartyFile,
  type RandomBytes,
  type Schema,
  type Suite,
  bytes,
  commitmentToContribution,
  decode,
  encode,
  encodePartyFile,
  fromHex,
  limits,
  nullable,
  object,
  plain,
  text,
} from "@openline/core";
import { type TlsIdentity, pinOfIdentity } from "../bearers/tls/certificate.ts";
import { type NodeKeys, publicKeys } from "../keys.ts";
import { personCommitment } from "./key-file.ts";
import type { PartyDescription, PartyWords } from "./party-yaml.ts";

/** What a node keeps while its ceremony is under way: its own keys and its contribution, but no secret of the line yet. */
export interface NodeSecrets extends Omit<NodeKeys, "psks" | "lineSecret" | "later"> {
  /** 32 bytes; gone once the secrets of the line are made of it. */
  readonly contribution: Uint8Array;
}
export interface RootSecret {
  readonly ed25519: Uint8Array;
  readonly mldsa44: Uint8Array;
}
export interface PersonSecret {
  readonly salt: Uint8Array;
  readonly name: string;
}

const pair = object<RootSecret>({ ed25519: bytes(32), mldsa44: bytes(32) });
const nodeSchema: Schema<NodeSecrets> = object<NodeSecrets>({
  node: bytes(32),
  log: pair,
  mirror: bytes(32),
  seal: bytes(32),
  tls: nullable(object<NonNullable<NodeKeys["tls"]>>({ key: text(limits.pemBytesMax), certificate: text(limits.pemBytesMax) })),
  contribution: bytes(32),
});
const personSchema: Schema<PersonSecret> = object<PersonSecret>({ salt: bytes(16), name: text(1024) });

export const encodeNodeSecrets = (secrets: NodeSecrets): Uint8Array => encode(plain(secrets));
/** Each throws `RefusedInput` on anything else. */
export const decodeNodeSecrets = (content: Uint8Array): NodeSecrets => nodeSchema(decode(content), "node key");
export const encodeRootSecret = (secret: RootSecret): Uint8Array => encode(plain(secret));
export const decodeRootSecret = (content: Uint8Array): RootSecret => pair(decode(content), "root key");
export const encodePersonSecret = (secret: PersonSecret): Uint8Array => encode(plain(secret));
export const decodePersonSecret = (content: Uint8Array): PersonSecret => personSchema(decode(content), "person");

/** All secrets of a new party, and the file that names their public halves. */
export interface MadeParty {
  readonly file: PartyFile;
  readonly bytes: Uint8Array;
  readonly node: NodeSecrets;
  readonly roots: readonly RootSecret[];
  readonly directory: readonly { readonly seed: Uint8Array; readonly person: PersonSecret }[];
}

/** Makes every key of a party. Nobody else has a part in it, so that each party answers for its own chance. */
export function makeParty(suite: Suite, random: RandomBytes, plan: PartyDescription, tls: TlsIdentity): MadeParty {
  const node: NodeSecrets = {
    node: random(32),
    log: { ed25519: random(32), mldsa44: random(32) },
    mirror: random(32),
    seal: random(32),
    tls: { key: tls.key, certificate: tls.certificate },
    contribution: random(32),
  };
  const roots = Array.from({ length: plan.root.holders }, () => ({ ed25519: random(32), mldsa44: random(32) }));
  const directory = plan.directory.map((name) => ({ seed: random(32), person: { salt: random(16), name } }));
  const file: PartyFile = {
    version: 1,
    base: null,
    incarnation: random(8),
    root: {
      threshold: plan.root.threshold,
      holders: roots.map((root) => ({ ed25519: suite.ed25519Public(root.ed25519), mldsa44: suite.mldsa44Public(root.mldsa44) })),
    },
    ...publicKeys(suite, node),
    tls: [fromHex(pinOfIdentity(tls))],
    contribution: commitmentToContribution(suite, node.contribution),
    directory: directory.map(({ seed, person }) => ({
      key: suite.ed25519Public(seed),
      person: personCommitment(person.salt, person.name),
    })),
    ...described(plan),
  };
  return { file, bytes: encodePartyFile(file), node, roots, directory };
}

/** The same keys under other words: while nothing has been signed, a party may still change what it says of itself. */
export function redescribe(file: PartyFile, plan: PartyWords): Uint8Array {
  return encodePartyFile({ ...file, ...described(plan) });
}

function described({ id, name, language, zone, posts, hours, holidays, addresses }: PartyWords) {
  return { id, name, language, zone, posts, hours, holidays, addresses };
}
