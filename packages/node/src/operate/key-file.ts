import { randomBytes, scrypt } from "node:crypto";
import { type FileHandle, open, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import {
  OpenlineError,
  type RandomBytes,
  RefusedInput,
  type Schema,
  bytes,
  concatBytes,
  decode,
  encode,
  hkdfExpand,
  hkdfExtract,
  limits,
  object,
  oneOf,
  plain,
  refusable,
  text,
  uint,
  utf8,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";

/** Secrets at rest: one file for each key, sealed under a passphrase or a credential of the operating system. What a key is for
 *  can be read without opening it, and cannot be changed. Source: docs/spec/key-files.md. */

export const KEY_KINDS = ["node", "root", "directory", "watch", "person"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** What stands in the open. */
export interface KeyLabel {
  readonly kind: KeyKind;
  readonly party: string;
  /** Which of several, such as `root-1` or the post. */
  readonly name: string;
  /** The Ed25519 public key, 32 bytes; of a person file the commitment. */
  readonly public: Uint8Array;
}

/** What opens a key file. `none` is for exercises and for operators who said so. */
export type Unlock =
  | { readonly by: "passphrase"; readonly passphrase: string }
  | { readonly by: "credential"; readonly secret: Uint8Array }
  | { readonly by: "none" };
export type Protection = Unlock["by"];

/** Asked for each file that has to be opened, with what it says of itself. */
export type Unlocker = (label: KeyLabel & { readonly protection: Protection }) => Promise<Unlock>;

interface KeyFile extends KeyLabel {
  readonly version: number;
  readonly protection: ProtectionUsed;
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}
interface ProtectionUsed {
  readonly by: Protection;
  readonly salt: Uint8Array;
  /** scrypt, RFC 7914: log2 N, r, p; all 0 for others. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

const schema: Schema<KeyFile> = object<KeyFile>({
  version: uint(1),
  kind: oneOf(...KEY_KINDS),
  party: text(32),
  name: text(64),
  public: bytes(32),
  protection: object<ProtectionUsed>({
    by: oneOf("passphrase", "credential", "none"),
    salt: bytes(16),
    logN: uint(63),
    r: uint(255),
    p: uint(255),
  }),
  nonce: bytes(12),
  sealed: bytes(),
});

/** Chance, and the work of a guess: 128 MiB and a third of a second. Vectors are made with other values. */
interface Making {
  readonly random: RandomBytes;
  readonly logN: number;
}
const MAKING: Making = { random: (count) => new Uint8Array(randomBytes(count)), logN: 17 };

/** A file that asks for more than 512 MiB or for less than 16 MiB is not one of ours. */
const SCRYPT_LOG_N = { min: 14, max: 19 } as const;
const SCRYPT_P_MAX = 4;
const PASSPHRASE_CHARACTERS_MIN = 12;
const CREDENTIAL_BYTES_MIN = 32;

/** The bytes of a key file. Throws `OpenlineError` `usage` for a passphrase or credential that is too short. */
export async function sealKeyFile(label: KeyLabel, secret: Uint8Array, unlock: Unlock, making = MAKING): Promise<Uint8Array> {
  refuseWeak(unlock);
  const scrypted = unlock.by === "passphrase" ? { logN: making.logN, r: 8, p: 1 } : { logN: 0, r: 0, p: 0 };
  const protection: ProtectionUsed = { by: unlock.by, salt: making.random(16), ...scrypted };
  const { kind, party, name } = label;
  const head = { version: 1, kind, party, name, public: label.public, protection, nonce: making.random(12) };
  const key = await keyOf(protection, unlock);
  const sealed = key === undefined ? secret : nativeSuite.sealAes256Gcm(key, head.nonce, encode(plain(head)), secret);
  return encode(plain({ ...head, sealed }));
}

/** What a key file says of itself, unopened. Throws `RefusedInput`. */
export function labelOf(file: Uint8Array): KeyLabel & { readonly protection: Protection } {
  const { kind, party, name, public: key, protection } = read(file);
  return { kind, party, name, public: key, protection: protection.by };
}

/** The secret in a key file. Throws `RefusedInput` for what is no key file, `OpenlineError` `locked` for one that does not open. */
export async function openKeyFile(
  file: Uint8Array,
  unlocker: Unlocker,
): Promise<{ readonly label: KeyLabel; readonly secret: Uint8Array }> {
  const { sealed, ...head } = read(file);
  const { protection, ...label } = head;
  const what = `the ${label.kind} key ${label.name} of ${label.party}`;
  const unlock: Unlock = protection.by === "none" ? { by: "none" } : await unlocker({ ...label, protection: protection.by });
  if (unlock.by !== protection.by) throw new OpenlineError("locked", `${what} is protected by a ${protection.by}, and none was given`);
  const key = await keyOf(protection, unlock);
  const secret = key === undefined ? sealed : nativeSuite.openAes256Gcm(key, head.nonce, encode(plain(head)), sealed);
  if (secret === undefined) throw new OpenlineError("locked", `${what} does not open with this ${protection.by}`);
  return { label, secret };
}

function read(file: Uint8Array): KeyFile {
  if (file.length > limits.keyFileBytesMax) throw new RefusedInput("oversized", "key file");
  const found = schema(decode(file), "key file");
  if (found.version !== 1) throw new RefusedInput("unsupported-version", "key file version other than 1");
  const { by, logN, r, p } = found.protection;
  const bounded = logN >= SCRYPT_LOG_N.min && logN <= SCRYPT_LOG_N.max && r === 8 && p >= 1 && p <= SCRYPT_P_MAX;
  if (by === "passphrase" ? !bounded : logN + r + p !== 0) throw new RefusedInput("malformed", "key file: scrypt parameters out of bounds");
  return found;
}

function refuseWeak(unlock: Unlock): void {
  if (unlock.by === "passphrase" && Array.from(unlock.passphrase).length < PASSPHRASE_CHARACTERS_MIN)
    throw new OpenlineError("usage", `a passphrase of at least ${PASSPHRASE_CHARACTERS_MIN} characters is needed`);
  if (unlock.by === "credential" && unlock.secret.length < CREDENTIAL_BYTES_MIN)
    throw new OpenlineError("usage", `a credential of at least ${CREDENTIAL_BYTES_MIN} random bytes is needed`);
}

/** A passphrase is slow to try; a credential is random and needs no slowness. */
async function keyOf({ salt, logN, r, p }: ProtectionUsed, unlock: Unlock): Promise<Uint8Array | undefined> {
  switch (unlock.by) {
    case "none":
      return undefined;
    case "credential":
      return hkdfExpand(nativeSuite, hkdfExtract(nativeSuite, salt, unlock.secret), utf8("openline/key-file"), 32);
    case "passphrase": {
      const N = 2 ** logN;
      const options = { N, r, p, maxmem: 128 * N * r + 128 * r * p + 1_048_576 };
      return new Promise((resolve, reject) => {
        const done = (error: Error | null, key: Buffer): void => (error === null ? resolve(new Uint8Array(key)) : reject(error));
        scrypt(unlock.passphrase.normalize("NFC"), salt, 32, options, done);
      });
    }
  }
}

/** Reads a key file that only its owner may read. Throws `OpenlineError`: `not-a-folder`, `exposed`, `damaged`. */
export async function readKeyFile(path: string): Promise<Uint8Array> {
  const file = await open(path, "r").catch((cause: unknown) => {
    throw new OpenlineError("usage", `${path} cannot be read`, { cause });
  });
  try {
    const { mode, size } = await file.stat();
    if ((mode & 0o077) !== 0)
      throw new OpenlineError("exposed", `${path} may be read by others (mode ${(mode & 0o777).toString(8)}); it must be 600`);
    if (size > limits.keyFileBytesMax) throw new OpenlineError("damaged", `${path} is longer than a key file`);
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

/** Reads and opens. Throws `OpenlineError`. */
export async function loadKeyFile(path: string, unlocker: Unlocker): Promise<{ readonly label: KeyLabel; readonly secret: Uint8Array }> {
  const file = await readKeyFile(path);
  const known = refusable(() => labelOf(file));
  if (!known.ok) throw new OpenlineError("damaged", `${path} is no key file: ${known.refusal.detail}`);
  return openKeyFile(file, unlocker);
}

/** The same secret under another passphrase or credential; the file is replaced whole. */
export async function protectAnew(path: string, unlocker: Unlocker, unlock: Unlock): Promise<void> {
  const { label, secret } = await loadKeyFile(path, unlocker);
  await writeSecretly(path, await sealKeyFile(label, secret, unlock), true);
}

/** Writes a file durably and whole, readable by its owner only: it appears under its name when all of it is on the disk.
 *  `replace` false: an existing file is left alone, `OpenlineError` `usage`. */
export async function writeSecretly(path: string, content: Uint8Array, replace: boolean): Promise<void> {
  if (!replace && (await stat(path).catch(() => undefined)) !== undefined)
    throw new OpenlineError("usage", `${path} is there already; it is left as it is`);
  const making = `${path}.new`;
  await unlink(making).catch(() => undefined);
  const file = await open(making, "wx", 0o600);
  await finish(file, content);
  await rename(making, path);
  const folder = await open(dirname(path), "r");
  await folder.sync().finally(() => folder.close());
}

async function finish(file: FileHandle, content: Uint8Array): Promise<void> {
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What the party's auditor opens later: commitment to a person, 32 bytes. */
export const personCommitment = (salt: Uint8Array, name: string): Uint8Array =>
  nativeSuite.sha256(concatBytes(utf8("openline/person"), salt, utf8(name.normalize("NFC"))));
