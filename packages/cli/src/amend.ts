import {
  type Proposal,
  type SigningKey,
  type Unlocker,
  type LineInForce,
  type FileChange,
  type NextFile,
  type NextImported,
  handsOf,
  importNextSignatures,
  layOutNext,
  loadSigningKey,
  nextAmendment,
  nextPartyDraft,
  nextTermsDraft,
  openProposals,
  partyChanges,
  partyFileInUse,
  proposalToAccept,
  proposalToConfirm,
  readLineInForce,
  readNextParty,
  readNextTerms,
  sayTakeBack,
  signNext,
  nativeSuite,
  termsChanges,
  termsInUse,
  termsOfProposal,
  termsYaml,
} from "@openline/node/operate";
import { type Body, type Said, type Terms, accordView, amendmentBody, amendmentDigest, digitsOf } from "@openline/core";
import { askNode } from "./acting/node-client.ts";
import { placeThroughNode } from "./acting/through-node.ts";
import { accordLines, changeLines } from "./amend-words.ts";
import { EXIT, Ended } from "./exit.ts";
import { printJson, printLines } from "./output.ts";
import { type KeyOptions, unlockerOf } from "./passphrases.ts";
import { taken } from "./taken.ts";

/** `openline accord …` on a line whose accord is in force: other terms are drafted, signed, proposed, accepted and confirmed, all in the
 *  record. Its ceremony is in `accord.ts`. */

export interface AmendOptions extends KeyOptions {
  readonly dir: string;
  readonly directoryKey?: readonly string[];
  readonly json?: true;
}

/** The terms in force, or our own party file, to be changed. */
export async function draftNext(dir: string, purpose: "terms" | "party"): Promise<void> {
  const line = await taken(() => readLineInForce(dir));
  process.stdout.write(purpose === "terms" ? nextTermsDraft(line) : nextPartyDraft(line));
}

/** What people wrote, by one of two options. */
export interface Written {
  /** Terms, as YAML. */
  readonly terms?: string;
  /** What their own party says of itself, as YAML. */
  readonly party?: string;
}

/** Undefined where neither is given. */
function readNext(line: LineInForce, { terms, party }: Written): Promise<NextFile> | undefined {
  if (terms !== undefined && party !== undefined) throw new Ended(EXIT.usage, "one at a time: --terms FILE or --party FILE");
  if (party !== undefined) return readNextParty(line, party);
  return terms === undefined ? undefined : readNextTerms(line, terms);
}

/** What is in force and what is being changed, for `accord show`. */
export async function accordOf(dir: string): Promise<ReturnType<typeof accordView>> {
  return accordView((await taken(() => readLineInForce(dir))).record);
}

export function printAccord(view: ReturnType<typeof accordView>, own: string, dir: string): void {
  printLines(accordLines(view, own, dir));
}

/** Terms word for word: those in force, or with `entry` or one proposal those proposed. */
export async function showTerms(
  dir: string,
  options: { readonly proposed: boolean; readonly entry?: string; readonly json: boolean },
): Promise<void> {
  const line = await taken(() => readLineInForce(dir));
  const terms = options.proposed ? proposedTerms(theProposal(line, options.entry)) : termsInUse(line);
  if (options.json) printJson(terms);
  else process.stdout.write(termsYaml(terms));
}

/** What would be another than now: in a file that people write, or in what is proposed. */
export async function showChanges(
  dir: string,
  options: { readonly written: Written; readonly entry?: string; readonly json: boolean },
): Promise<void> {
  const line = await taken(() => readLineInForce(dir));
  const { of, changes } = (await changesWritten(line, options.written)) ?? changesProposed(line, options.entry);
  if (options.json) printJson({ of, changes });
  else printLines([`${of} would change of what is in force:`, ...changeLines(changes)]);
}

interface Changes {
  readonly of: string;
  readonly changes: readonly FileChange[];
}

async function changesWritten(line: LineInForce, written: Written): Promise<Changes | undefined> {
  const next = await taken(async () => readNext(line, written));
  if (next === undefined) return undefined;
  const changes = next.purpose === "terms" ? termsChanges(termsInUse(line), next.terms) : partyChanges(partyFileInUse(line), next.party);
  return { of: nameOf(written), changes };
}

function changesProposed(line: LineInForce, entry: string | undefined): Changes {
  const proposal = theProposal(line, entry);
  return { of: proposal.view.entry, changes: termsChanges(termsInUse(line), proposedTerms(proposal)) };
}

const nameOf = ({ terms, party }: Written): string => terms ?? party ?? "";

/** The digits of what is proposed; undefined where nothing is. */
export async function proposedDigits(
  dir: string,
  entry: string | undefined,
): Promise<{ readonly entry: string; readonly digits: string } | undefined> {
  const line = await taken(() => readLineInForce(dir));
  if (entry === undefined && openProposals(line).length === 0) return undefined;
  const { view } = theProposal(line, entry);
  return { entry: view.entry, digits: view.digits };
}

function theProposal(line: LineInForce, entry: string | undefined): Proposal {
  const open = openProposals(line);
  const found = entry === undefined ? open : open.filter(({ view }) => view.entry === entry);
  const [one, more] = found;
  if (one === undefined)
    throw new Ended(
      EXIT.refused,
      entry === undefined ? "no terms are proposed on this line" : `${entry} is no proposal of terms that is open`,
    );
  if (more !== undefined)
    throw new Ended(EXIT.usage, `several terms are proposed; say which with --entry: ${found.map(({ view }) => view.entry).join(", ")}`);
  return one;
}

function proposedTerms(proposal: Proposal): Terms {
  const terms = termsOfProposal(proposal);
  if (terms === undefined) throw new Ended(EXIT.refused, `the terms of ${proposal.view.entry} have not come, or cannot be read`);
  return terms;
}

/** A root holder signs terms, or our own party file, that are to replace those in force. */
export async function signWritten(dir: string, written: Written, options: KeyOptions & { readonly key: string }): Promise<void> {
  const line = await taken(() => readLineInForce(dir));
  const next = await taken(() => writtenIn(line, written));
  const { holder, signed, threshold } = await taken(() => signNext(line, next, options.key, unlockerOf(options)));
  const file = `--${next.purpose} ${nameOf(written)}`;
  printLines([
    `Root holder ${holder} has signed ${nameOf(written)}: ${signed} of ${threshold}.`,
    signed >= threshold
      ? `Next: openline accord propose --dir ${dir} ${file} --directory-key A --directory-key B`
      : `Next: ${threshold - signed} more of our root holders: openline accord sign --dir ${dir} ${file} --key ROOT-KEY`,
  ]);
}

/** Lays out what is written for root holders who sign on machines of their own. */
export async function layOutWritten(dir: string, written: Written): Promise<void> {
  const line = await taken(() => readLineInForce(dir));
  const next = await taken(() => writtenIn(line, written));
  const { path, digits } = await taken(() => layOutNext(line, next));
  printLines([
    `For root holders who sign elsewhere: ${path}, with ${dir}/accord.cbor, and these digits by telephone:`,
    `  ${digits}`,
    'There: openline accord sign --accord accord.cbor --amendment FILE --digits "DIGITS" --key ROOT-KEY --out SIGNATURE',
  ]);
}

/** Takes signatures that were made elsewhere. */
export async function importWritten(dir: string, files: readonly Uint8Array[], asJson: boolean): Promise<void> {
  const line = await taken(() => readLineInForce(dir));
  const imported: NextImported[] = [];
  for (const content of files) imported.push(await taken(() => importNextSignatures(line, content)));
  if (asJson) return printJson(imported);
  printLines(
    imported.map(
      ({ purpose, signed, threshold }) =>
        `taken: a signature of the ${purpose === "terms" ? "terms" : "party file"} laid out here; ${signed} of ${threshold} now`,
    ),
  );
}

async function writtenIn(line: LineInForce, written: Written): Promise<NextFile> {
  const next = await readNext(line, written);
  if (next === undefined)
    throw new Ended(EXIT.usage, "the accord is in force; what is to replace it: --terms FILE, or our own party file: --party FILE");
  return next;
}

/** Places a proposal of these terms, or of our own party file. */
export const proposeWritten = (options: AmendOptions, written: Written): Promise<void> =>
  place(options, "proposed", async (line) => {
    const next = await writtenIn(line, written);
    const amendment = await nextAmendment(line, next);
    const digest = amendmentDigest(nativeSuite, amendment);
    return {
      said: { kind: "propose", facts: { purpose: next.purpose, digest } },
      body: amendmentBody(amendment),
      digits: digitsOf(digest),
    };
  });

/** Takes our own proposal back. */
export const takeBack = (options: AmendOptions): Promise<void> => place(options, "taken back", (line) => ({ said: sayTakeBack(line) }));

/** Accepts the terms of another party that have these digits. */
export async function acceptNext(options: AmendOptions, digits: string | undefined): Promise<void> {
  if (digits === undefined) throw new Ended(EXIT.usage, 'the digits come first: --digits "WHAT THE OTHER SIDE READ"');
  await place(options, "accepted", (line) => saying("accept", proposalToAccept(line, digits)));
}

/** Confirms the terms that we proposed and every other party has accepted. */
export const confirmNext = (options: AmendOptions, digits: string | undefined): Promise<void> =>
  place(options, "confirmed", (line) => saying("confirm", proposalToConfirm(line, digits)));

const saying = (kind: "accept" | "confirm", { status: { proposal, digest }, view }: Proposal): ToPlace => ({
  said: { kind, refs: [proposal.leaf], facts: { digest } },
  digits: view.digits,
});

interface ToPlace {
  readonly said: Said;
  readonly body?: Body;
  readonly digits?: string;
}

/** Signs with the keys of two persons of the directory, here, and hands the act to the running node. */
async function place(options: AmendOptions, did: string, say: (line: LineInForce) => ToPlace | Promise<ToPlace>): Promise<void> {
  const { dir, directoryKey: files = [] } = options;
  if (files.length !== 2) throw new Ended(EXIT.usage, "two persons of the directory sign: --directory-key FILE --directory-key FILE");
  const { placed, digits } = await askNode(dir, async (client) => {
    const line = await taken(() => readLineInForce(dir));
    const { digits, ...act } = await taken(async () => say(line));
    const hands = handsOf(await directoryKeys(line, files, unlockerOf(options)));
    return { placed: await placeThroughNode(client, line.accord.line, { ...act, hands }), digits };
  });
  if (options.json === true) return printJson({ ...placed, ...(digits === undefined ? {} : { digits }) });
  printLines([`${did}, as ${placed.log}/${placed.index}, leaf ${placed.leaf}`, `What comes next: openline accord show --dir ${dir}`]);
}

async function directoryKeys({ party }: LineInForce, files: readonly string[], unlocker: Unlocker): Promise<readonly SigningKey[]> {
  const keys: SigningKey[] = [];
  for (const file of files) keys.push(await loadSigningKey(file, { kind: "directory", party: party.id }, unlocker));
  return keys;
}
