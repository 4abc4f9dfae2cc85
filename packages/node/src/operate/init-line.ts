import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  OpenlineError,
  type PartyFile,
  type PartyId,
  decodePartyFile,
  emptyRoot,
  equalBytes,
  parseLogId,
  refusable,
  toHex,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { type TlsIdentity, newTlsIdentity } from "../bearers/tls/certificate.ts";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { type KeyLabel, type Unlock, personCommitment, sealKeyFile, writeSecretly } from "./key-file.ts";
import { LINE_FILES, fileIfThere, makeFolder, readLineConfig, sameDisk, writeLineConfig } from "./line-folder.ts";
import { type MadeParty, encodeNodeSecrets, encodePersonSecret, encodeRootSecret, makeParty, redescribe } from "./make-party.ts";
import type { PartyDescription } from "./party-yaml.ts";

export interface InitOptions {
  readonly dir: string;
  /** Where the keys of people go: never into the node's folder. */
  readonly keysDir: string;
  /** Folder of the second durable place. */
  readonly second: string;
  readonly plan: PartyDescription;
  /** The party keeps the line alone; the other one is named in the terms and not there. */
  readonly absent?: PartyId;
  /** A TLS key and certificate that are there already; without them new ones are made. */
  readonly certificate: TlsIdentity | undefined;
  /** How each key file is to be protected. */
  readonly protect: (label: KeyLabel) => Promise<Unlock>;
}

export interface Initialised {
  readonly party: string;
  readonly dir: string;
  /** `made`: new keys. `redescribed`: the same keys under other words. `unchanged`: all was there. */
  readonly what: "made" | "redescribed" | "unchanged";
  readonly keyFiles: readonly string[];
  readonly handOver: string;
  readonly secondOnSameDisk: boolean;
}

/** Makes a party's folder, its keys and its party file; or, before anything is signed, changes what the party says of itself.
 *  Throws `OpenlineError`. */
export async function initLine(options: InitOptions): Promise<Initialised> {
  const own = await fileIfThere(ownFileOf(options));
  return own === undefined ? makeAll(options) : redescribeOwn(options, own);
}

const ownFileOf = ({ dir, plan }: Pick<InitOptions, "dir" | "plan">): string => join(dir, LINE_FILES.ceremony, `${plan.id}.party`);
const outFileOf = ({ dir, plan }: Pick<InitOptions, "dir" | "plan">): string => join(dir, LINE_FILES.out, `${plan.id}.party`);

/** The party file is written last: without it the folder counts as not begun. */
async function makeAll(options: InitOptions): Promise<Initialised> {
  const { dir, keysDir, second, plan } = options;
  await makeFolder(dir);
  await makeFolder(keysDir);
  if (options.absent === plan.id) throw new OpenlineError("usage", "a party is not alone with itself: name the other one");
  if (resolve(keysDir) === resolve(dir)) throw new OpenlineError("usage", "keys of people do not belong into the node's folder");
  for (const [path, what] of [
    [dir, "an empty folder is needed"],
    [keysDir, "keys are there already; an empty folder is needed"],
  ] as const)
    if ((await readdir(path)).length > 0) throw new OpenlineError("usage", `${path}: ${what}`);
  await makeFolder(second);
  const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
  const made = makeParty(nativeSuite, random, plan, options.certificate ?? newTlsIdentity(random));
  refuseUnfit(made.bytes);
  await makeFolder(join(dir, LINE_FILES.ceremony));
  await makeFolder(join(dir, LINE_FILES.out));
  const files = await keyFilesOf(options, made);
  for (const { path, content } of files) await writeSecretly(path, content, false);
  await beginSecondPlace(second, made.file);
  const absent = options.absent === undefined ? {} : { absent: options.absent };
  await writeLineConfig(dir, { party: plan.id, mode: plan.mode, second: resolve(second), ...absent });
  await writeSecretly(outFileOf(options), made.bytes, true);
  await writeSecretly(ownFileOf(options), made.bytes, false);
  return report(
    options,
    "made",
    files.map((file) => file.path),
  );
}

/** What a person wrote may still be no party file, such as an address without a port. */
function refuseUnfit(file: Uint8Array): void {
  const read = refusable(() => decodePartyFile(file));
  if (!read.ok) throw new OpenlineError("usage", `this party cannot be written: ${read.refusal.detail}`);
}

/** Every passphrase is asked before the first file is written, so that one who gives up leaves nothing behind. */
async function keyFilesOf(options: InitOptions, made: MadeParty) {
  const { dir, keysDir, plan, protect } = options;
  const files: { readonly path: string; readonly content: Uint8Array }[] = [];
  const seal = async (path: string, label: Omit<KeyLabel, "party">, secret: Uint8Array, unlock?: Unlock): Promise<Unlock> => {
    const whole = { ...label, party: plan.id };
    const used = unlock ?? (await protect(whole));
    files.push({ path, content: await sealKeyFile(whole, secret, used) });
    return used;
  };
  await seal(join(dir, LINE_FILES.keys), { kind: "node", name: "node", public: made.file.node }, encodeNodeSecrets(made.node));
  for (const [i, root] of made.roots.entries()) {
    const name = `root-${i + 1}`;
    const key = made.file.root.holders[i]?.ed25519 ?? new Uint8Array(32);
    await seal(join(keysDir, `${name}.key`), { kind: "root", name, public: key }, encodeRootSecret(root));
  }
  for (const [i, { seed, person }] of made.directory.entries()) {
    const name = `directory-${i + 1}`;
    const label = { kind: "directory", name, public: made.file.directory[i]?.key ?? new Uint8Array(32) } as const;
    const used = await seal(join(keysDir, `${name}.key`), label, seed);
    const commitment = personCommitment(person.salt, person.name);
    await seal(join(keysDir, `${name}.person`), { kind: "person", name, public: commitment }, encodePersonSecret(person), used);
  }
  return files;
}

/** (0, empty root) in the second place: from now on its loss is noticed. */
async function beginSecondPlace(second: string, file: PartyFile): Promise<void> {
  const place = new FileSecondPlace(second);
  await place.swap(parseLogId(toHex(file.incarnation)), undefined, { size: 0, root: emptyRoot(nativeSuite) });
  await place.close();
}

async function redescribeOwn(options: InitOptions, own: Uint8Array): Promise<Initialised> {
  const { dir, plan } = options;
  const config = await readLineConfig(dir);
  if (config.mode !== plan.mode)
    throw new OpenlineError("usage", `${dir} was made for mode ${config.mode}; make a new folder with new keys`);
  if (config.absent !== options.absent)
    throw new OpenlineError("usage", `${dir} is the folder of a line ${config.absent === undefined ? "of both parties" : "kept alone"}`);
  const file = redescribe(decodePartyFile(own), plan);
  refuseUnfit(file);
  if (equalBytes(file, own)) return report(options, "unchanged", []);
  const begun = await readdir(join(dir, LINE_FILES.ceremony));
  if (begun.some((name) => !name.endsWith(".party")))
    throw new OpenlineError(
      "usage",
      "terms have been exchanged; what this party says of itself now changes by an amendment, or in a new folder",
    );
  await writeSecretly(outFileOf(options), file, true);
  await writeSecretly(ownFileOf(options), file, true);
  return report(options, "redescribed", []);
}

async function report(options: InitOptions, what: Initialised["what"], keyFiles: readonly string[]): Promise<Initialised> {
  const { dir, plan } = options;
  const { second } = await readLineConfig(dir);
  return { party: plan.id, dir, what, keyFiles, handOver: outFileOf(options), secondOnSameDisk: await sameDisk(dir, second) };
}
