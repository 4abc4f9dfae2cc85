import { fromHex } from "../encoding/bytes.ts";
import { OpenlineError } from "../errors.ts";
import type { LogId, PartyId } from "../ids.ts";
import { formatTlogPolicy, formatTlogProof } from "../log/tlog-proof.ts";
import type { Sha256 } from "../log/tree.ts";
import { namedLog } from "./accord-file.ts";
import { type LogKeys, checkpointText, keysOfLog } from "./log-keys.ts";
import { type PackChoice, type PackEntry, type PackLog, encodePack } from "./pack.ts";
import { type PackableLog, type Place, controlChain, logAt, packableLogs, receiptOf } from "./pack-sources.ts";
import { type RecordSource, orderedLogs } from "./record-source.ts";

/** An entry to put into a pack, of a party's current log unless `log` names another incarnation. */
export interface Choice {
  readonly party: PartyId;
  readonly index: number;
  readonly log?: LogId;
}

/** The evidence pack of these entries: with each its author's whole control chain, the receipt of every other party where the
 *  record has one, and the acts of consent on its channel. Throws the fault `usage` for an entry the record does not have. */
export function makePack(suite: Sha256, source: RecordSource, choices: readonly Choice[]): Uint8Array {
  const logs = packableLogs(suite, source);
  const chosen = choices.map((choice) => placeOf(logs, choice));
  if (chosen.length === 0) throw new OpenlineError("usage", "a pack has at least one entry");
  const wanted = new PlaceSet();
  const texts = orderedLogs(source).map((log) => ({ log, keys: keysOfLog(suite, source, log) }));
  const packed = texts.map(({ log, keys }): PackLog => {
    const checkpoint = checkpointText(log, keys);
    return { ...namedLog(log), checkpoint, policy: policyText(keys, checkpoint) };
  });
  const made = new PlaceSet(chosen).sorted().map((place): PackChoice => {
    const log = logAt(logs, (item) => item.position === place.log, String(place.log));
    wanted.add(place);
    const receipts = receiptsOf(logs, log, place.index);
    for (const receipt of receipts) wanted.add(receipt);
    for (const consent of consentsOf(logs, log, place.index)) wanted.add(consent);
    const checkpoint = packed[place.log]?.checkpoint ?? "";
    const proof = log.proof(place.index, log.size);
    return { ...place, tlogProof: formatTlogProof({ index: place.index, proof, checkpoint }), receipts };
  });
  const chains = wanted.sorted().flatMap((place) => {
    const log = logAt(logs, (item) => item.position === place.log, String(place.log));
    return controlChain(logs, log, place.index);
  });
  for (const place of chains) wanted.add(place);
  const entries = wanted.sorted().map((place) => packEntry(logs, place));
  const { accord, amendments, shownBy } = source;
  return encodePack(suite, { version: 1, accord: accord.files, amendments, shownBy, logs: packed, entries, chosen: made });
}

/** The log, its counterparts as witnesses, and one of them as quorum where one has cosigned this checkpoint. */
export function policyText(keys: LogKeys, checkpoint: string): string {
  const witnesses = [...keys.cosigners.values()];
  const cosigned = witnesses.some((key) => checkpoint.includes(`\n— ${key.name} `));
  return formatTlogPolicy({ log: keys.ed25519, witnesses, quorum: cosigned ? 1 : 0 });
}

function placeOf(logs: readonly PackableLog[], { party, index, log: id }: Choice): Place {
  const matches = ({ source }: PackableLog): boolean => source.party === party && (id === undefined ? source.current : source.log === id);
  const log = logAt(logs, matches, id === undefined ? party : `${party}@${id}`);
  if (!Number.isSafeInteger(index) || index < 0 || index >= log.size)
    throw new OpenlineError("usage", `${party} has no entry ${index}: its log has ${log.size}`);
  return { log: log.position, index };
}

function receiptsOf(logs: readonly PackableLog[], log: PackableLog, index: number): PackChoice["receipts"] {
  const others = new Set(logs.map((item) => item.source.party).filter((party) => party !== log.source.party));
  return [...others].flatMap((party) => {
    const found = receiptOf(
      log,
      index,
      logs.filter((item) => item.source.party === party),
    );
    if (found === undefined) return [];
    return [{ log: found.log, index: found.index, proof: found.size === null ? null : log.proof(index, found.size) }];
  });
}

/** Acts of consent on the entry's channel that name it, or name nothing. */
function consentsOf(logs: readonly PackableLog[], log: PackableLog, index: number): readonly Place[] {
  const channel = log.entry(index)?.act.header.channel;
  const leaf = log.leaf(index);
  return logs.flatMap((other) =>
    Array.from({ length: other.size }, (_, i) => ({ log: other.position, index: i })).filter((place) => {
      const header = other.entry(place.index)?.act.header;
      if (header?.kind !== "disclosure-consent" || header.channel !== channel) return false;
      return header.refs.length === 0 || header.refs.some((ref) => fromHex(ref).every((byte, i) => byte === leaf[i]));
    }),
  );
}

function packEntry(logs: readonly PackableLog[], place: Place): PackEntry {
  const log = logAt(logs, (item) => item.position === place.log, String(place.log));
  const held = log.source.entries[place.index];
  if (held === undefined) throw new OpenlineError("damaged", `entry ${place.index} of ${log.source.party} is not there`);
  return { ...place, entry: held.bytes, disclosure: held.disclosure ?? null, proof: log.proof(place.index, log.size) };
}

/** Places, each once. */
class PlaceSet {
  readonly #places = new Map<string, Place>();
  constructor(places: readonly Place[] = []) {
    for (const place of places) this.add(place);
  }
  add({ log, index }: Place): void {
    this.#places.set(`${log}/${index}`, { log, index });
  }
  sorted(): readonly Place[] {
    return [...this.#places.values()].sort((a, b) => a.log - b.log || a.index - b.index);
  }
}
