import { join } from "node:path";
import {
  RefusedInput,
  decodeAccordFiles,
  decodeAmendment,
  decodeTerms,
  digitsOf,
  encodeAmendment,
  equalBytes,
  fileDigest,
  goodHolders,
  readUnsignedAccord,
  refusable,
  signAmendment,
  signedOf,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { type LineInForce, type NextFile, keepSignature, keptAs, partyFileInUse, signaturesOf } from "./amend.ts";
import { putOut } from "./ceremony.ts";
import { refuseOtherDigits } from "./digits.ts";
import { type Unlocker, labelOf, loadKeyFile, readKeyFile } from "./key-file.ts";
import { LINE_FILES, fileIfThere } from "./line-folder.ts";
import { decodeRootSecret } from "./make-party.ts";

/** Root holders who sign terms, or a party file, on machines of their own: a file goes there, and comes back with one signature. */

/** Lays out what is to be signed. The digits are those of the file, whoever has signed it. */
export async function layOutNext(line: LineInForce, next: NextFile): Promise<{ readonly path: string; readonly digits: string }> {
  const path = await putOut(
    line.dir,
    keptAs(next.purpose),
    encodeAmendment({ file: next.file, signatures: await signaturesOf(line, next) }),
  );
  return { path, digits: digitsOf(fileDigest(nativeSuite, next.file)) };
}

/** A root holder signs what was laid out. Which line it is for is said by its accord. Throws `RefusedInput`, `OpenlineError`. */
export async function signNextElsewhere(options: {
  readonly accordFile: Uint8Array;
  readonly amendmentFile: Uint8Array;
  readonly digits: string;
  readonly keyFile: string;
  readonly unlocker: Unlocker;
}): Promise<Uint8Array> {
  const { keyFile, digits } = options;
  const { line } = readUnsignedAccord(nativeSuite, decodeAccordFiles(options.accordFile));
  const { file } = decodeAmendment(options.amendmentFile);
  refuseOtherDigits(fileDigest(nativeSuite, file), digits);
  const label = labelOf(await readKeyFile(keyFile));
  if (label.kind !== "root")
    throw new RefusedInput("not-authorised", `${keyFile} is a ${label.kind} key; an accord is signed by root holders`);
  const { secret } = await loadKeyFile(keyFile, options.unlocker);
  return encodeAmendment({ file, signatures: [signAmendment(nativeSuite, decodeRootSecret(secret), { line, file })] });
}

/** Whether these bytes are a file of this kind at all. */
export const isAmendment = (content: Uint8Array): boolean => refusable(() => decodeAmendment(content)).ok;

export interface NextImported {
  readonly purpose: NextFile["purpose"];
  readonly signed: number;
  readonly threshold: number;
}

/** Takes signatures that were made elsewhere to what was laid out here. Throws `RefusedInput`. */
export async function importNextSignatures(line: LineInForce, content: Uint8Array): Promise<NextImported> {
  const amendment = decodeAmendment(content);
  const { file } = amendment;
  const purpose = refusable(() => decodeTerms(file)).ok ? ("terms" as const) : ("party" as const);
  const laidOut = await fileIfThere(join(line.dir, LINE_FILES.out, keptAs(purpose)));
  if (laidOut === undefined || !equalBytes(decodeAmendment(laidOut).file, file))
    throw new RefusedInput("wrong-accord", "signatures of something else than what was laid out here to be signed");
  const { root } = partyFileInUse(line);
  goodHolders(nativeSuite, signedOf(nativeSuite, line.accord.line, amendment), { party: line.party, sets: [root], verified: false });
  for (const signature of amendment.signatures) await keepSignature(line, { purpose, file }, signature);
  return { purpose, signed: (await signaturesOf(line, { purpose, file })).length, threshold: root.threshold };
}
