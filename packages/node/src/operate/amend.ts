import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type Accord,
  type Amendment,
  type HolderSignature,
  LineRecord,
  type LogTrack,
  type Party,
  type PartyFile,
  RefusedInput,
  type Terms,
  amendmentBaseNow,
  assert,
  checkPartyFile,
  checkTerms,
  decodeAmendment,
  decodePartyFile,
  encodeAmendment,
  equalBytes,
  fromHex,
  inUseNow,
  kidOf,
  readPartyFileFor,
  readTermsFor,
  signAmendment,
  toHex,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { openSqliteReadOnly } from "../store/sqlite.ts";
import { keep } from "./ceremony.ts";
import { FILES } from "./folder.ts";
import { type Unlocker, labelOf, loadKeyFile, readKeyFile } from "./key-file.ts";
import { LINE_FILES, fileIfThere, readLineConfig } from "./line-folder.ts";
import { decodeRootSecret, redescribe } from "./make-party.ts";
import { accordInForce } from "./open-line.ts";
import { partyWordsOf, partyWordsYaml } from "./party-yaml.ts";
import { recordOf, snapshotOf } from "./status.ts";
import { partyChanges, termsChanges } from "./terms-changes.ts";
import { termsOf, termsYaml } from "./terms-yaml.ts";
import { readYamlFile } from "./yaml-file.ts";

/** How the people of a line whose accord is in force make other terms, or another file of their own party, ready to be proposed (docs/operating/amend.md). What is agreed stands in
 *  the record and nowhere else; the folder keeps only what root holders have signed of terms that are not proposed yet. */

/** A line in force as the record in its folder has it. */
export interface LineInForce {
  readonly dir: string;
  readonly accord: Accord;
  readonly party: Party;
  readonly record: LineRecord;
  /** Our latest log. */
  readonly log: LogTrack;
}

/** Reads a folder, also while its node runs. Throws `OpenlineError` `not-a-folder` while the ceremony is under way. */
export async function readLineInForce(dir: string): Promise<LineInForce> {
  const { accord, party } = await accordInForce(dir, await readLineConfig(dir));
  const record = await recordIn(dir, accord, party);
  const log = record.logsOf[accord.parties.indexOf(party)]?.at(-1);
  assert(log !== undefined, "a party that is there has a log");
  return { dir, accord, party, record, log };
}

async function recordIn(dir: string, accord: Accord, party: Party): Promise<LineRecord> {
  const path = join(dir, FILES.database);
  // A node that has never run has no record yet.
  if ((await stat(path).catch(() => undefined)) === undefined) return new LineRecord(nativeSuite, accord);
  const store = await openSqliteReadOnly(path);
  try {
    return recordOf(nativeSuite, await snapshotOf({ accord, party, store }));
  } finally {
    await store.close();
  }
}

export const termsInUse = ({ log }: LineInForce): Terms => inUseNow(log).terms;
/** Our own party, with the file in use. */
export const partyInUse = ({ log }: LineInForce): Party => inUseNow(log).party;
export const partyFileInUse = (line: LineInForce): PartyFile => partyInUse(line).file;

/** The party file that each party's log uses, as far as we know; that of the ceremony where it has not been amended. */
export const partyFilesInUse = ({ accord, record }: LineInForce): readonly Uint8Array[] =>
  accord.files.parties.map((first) => {
    const position = accord.parties.findIndex(({ id }) => id === decodePartyFile(first).id);
    return record.amendments.files.get(position)?.at(-1)?.amendment.file ?? first;
  });

/** What is to replace a file in use: the terms, or our own party file. */
export type NextFile =
  | { readonly purpose: "terms"; readonly file: Uint8Array; readonly terms: Terms }
  | { readonly purpose: "party"; readonly file: Uint8Array; readonly party: PartyFile };
type Purpose = NextFile["purpose"];

/** The terms in use as people read and change them. */
export const nextTermsDraft = (line: LineInForce): string =>
  [
    "# The terms in force. Change what is to be agreed anew; all of it is agreed again. Mode, suite and parties stay,",
    "# and no channel takes the number or id of another. Then: openline accord sign --dir DIR --terms THIS-FILE",
    termsYaml(termsInUse(line)),
  ].join("\n");

/** What our party says of itself, as people read and change it. */
export const nextPartyDraft = (line: LineInForce): string =>
  [
    "# Our own party as its file in force has it. Change what you want; keys and id stay. The other side holds it and does not have to accept it.",
    "# Then: openline accord sign --dir DIR --party THIS-FILE",
    partyWordsYaml(partyFileInUse(line)),
  ].join("\n");

/** Terms that people wrote. Throws `RefusedInput` where they cannot replace those in use, `OpenlineError` where they cannot be read. */
export async function readNextTerms(line: LineInForce, path: string): Promise<NextFile> {
  const base = amendmentBaseNow(line.record, line.log, "terms");
  const file = await readYamlFile(path, (root) => termsOf(root, fromHex(base.base)));
  const terms = readTermsFor(file, base);
  if (termsChanges(base.terms, terms).length === 0) throw new RefusedInput("wrong-accord", `${path} says the same as the terms in force`);
  return { purpose: "terms", file, terms };
}

/** What people wrote of their own party, with the keys of its file in use. Throws like `readNextTerms`. */
export async function readNextParty(line: LineInForce, path: string): Promise<NextFile> {
  const base = amendmentBaseNow(line.record, line.log, "party");
  const words = await readYamlFile(path, partyWordsOf);
  const file = redescribe({ ...base.party.file, base: fromHex(base.base) }, words);
  const party = readPartyFileFor(nativeSuite, file, base);
  if (partyChanges(base.party.file, party).length === 0)
    throw new RefusedInput("wrong-accord", `${path} says the same as the party file in force`);
  return { purpose: "party", file, party };
}

export interface NextSigned {
  /** Counted from 1. */
  readonly holder: number;
  readonly signed: number;
  readonly threshold: number;
}

/** A root holder signs what is to be proposed, in this party's folder. Signatures of other terms are gone with the first of these. */
export async function signNext(line: LineInForce, next: NextFile, keyFile: string, unlocker: Unlocker): Promise<NextSigned> {
  const label = labelOf(await readKeyFile(keyFile));
  if (label.kind !== "root")
    throw new RefusedInput("not-authorised", `${keyFile} is a ${label.kind} key; an accord is signed by root holders`);
  const { threshold, holders } = partyFileInUse(line).root;
  const holder = holders.findIndex(({ ed25519 }) => equalBytes(ed25519, label.public));
  if (holder < 0) throw new RefusedInput("unknown-key", `${keyFile} is no root key of ${line.party.id}`);
  const { secret } = await loadKeyFile(keyFile, unlocker);
  const signature = signAmendment(nativeSuite, decodeRootSecret(secret), { line: line.accord.line, file: next.file });
  const signatures = await keepSignature(line, next, signature);
  return { holder: holder + 1, signed: signatures.length, threshold };
}

/** Keeps one more signature; one of a holder stands once. Returns all of this file. */
export async function keepSignature(
  line: LineInForce,
  next: Pick<NextFile, "purpose" | "file">,
  signature: HolderSignature,
): Promise<readonly HolderSignature[]> {
  const others = (await signaturesOf(line, next)).filter(({ kid }) => !equalBytes(kid, signature.kid));
  const signatures = [...others, signature].toSorted((a, b) => (toHex(a.kid) < toHex(b.kid) ? -1 : 1));
  await keep(line.dir, keptAs(next.purpose), encodeAmendment({ file: next.file, signatures }));
  return signatures;
}

export const keptAs = (purpose: Purpose): string => `next-${purpose}.amendment`;

/** What root holders have signed here of exactly this file. */
export async function signaturesOf(
  line: LineInForce,
  { purpose, file }: Pick<NextFile, "purpose" | "file">,
): Promise<readonly HolderSignature[]> {
  const content = await fileIfThere(join(line.dir, LINE_FILES.ceremony, keptAs(purpose)));
  if (content === undefined) return [];
  const kept = decodeAmendment(content);
  const holders = new Set<string>(partyFileInUse(line).root.holders.map(({ ed25519 }) => kidOf(nativeSuite, ed25519)));
  return equalBytes(kept.file, file) ? kept.signatures.filter(({ kid }) => holders.has(toHex(kid))) : [];
}

/** A file with the signatures of enough root holders. Throws `RefusedInput` where the other side could not take it. */
export async function nextAmendment(line: LineInForce, next: NextFile): Promise<Amendment> {
  const signatures = await signaturesOf(line, next);
  const { threshold } = partyFileInUse(line).root;
  if (signatures.length < threshold)
    throw new RefusedInput(
      "wrong-accord",
      `signatures are missing: ${signatures.length} of ${threshold} root holders of ${line.party.id} have signed exactly this here`,
    );
  const amendment: Amendment = { file: next.file, signatures };
  const base = amendmentBaseNow(line.record, line.log, next.purpose);
  if (next.purpose === "terms") checkTerms(nativeSuite, amendment, base);
  else checkPartyFile(nativeSuite, amendment, base);
  return amendment;
}
