import { join } from "node:path";
import {
  type Accord,
  type Hand,
  type Kid,
  type Mode,
  OpenlineError,
  type Party,
  decodeAccordFiles,
  equalBytes,
  kidOf,
  readAccord,
  refusable,
} from "@openline/core";
import { nativeSuite } from "../crypto/native-suite.ts";
import { type NodeKeys, decodeNodeKeys, publicKeys } from "../keys.ts";
import { FileSecondPlace } from "../store/file-second-place.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { enrolledBeside } from "./ceremony.ts";
import { FILES } from "./folder.ts";
import { type KeyKind, type KeyLabel, type Unlocker, loadKeyFile } from "./key-file.ts";
import { LINE_FILES, type LineConfig, fileIfThere, readLineConfig } from "./line-folder.ts";

/** A live line opened for its node: what `Node.open` needs besides the world. The store is locked for this process. */
export interface LiveLine {
  readonly dir: string;
  readonly config: LineConfig;
  readonly accord: Accord;
  readonly party: Party;
  readonly keys: NodeKeys;
  readonly store: Store;
  readonly second: FileSecondPlace;
  /** Keys of the lines whose folders lie beside this one, with their mode. */
  readonly enrolled: ReadonlyMap<Kid, Mode>;
}

/** Opens a line whose accord is in force. Throws `OpenlineError`: `not-a-folder` (also while the ceremony is under way), `exposed`,
 *  `locked`, `damaged`, `folder-in-use`. */
export async function openLine(dir: string, unlocker: Unlocker): Promise<LiveLine> {
  const config = await readLineConfig(dir);
  const { accord, party } = await accordInForce(dir, config);
  const keys = await nodeKeysOf(dir, party, unlocker);
  const enrolled = await enrolledBeside(dir, accord.ceremony);
  const store = await openSqlite(join(dir, FILES.database));
  return { dir, config, accord, party, keys, store, second: new FileSecondPlace(config.second), enrolled };
}

/** The accord of a live folder, without its keys. */
export async function accordInForce(dir: string, config: LineConfig): Promise<{ readonly accord: Accord; readonly party: Party }> {
  const content = await fileIfThere(join(dir, FILES.accord));
  if (content === undefined)
    throw new OpenlineError(
      "not-a-folder",
      `${dir}: the accord is not in force yet; openline accord show --dir ${dir} says what comes next`,
    );
  const read = refusable(() => readAccord(nativeSuite, decodeAccordFiles(content)));
  if (!read.ok) throw new OpenlineError("damaged", `${dir}: ${FILES.accord}: ${read.refusal.code}: ${read.refusal.detail}`);
  const party = read.value.parties.find((item) => item.id === config.party);
  if (party === undefined) throw new OpenlineError("damaged", `${dir}: ${LINE_FILES.config} names no party of the accord`);
  return { accord: read.value, party };
}

async function nodeKeysOf(dir: string, party: Party, unlocker: Unlocker): Promise<NodeKeys> {
  const { secret } = await loadKeyFile(join(dir, LINE_FILES.keys), unlocker);
  const read = refusable(() => decodeNodeKeys(secret));
  if (!read.ok) throw new OpenlineError("damaged", `${dir}: ${LINE_FILES.keys}: ${read.refusal.detail}`);
  const made = publicKeys(nativeSuite, read.value);
  const { node, mirror, seal, log } = party.file;
  if (
    ![
      equalBytes(made.node, node),
      equalBytes(made.mirror, mirror),
      equalBytes(made.seal, seal),
      equalBytes(made.log.ed25519, log.ed25519),
    ].every(Boolean)
  )
    throw new OpenlineError("damaged", `${dir}: ${LINE_FILES.keys} holds other keys than the party file of ${party.id} names`);
  return read.value;
}

/** A person's key in a hand that signs: of a post's watch, or of the directory. The node never sees it. */
export interface SigningKey extends Pick<Hand, "kid" | "sign"> {
  readonly label: KeyLabel;
  /** The seed, 32 bytes: to show possession of a key that is being enrolled. */
  readonly seed: Uint8Array;
}

/** Loads a key file of one kind for a party. Throws `OpenlineError`. */
export async function loadSigningKey(
  path: string,
  expected: { readonly kind: KeyKind; readonly party: string },
  unlocker: Unlocker,
): Promise<SigningKey> {
  const { label, secret } = await loadKeyFile(path, unlocker);
  if (label.kind !== expected.kind || label.party !== expected.party)
    throw new OpenlineError(
      "usage",
      `${path} is a ${label.kind} key of ${label.party}; a ${expected.kind} key of ${expected.party} is needed`,
    );
  if (secret.length !== 32 || !equalBytes(nativeSuite.ed25519Public(secret), label.public))
    throw new OpenlineError("damaged", `${path} does not hold the key it names`);
  return { label, kid: kidOf(nativeSuite, label.public), sign: (message) => nativeSuite.signEd25519(secret, message), seed: secret };
}
