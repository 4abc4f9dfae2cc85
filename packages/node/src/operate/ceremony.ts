import { readdir, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type Accord,
  type AccordFiles,
  type Kid,
  type Mode,
  OpenlineError,
  type Party,
  type PartyFile,
  type PartyId,
  RefusedInput,
  type RootSignature,
  type Terms,
  assert,
  decodeAccordFiles,
  decodePartyFile,
  decodeSignatures,
  decodeTerms,
  encodeSignatures,
  fromHex,
  keysOf,
  kidOf,
  parsePartyId,
  readUnsignedAccord,
  refusable,
  toHex,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { FILES } from "./folder.ts";
import { writeSecretly } from "./key-file.ts";
import { makeFolders } from "../store/make-folders.ts";
import { LINE_FILES, type LineConfig, fileIfThere, foldersBeside, readLineConfig } from "./line-folder.ts";

/** A first ceremony as one party's folder holds it. Nothing in it says how far it has come: that is computed from the files that
 *  are there, so that each step may be done again and days apart. Once the accord is in force, its file says what was agreed, and nothing
 *  of the folder of the ceremony is needed. */
export interface Ceremony {
  readonly dir: string;
  readonly config: LineConfig;
  readonly own: PartyFile;
  /** Party files that are here, the own one included. */
  readonly files: ReadonlyMap<PartyId, Uint8Array>;
  readonly terms: { readonly bytes: Uint8Array; readonly value: Terms } | undefined;
  /** Terms and all party files, checked but for signatures; nothing while one of them is missing. */
  readonly accord: Accord | undefined;
  /** This party has said yes to these terms. */
  readonly accepted: boolean;
  /** This party has compared this ceremony digest with the others. */
  readonly confirmed: boolean;
  readonly signatures: readonly RootSignature[];
  /** By author, sealed as they came. */
  readonly contributions: ReadonlyMap<PartyId, Uint8Array>;
  readonly inForce: boolean;
  /** Files in `out/` that are for the other side. */
  readonly laidOut: readonly string[];
}

const NAMES = { terms: "line.terms", accepted: "accepted", confirmed: "confirmed", signatures: "all.signatures" } as const;

/** Reads a folder's ceremony. Throws `OpenlineError`, and `RefusedInput` where the files that are here cannot be one accord. */
export async function readCeremony(dir: string): Promise<Ceremony> {
  const config = await readLineConfig(dir);
  const at = (name: string): string => join(dir, LINE_FILES.ceremony, name);
  const inForce = await filesInForce(dir);
  const files = inForce === undefined ? await filesWith(dir, ".party") : byParty(inForce.parties);
  const ownBytes = files.get(config.party);
  if (ownBytes === undefined)
    throw new OpenlineError("not-a-folder", `${dir}: the party file is not there; openline init was not finished`);
  const termsBytes = inForce === undefined ? await fileIfThere(at(NAMES.terms)) : inForce.terms;
  const terms = termsBytes === undefined ? undefined : { bytes: termsBytes, value: decodeTerms(termsBytes) };
  const accord = terms === undefined ? undefined : await accordSoFar({ dir, config, terms, files });
  return {
    dir,
    config,
    own: decodePartyFile(ownBytes),
    files,
    terms,
    accord,
    accepted: inForce !== undefined || (terms !== undefined && (await says(at(NAMES.accepted), digestOf(terms.bytes)))),
    confirmed: inForce !== undefined || (accord !== undefined && (await says(at(NAMES.confirmed), accord.ceremony))),
    signatures: inForce === undefined ? await signaturesSoFar(dir) : inForce.signatures,
    contributions: await filesWith(dir, ".contribution"),
    inForce: inForce !== undefined,
    laidOut: await laidOut(dir),
  };
}

/** What is in force; undefined while the ceremony is under way. Throws `OpenlineError` `damaged`. */
async function filesInForce(dir: string): Promise<AccordFiles | undefined> {
  const content = await fileIfThere(join(dir, FILES.accord));
  if (content === undefined) return undefined;
  const read = refusable(() => decodeAccordFiles(content));
  if (!read.ok) throw new OpenlineError("damaged", `${dir}: ${FILES.accord}: ${read.refusal.code}: ${read.refusal.detail}`);
  return read.value;
}

const byParty = (files: readonly Uint8Array[]): ReadonlyMap<PartyId, Uint8Array> =>
  new Map(files.map((file) => [parsePartyId(decodePartyFile(file).id), file]));

async function signaturesSoFar(dir: string): Promise<readonly RootSignature[]> {
  const signed = await fileIfThere(join(dir, LINE_FILES.ceremony, NAMES.signatures));
  return signed === undefined ? [] : decodeSignatures(signed).signatures;
}

/** Whether the ceremony of this folder is over. Throws `OpenlineError`. */
export async function isInForce(dir: string): Promise<boolean> {
  await readLineConfig(dir);
  return (await fileIfThere(join(dir, FILES.accord))) !== undefined;
}

const digestOf = (bytes: Uint8Array): string => toHex(nativeSuite.sha256(bytes));
const says = async (path: string, digest: string): Promise<boolean> =>
  Buffer.from((await fileIfThere(path)) ?? "")
    .toString("utf8")
    .trim() === digest;

async function filesWith(dir: string, ending: string): Promise<ReadonlyMap<PartyId, Uint8Array>> {
  const folder = join(dir, LINE_FILES.ceremony);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(ending)).toSorted();
  const files = new Map<PartyId, Uint8Array>();
  for (const name of names) {
    const content = await fileIfThere(join(folder, name));
    if (content !== undefined) files.set(parsePartyId(name.slice(0, -ending.length)), content);
  }
  return files;
}

/** Terms and party files as one accord, when all are there. Throws `RefusedInput`. */
export async function accordSoFar(of: {
  readonly dir: string;
  readonly config: LineConfig;
  readonly terms: { readonly bytes: Uint8Array; readonly value: Terms };
  readonly files: ReadonlyMap<PartyId, Uint8Array>;
}): Promise<Accord | undefined> {
  const named = of.terms.value.parties.map(parsePartyId);
  const { absent } = of.config;
  if (absent !== undefined && (named.length !== 2 || !named.includes(absent)))
    throw new RefusedInput("wrong-accord", `terms of ${named.join(" and ")}; this line is kept alone, with ${absent} named and not there`);
  const parties = named.filter((id) => id !== absent).map((id) => of.files.get(id));
  if (!parties.every((file) => file !== undefined)) return undefined;
  const files: AccordFiles = { terms: of.terms.bytes, parties, signatures: [] };
  const known = refusable(() => readUnsignedAccord(nativeSuite, files));
  if (!known.ok) throw new RefusedInput(known.refusal.code, known.refusal.detail);
  return readUnsignedAccord(nativeSuite, files, await enrolledBeside(of.dir, known.value.ceremony));
}

/** Keys of the lines whose folders lie beside this one, with their mode: a key is new on every line. */
export async function enrolledBeside(dir: string, except?: string): Promise<ReadonlyMap<Kid, Mode>> {
  const enrolled = new Map<Kid, Mode>();
  for (const folder of await foldersBeside(dir)) {
    const content = await fileIfThere(join(folder, FILES.accord)).catch(() => undefined);
    const other = content === undefined ? undefined : refusable(() => readUnsignedAccord(nativeSuite, decodeAccordFiles(content)));
    if (other?.ok !== true || other.value.ceremony === except) continue;
    for (const { file } of other.value.parties)
      for (const key of keysOf(file)) enrolled.set(kidOf(nativeSuite, key), other.value.terms.mode);
  }
  return enrolled;
}

/** Where a step of a ceremony writes; each file appears whole. Its folder is made where it is not there: it may have been lost. */
export async function keep(dir: string, name: string, content: Uint8Array): Promise<void> {
  await makeFolders(join(dir, LINE_FILES.ceremony), { mode: 0o700 });
  await writeSecretly(join(dir, LINE_FILES.ceremony, name), content, true);
}
export const keepParty = (dir: string, id: string, file: Uint8Array): Promise<void> => keep(dir, `${id}.party`, file);
export const keepContribution = (dir: string, from: string, file: Uint8Array): Promise<void> => keep(dir, `${from}.contribution`, file);
export const keepAccepted = (dir: string, terms: Uint8Array): Promise<void> =>
  keep(dir, NAMES.accepted, Buffer.from(`${digestOf(terms)}\n`));
export const keepConfirmed = (dir: string, accord: Accord): Promise<void> =>
  keep(dir, NAMES.confirmed, Buffer.from(`${accord.ceremony}\n`));

/** Other terms: what was said of the ones before is gone. */
export async function keepTerms(dir: string, terms: Uint8Array): Promise<void> {
  for (const name of [NAMES.accepted, NAMES.confirmed, NAMES.signatures])
    await unlink(join(dir, LINE_FILES.ceremony, name)).catch(() => undefined);
  const names = await readdir(join(dir, LINE_FILES.ceremony));
  for (const name of names) if (name.endsWith(".contribution")) await unlink(join(dir, LINE_FILES.ceremony, name));
  await keep(dir, NAMES.terms, terms);
}

/** Adds signatures that have been checked; one of a holder stands once. Returns those that were new. */
export async function keepSignatures(ceremony: Ceremony, more: readonly RootSignature[]): Promise<readonly RootSignature[]> {
  assert(ceremony.accord !== undefined, "signatures are checked against an accord");
  const isNew = (item: RootSignature): boolean =>
    !ceremony.signatures.some((held) => held.party === item.party && held.holder === item.holder);
  const added = more.filter(isNew);
  if (added.length > 0)
    await keep(ceremony.dir, NAMES.signatures, encodeSignatures(fromHex(ceremony.accord.ceremony), [...ceremony.signatures, ...added]));
  return added;
}

/** Of the folder of the ceremony, what anybody may read: party files, terms, what root holders have signed, and digests. The contributions of
 *  others are no such thing: the line's secrets are made of them. */
export const isOpenToAll = (name: string): boolean =>
  [".party", ".amendment", ".notice"].some((ending) => name.endsWith(ending)) || Object.values(NAMES).some((known) => known === name);

/** A file to be handed over. */
export async function putOut(dir: string, name: string, content: Uint8Array): Promise<string> {
  const path = join(dir, LINE_FILES.out, name);
  await makeFolders(dirname(path), { mode: 0o700 });
  await writeSecretly(path, content, true);
  return path;
}

/** What is laid out for the other side, by path. */
export async function laidOut(dir: string): Promise<readonly string[]> {
  const folder = join(dir, LINE_FILES.out);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => !name.endsWith(".new") && !name.endsWith(".amendment") && name !== FOR_HOLDERS)
    .map((name) => join(folder, name));
}
/** For one's own root holders, not for the other side. */
export const FOR_HOLDERS = "line.accord";

/** Terms and party files together, with the signatures that are here: for a root holder who signs on another machine. */
export function accordFilesOf({ accord, signatures }: Ceremony): AccordFiles {
  if (accord === undefined) throw new RefusedInput("wrong-accord", "terms or a party file are still missing");
  const order = (id: string): number => accord.parties.findIndex((party) => party.id === id);
  // In one order on every side, so that all parties hold the same file.
  const sorted = signatures.toSorted((a, b) => order(a.party) - order(b.party) || a.holder - b.holder);
  return { ...accord.files, signatures: sorted };
}

export function ownParty({ accord, config }: Ceremony): Party {
  const found = accord?.parties.find((party) => party.id === config.party);
  if (found === undefined) throw new RefusedInput("wrong-accord", "terms or a party file are still missing");
  return found;
}

/** How many of a party's root holders have signed, and how many must. */
export function signedBy(
  ceremony: Ceremony,
  id: string,
): { readonly signed: number; readonly threshold: number; readonly enough: boolean } {
  const file = ceremony.files.get(parsePartyId(id));
  const threshold = file === undefined ? 0 : decodePartyFile(file).root.threshold;
  const signed = ceremony.signatures.filter((signature) => signature.party === id).length;
  return { signed, threshold, enough: ceremony.accord !== undefined && signed >= threshold };
}

/** How far this party's own signatures have come. */
export interface Offered {
  readonly signed: number;
  readonly threshold: number;
  /** The file to hand over, once enough holders have signed. */
  readonly handOver: string | undefined;
}

/** Our signatures as a file, once they are enough. */
export async function offerSignatures(dir: string): Promise<Offered> {
  const ceremony = await readCeremony(dir);
  const { accord, config } = ceremony;
  const { signed, threshold, enough } = signedBy(ceremony, config.party);
  if (!enough || accord === undefined) return { signed, threshold, handOver: undefined };
  const signatures = ceremony.signatures.filter((signature) => signature.party === config.party);
  const file = encodeSignatures(fromHex(accord.ceremony), signatures);
  return { signed, threshold, handOver: await putOut(dir, `${config.party}.signatures`, file) };
}
