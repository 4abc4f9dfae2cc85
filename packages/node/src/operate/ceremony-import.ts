import {
  type PartyId,
  RefusedInput,
  type Terms,
  ceremonyFileKind,
  checkSignature,
  decodePartyFile,
  decodeSignatures,
  decodeTerms,
  equalBytes,
  fromHex,
  keysOf,
  kidOf,
  openContribution,
  parsePartyId,
  weakKeyOf,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import {
  type Ceremony,
  accordSoFar,
  enrolledBeside,
  keepContribution,
  keepParty,
  keepSignatures,
  keepTerms,
  offerSignatures,
  ownParty,
  readCeremony,
} from "./ceremony.ts";

/** What a file from another party was, and whether it was new. */
export interface Imported {
  readonly kind: "party" | "terms" | "signatures" | "contribution";
  /** Whose; terms are nobody's. */
  readonly from: PartyId | null;
  readonly news: boolean;
}

export interface ImportOptions {
  /** Other terms or another party file than before: take them, and begin again from there. */
  readonly replace: boolean;
  /** The seed of this party's sealing key, asked for when a contribution is to be opened. */
  readonly seal: () => Promise<Uint8Array>;
}

/** Takes a file of a ceremony, whatever it is, checks it against all that is here, and keeps it. The same file again changes
 *  nothing. Throws `RefusedInput`. */
export async function importFile(dir: string, file: Uint8Array, options: ImportOptions): Promise<readonly Imported[]> {
  const kind = ceremonyFileKind(file);
  const ceremony = await readCeremony(dir);
  if (ceremony.inForce) throw new RefusedInput("wrong-accord", "this line's accord is in force; its ceremony is over");
  switch (kind) {
    case "party":
      return [await importParty(ceremony, file, options.replace)];
    case "terms":
      return [await importTerms(ceremony, file, options.replace)];
    case "signatures":
      return importSignatures(ceremony, file);
    case "contribution":
      return [await importContribution(ceremony, file, options.seal)];
    case "accord":
      throw new RefusedInput("malformed", "an accord for a root holder to sign; party files, terms and signatures are taken one by one");
  }
}

async function importParty(ceremony: Ceremony, file: Uint8Array, replace: boolean): Promise<Imported> {
  const party = decodePartyFile(file);
  const id = parsePartyId(party.id);
  const { config, terms } = ceremony;
  if (config.absent !== undefined && id !== config.party)
    throw new RefusedInput("wrong-party", `a file of ${id}; this line is kept by ${config.party} alone`);
  if (id === config.party) {
    if (equalBytes(file, ceremony.files.get(id) ?? file)) return { kind: "party", from: id, news: false };
    throw new RefusedInput("wrong-party", `a file of ${id}, which is this party, with other keys than its own`);
  }
  const before = ceremony.files.get(id);
  if (before !== undefined && equalBytes(before, file)) return { kind: "party", from: id, news: false };
  if (before !== undefined) refuseChange(ceremony, replace, `another party file of ${id} than the one taken before`);
  if (terms !== undefined && !terms.value.parties.includes(id)) throw new RefusedInput("wrong-party", `${id} is no party of the terms`);
  await refuseKeys(ceremony, id, file);
  if (terms !== undefined) await accordSoFar({ ...ceremony, terms, files: new Map([...ceremony.files, [id, file]]) });
  await keepParty(ceremony.dir, id, file);
  if (before !== undefined && terms !== undefined) await keepTerms(ceremony.dir, terms.bytes);
  return { kind: "party", from: id, news: true };
}

/** Weak keys, and keys that stand for somebody already: here, or on a line whose folder lies beside. */
async function refuseKeys({ dir, config, files }: Ceremony, id: PartyId, file: Uint8Array): Promise<void> {
  const party = decodePartyFile(file);
  const weak = weakKeyOf(party);
  if (weak !== undefined) throw new RefusedInput("weak-key", `${id}: ${weak}`);
  const others = [...files].filter(([other]) => other !== id).flatMap(([, bytes]) => keysOf(decodePartyFile(bytes)));
  const here = new Set(others.map((key) => kidOf(nativeSuite, key)));
  const enrolled = await enrolledBeside(dir);
  for (const key of keysOf(party)) {
    const kid = kidOf(nativeSuite, key);
    const mode = enrolled.get(kid);
    // Of a line whose accord is in force; its own ceremony may be this one, which the whole accord tells apart.
    if (mode !== undefined && mode !== config.mode)
      throw new RefusedInput("foreign-mode", `${id}: key ${kid} is enrolled on a line of mode ${mode}`);
    if (here.has(kid)) throw new RefusedInput("reused-key", `${id}: key ${kid}`);
    here.add(kid);
  }
}

/** Terms of the other side, or of one's own people (`proposeTerms`). */
export async function importTerms(ceremony: Ceremony, file: Uint8Array, replace: boolean): Promise<Imported> {
  const value: Terms = decodeTerms(file);
  const { dir, config, terms, files } = ceremony;
  if (value.mode !== config.mode)
    throw new RefusedInput("foreign-mode", `terms of mode ${value.mode}; this folder is of mode ${config.mode}`);
  if (value.base !== null) throw new RefusedInput("wrong-accord", "terms that replace others; a first ceremony begins with none");
  if (!value.parties.includes(config.party))
    throw new RefusedInput("wrong-line", `terms of ${value.parties.join(" and ")}, without ${config.party}`);
  const strange = [...files.keys()].find((id) => !value.parties.includes(id));
  if (strange !== undefined)
    throw new RefusedInput("wrong-line", `terms of ${value.parties.join(" and ")}; a party file of ${strange} is here`);
  if (terms !== undefined && equalBytes(terms.bytes, file)) return { kind: "terms", from: null, news: false };
  if (terms !== undefined && ceremony.accepted) refuseChange(ceremony, replace, "other terms than the ones accepted before");
  await accordSoFar({ dir, config, terms: { bytes: file, value }, files });
  await keepTerms(dir, file);
  return { kind: "terms", from: null, news: true };
}

function refuseChange(ceremony: Ceremony, replace: boolean, what: string): void {
  if (!replace) throw new RefusedInput("wrong-accord", `${what}; to take it and begin again from there, add --replace`);
}

async function importSignatures(ceremony: Ceremony, file: Uint8Array): Promise<readonly Imported[]> {
  const { ceremony: signed, signatures } = decodeSignatures(file);
  const accord = whole(ceremony);
  if (!equalBytes(signed, fromHex(accord.ceremony)))
    throw new RefusedInput("wrong-accord", "signatures to another ceremony digest: terms or a party file differ from those here");
  for (const signature of signatures) {
    const party = accord.parties.find((item) => item.id === signature.party);
    if (party === undefined) throw new RefusedInput("wrong-party", `a signature of ${signature.party}`);
    checkSignature(nativeSuite, party.file, signature, signed);
  }
  const added = await keepSignatures(ceremony, signatures);
  // One of our own root holders may have signed elsewhere.
  await offerSignatures(ceremony.dir);
  const from = [...new Set(signatures.map((item) => item.party))];
  return from.map((id) => ({ kind: "signatures", from: parsePartyId(id), news: added.some((item) => item.party === id) }));
}

async function importContribution(ceremony: Ceremony, file: Uint8Array, seal: ImportOptions["seal"]): Promise<Imported> {
  const accord = whole(ceremony);
  const { from } = openContribution(nativeSuite, accord, { file, party: ownParty(ceremony), seed: await seal() });
  const news = !ceremony.contributions.has(from);
  await keepContribution(ceremony.dir, from, file);
  return { kind: "contribution", from, news };
}

function whole({ accord }: Ceremony): NonNullable<Ceremony["accord"]> {
  if (accord === undefined)
    throw new RefusedInput("wrong-accord", "terms and all party files come first; one of them is still missing here");
  return accord;
}
