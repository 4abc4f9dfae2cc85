import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  acceptTerms,
  confirmDigits,
  enterForce,
  importFile,
  initLine,
  loadSigningKey,
  makeWatchKey,
  nodeSecrets,
  partyDescriptionOf,
  progressOf,
  proposeTerms,
  readCeremony,
  readYamlFile,
  signCeremony,
  termsOf,
} from "@openline/node/operate";
import { placeOfDirectory } from "../acting/directory.ts";
import { unlockerOf } from "../passphrases.ts";
import { SHIFT_END } from "./give-keys.ts";

/** The live line between Blue and Green, set up by the ceremony of docs/operating/ceremony.md with both sides on this machine: what
 *  no two parties who do not trust each other would do, and why its keys lie there unprotected. */

export const LIVE_PARTIES = ["blue", "green"] as const;
const [FIRST, SECOND] = LIVE_PARTIES;
type LiveParty = (typeof LIVE_PARTIES)[number];

const described = (name: string): string => fileURLToPath(new URL(`../../live-line/${name}.yaml`, import.meta.url));
const other = (party: LiveParty): LiveParty => (party === FIRST ? SECOND : FIRST);
const unlocker = unlockerOf({});
const plain = async () => ({ by: "none" }) as const;

/** Sets the line up in `dir`: a folder for each party, and beside it one with the keys of its people. */
export async function setUpLiveLine(dir: string): Promise<void> {
  const at = (party: LiveParty): string => join(dir, party);
  const out = (party: LiveParty, name: string): string => join(at(party), "out", name);
  const take = async (party: LiveParty, file: string): Promise<void> => {
    const seal = async (): Promise<Uint8Array> => (await nodeSecrets(at(party), unlocker)).secrets.seal;
    await importFile(at(party), new Uint8Array(await readFile(file)), { replace: false, seal });
  };

  for (const party of LIVE_PARTIES) {
    const plan = await readYamlFile(described(party), partyDescriptionOf);
    const places = { dir: at(party), keysDir: `${at(party)}-keys`, second: `${at(party)}-second` };
    await initLine({ ...places, plan, certificate: undefined, protect: plain });
  }
  for (const party of LIVE_PARTIES) await take(party, out(other(party), `${other(party)}.party`));
  await proposeTerms(at(FIRST), await readYamlFile(described("terms"), (root) => termsOf(root, null)), false);
  await take(SECOND, out(FIRST, "line.terms"));
  await acceptTerms(at(SECOND));
  const { digits } = progressOf(await readCeremony(at(FIRST)));
  for (const party of LIVE_PARTIES) {
    await confirmDigits(at(party), digits ?? "", unlocker);
    for (const holder of ["root-1", "root-2"]) await signCeremony(at(party), join(`${at(party)}-keys`, `${holder}.key`), unlocker);
  }
  for (const party of LIVE_PARTIES) {
    const from = other(party);
    await take(party, out(from, `${from}.signatures`));
    await take(party, out(from, `${from}-to-${party}.contribution`));
  }
  for (const party of LIVE_PARTIES) {
    await enterForce(at(party), unlocker);
    await giveWatchKeys(at(party));
  }
}

/** A watch key for each post, so that the command may speak for it as well as a console. */
async function giveWatchKeys(dir: string): Promise<void> {
  for (const post of ["duty-officer", "head-of-desk"])
    await placeOfDirectory(dir, unlocker, async (line) => {
      const label = { kind: "directory" as const, party: line.party.id };
      const directory = await loadSigningKey(join(`${dir}-keys`, "directory-1.key"), label, unlocker);
      const shift = {
        posts: [post],
        person: post,
        until: SHIFT_END,
        out: join(`${dir}-keys`, `${post}.key`),
        protect: { by: "none" } as const,
      };
      const { said } = await makeWatchKey(line, shift);
      return { said, keys: [directory] };
    });
}
