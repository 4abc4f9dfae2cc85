import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  type Accord,
  type Contribution,
  type Party,
  RefusedInput,
  type RootSignature,
  contributionFor,
  decodeAccordFiles,
  encodeAccordFiles,
  encodeSignatures,
  equalBytes,
  fromHex,
  lineSecrets,
  openContribution,
  presentParties,
  readAccord,
  readUnsignedAccord,
  refusable,
  sealContribution,
  signAccord,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { decodeNodeKeys, encodeNodeKeys } from "../keys.ts";
import {
  type Ceremony,
  FOR_HOLDERS,
  accordFilesOf,
  enrolledBeside,
  keepAccepted,
  keepConfirmed,
  type Offered,
  keepSignatures,
  offerSignatures,
  ownParty,
  putOut,
  readCeremony,
} from "./ceremony.ts";
import { importTerms } from "./ceremony-import.ts";
import { refuseOtherDigits } from "./digits.ts";
import { FILES } from "./folder.ts";
import { type Unlock, type Unlocker, labelOf, loadKeyFile, openKeyFile, readKeyFile, sealKeyFile, writeSecretly } from "./key-file.ts";
import { LINE_FILES } from "./line-folder.ts";
import { type NodeSecrets, decodeNodeSecrets, decodeRootSecret } from "./make-party.ts";

/** The steps of a first ceremony, one function each. All may be done again; what is done already stays as it is.
 *  They throw `RefusedInput` for what the other side or the digits contradict, and `OpenlineError` for our own ground. */

/** Terms of our own people: taken, accepted, and laid out to be handed over. */
export async function proposeTerms(dir: string, terms: Uint8Array, replace: boolean): Promise<string> {
  await importTerms(await begun(dir), terms, replace);
  await keepAccepted(dir, terms);
  return putOut(dir, "line.terms", terms);
}

/** Yes to the terms that are here. */
export async function acceptTerms(dir: string): Promise<void> {
  const { terms } = await begun(dir);
  if (terms === undefined) throw new RefusedInput("wrong-accord", "no terms are here yet; import them, or propose some");
  await keepAccepted(dir, terms.bytes);
}

/** The digits that the other side read agree with ours, all 80 of them: from now on root holders may sign, and our contributions
 *  may be handed over, sealed to keys that have been compared. Returns the files to hand over. */
export async function confirmDigits(dir: string, digits: string, unlocker: Unlocker): Promise<readonly string[]> {
  const ceremony = await begun(dir);
  const accord = compared(ceremony, digits);
  if (!ceremony.accepted) throw new RefusedInput("wrong-accord", "the terms have not been accepted here");
  const { secrets } = await nodeSecrets(dir, unlocker);
  const own = ownParty(ceremony);
  const files: string[] = [];
  for (const peer of presentParties(accord).filter((party) => party !== own)) {
    const contribution = contributionFor(nativeSuite, accord, { secret: secrets.contribution, from: own, to: peer });
    const sealed = sealContribution(nativeSuite, accord, contribution, new Uint8Array(randomBytes(64)));
    files.push(await putOut(dir, `${own.id}-to-${peer.id}.contribution`, sealed));
  }
  await putOut(dir, FOR_HOLDERS, encodeAccordFiles(accordFilesOf(ceremony)));
  await keepConfirmed(dir, accord);
  return files;
}

/** All 80 digits, in whatever groups. */
function compared(ceremony: Ceremony, digits: string): Accord {
  const { accord } = ceremony;
  if (accord === undefined) throw new RefusedInput("wrong-accord", "terms or a party file are still missing, so there are no digits yet");
  refuseOtherDigits(accord.ceremony, digits);
  return accord;
}

export interface Signed extends Offered {
  readonly holder: number;
}

/** A root holder signs the ceremony digest, in this party's folder. */
export async function signCeremony(dir: string, keyFile: string, unlocker: Unlocker): Promise<Signed> {
  const ceremony = await begun(dir);
  if (!ceremony.confirmed) throw new RefusedInput("wrong-accord", "the digits have not been compared here; that comes before signing");
  const own = ownParty(ceremony);
  const signature = await signWith(accordOf(ceremony), { keyFile, unlocker, party: own });
  await keepSignatures(ceremony, [signature]);
  return { holder: signature.holder + 1, ...(await offerSignatures(dir)) };
}

/** A root holder signs on a machine of their own: from the accord's file to a file of one signature. */
export async function signElsewhere(options: {
  readonly accordFile: Uint8Array;
  readonly digits: string;
  readonly keyFile: string;
  readonly unlocker: Unlocker;
}): Promise<Uint8Array> {
  const accord = readUnsignedAccord(nativeSuite, decodeAccordFiles(options.accordFile));
  refuseOtherDigits(accord.ceremony, options.digits);
  const signature = await signWith(accord, options);
  return encodeSignatures(fromHex(accord.ceremony), [signature]);
}

async function signWith(
  accord: Accord,
  { keyFile, unlocker, party }: { readonly keyFile: string; readonly unlocker: Unlocker; readonly party?: Party },
): Promise<RootSignature> {
  const label = labelOf(await readKeyFile(keyFile));
  if (label.kind !== "root")
    throw new RefusedInput("not-authorised", `${keyFile} is a ${label.kind} key; an accord is signed by root holders`);
  const owner = accord.parties.find((item) => item.file.root.holders.some(({ ed25519 }) => equalBytes(ed25519, label.public)));
  if (owner === undefined || (party !== undefined && owner !== party))
    throw new RefusedInput("unknown-key", `${keyFile} is no root key of ${party?.id ?? "a party of this accord"}`);
  const holder = owner.file.root.holders.findIndex(({ ed25519 }) => equalBytes(ed25519, label.public));
  const { secret } = await loadKeyFile(keyFile, unlocker);
  return { party: owner.id, holder, ...signAccord(nativeSuite, decodeRootSecret(secret), fromHex(accord.ceremony)) };
}

/** Puts the accord in force on this party's ground, when everything is here; tells what is not. The secrets of the line are made
 *  of the contributions, and the contributions are gone. */
export async function enterForce(dir: string, unlocker: Unlocker): Promise<Accord> {
  const ceremony = await readCeremony(dir);
  const files = accordFilesOf(ceremony);
  const accord = readAccord(nativeSuite, files, await enrolledBeside(dir, accordOf(ceremony).ceremony));
  if (ceremony.inForce) return accord;
  if (!ceremony.confirmed) throw new RefusedInput("wrong-accord", "the digits have not been compared here");
  const own = ownPartyOf(accord, ceremony);
  const missing = presentParties(accord).find((party) => party !== own && !ceremony.contributions.has(party.id));
  if (missing !== undefined) throw new RefusedInput("wrong-contribution", `the contribution of ${missing.id} is not here`);
  await makeLineSecrets(ceremony, accord, unlocker);
  await writeSecretly(join(dir, FILES.party), Buffer.from(`${own.id}\n`), true);
  await writeSecretly(join(dir, FILES.accord), encodeAccordFiles(accord.files), true);
  return accord;
}

const ownPartyOf = (accord: Accord, { config }: Ceremony): Party => {
  const found = accord.parties.find((party) => party.id === config.party);
  if (found === undefined) throw new RefusedInput("wrong-party", `${config.party} is no party of the accord`);
  return found;
};

async function makeLineSecrets(ceremony: Ceremony, accord: Accord, unlocker: Unlocker): Promise<void> {
  const { dir } = ceremony;
  const { content, unlock, label } = await nodeKeyFile(dir, unlocker);
  // Done before, and stopped before the accord was written.
  if (refusable(() => decodeNodeKeys(content)).ok) return;
  const { contribution: secret, ...keys } = decodeNodeSecrets(content);
  const party = ownPartyOf(accord, ceremony);
  const given = [...ceremony.contributions.values()].map((file): Contribution =>
    openContribution(nativeSuite, accord, { file, party, seed: keys.seal }),
  );
  const { line, psks } = lineSecrets(nativeSuite, accord, { secret, party, given });
  const sealed = await sealKeyFile(label, encodeNodeKeys({ ...keys, psks, lineSecret: line }), unlock);
  await writeSecretly(join(dir, LINE_FILES.keys), sealed, true);
}

/** This node's keys while its ceremony is under way. */
export async function nodeSecrets(dir: string, unlocker: Unlocker): Promise<{ readonly secrets: NodeSecrets }> {
  const { content } = await nodeKeyFile(dir, unlocker);
  const read = refusable(() => decodeNodeSecrets(content));
  if (!read.ok)
    throw new RefusedInput("wrong-accord", "the secrets of the line are made already; run openline accord confirm again without digits");
  return { secrets: read.value };
}

/** Opens `node.keys`, and remembers with what, so that it can be sealed again the same way. */
async function nodeKeyFile(dir: string, unlocker: Unlocker) {
  const used: Unlock[] = [{ by: "none" }];
  const remembering: Unlocker = async (label) => {
    const unlock = await unlocker(label);
    used.push(unlock);
    return unlock;
  };
  const { label, secret } = await openKeyFile(await readKeyFile(join(dir, LINE_FILES.keys)), remembering);
  return { label, content: secret, unlock: used.at(-1) ?? { by: "none" as const } };
}

async function begun(dir: string): Promise<Ceremony> {
  const ceremony = await readCeremony(dir);
  if (ceremony.inForce) throw new RefusedInput("wrong-accord", "this line's accord is in force; its ceremony is over");
  return ceremony;
}

function accordOf({ accord }: Ceremony): Accord {
  if (accord === undefined) throw new RefusedInput("wrong-accord", "terms or a party file are still missing");
  return accord;
}
