import { type AccordFiles, accordFilesSchema } from "../accord/accord.ts";
import type { Amendment } from "../accord/amendment.ts";
import { concatBytes, utf8 } from "../encoding/bytes.ts";
import { decode, encode } from "../encoding/cbor.ts";
import { type Schema, bytes, flag, list, nullable, object, plain, text, uint } from "../encoding/schema.ts";
import { RefusedInput } from "../errors.ts";
import { limits } from "../limits.ts";
import type { Sha256 } from "../log/tree.ts";
import { type NamedLog, amendmentsSchema, checkedLogs } from "./accord-file.ts";

/** An evidence pack: chosen entries of a record with all that shows, offline, who signed them and who held them.
 *  Source: docs/spec/evidence-pack.md. */
export interface Pack {
  readonly version: number;
  readonly accord: AccordFiles;
  /** Amendments of the line, by digest, each once: its authors' chains say which of them they use from where. */
  readonly amendments: readonly Amendment[];
  /** The word of whoever made the pack; nothing signs it. */
  readonly shownBy: string;
  readonly logs: readonly PackLog[];
  /** By log, then index, each once. */
  readonly entries: readonly PackEntry[];
  /** By log, then index, each once. */
  readonly chosen: readonly PackChoice[];
}

export interface PackLog extends NamedLog {
  /** The signed note under which all entries of this log are proven, and a tlog-policy for it, as outside tools read them. */
  readonly checkpoint: string;
  readonly policy: string;
}

export interface PackEntry {
  /** Position in `logs`. */
  readonly log: number;
  readonly index: number;
  readonly entry: Uint8Array;
  readonly disclosure: Uint8Array | null;
  /** Inclusion proof under the log's checkpoint. */
  readonly proof: readonly Uint8Array[];
}

/** A chosen entry: its `.tlog-proof` and the receipts of other parties. The entry itself is among `entries`. */
export interface PackChoice {
  readonly log: number;
  readonly index: number;
  readonly tlogProof: string;
  /** By log, then index; one of a party. */
  readonly receipts: readonly PackReceipt[];
}

/** An entry of another party that names a head above the chosen entry, with the chosen entry's inclusion proof under that
 *  head, or that lists its leaf (no proof needed: null). */
export interface PackReceipt {
  readonly log: number;
  readonly index: number;
  readonly proof: readonly Uint8Array[] | null;
}

const hashes = list(bytes(32), limits.proofHashesMax);
const noteText = text(limits.checkpointBytesMax);
const position = uint(limits.headsMax);
/** More than anybody reads; each costs a signature to check. */
const PACK_ENTRIES_MAX = 100_000;

const schema: Schema<Pack> = object<Pack>({
  version: uint(1),
  accord: accordFilesSchema,
  amendments: amendmentsSchema,
  shownBy: text(32, /^[a-z][a-z0-9-]{1,31}$/),
  logs: list(
    object<PackLog>({
      party: text(32, /^[a-z][a-z0-9-]{1,31}$/),
      log: bytes(8),
      current: flag,
      origin: bytes(16),
      checkpoint: noteText,
      policy: noteText,
    }),
    limits.headsMax,
    1,
  ),
  entries: list(
    object<PackEntry>({ log: position, index: uint(), entry: bytes(), disclosure: nullable(bytes()), proof: hashes }),
    PACK_ENTRIES_MAX,
    1,
  ),
  chosen: list(
    object<PackChoice>({
      log: position,
      index: uint(),
      tlogProof: noteText,
      receipts: list(object<PackReceipt>({ log: position, index: uint(), proof: nullable(hashes) }), limits.partiesMax),
    }),
    PACK_ENTRIES_MAX,
    1,
  ),
});

/** [SHA-256("openline/pack" || pack), pack]. The digest finds a change in what nothing signs; it proves nothing. */
export function encodePack(suite: Sha256, pack: Pack): Uint8Array {
  const inner = encode(plain(pack));
  return encode([packDigest(suite, inner), inner]);
}

export const packDigest = (suite: Sha256, inner: Uint8Array): Uint8Array => suite.sha256(concatBytes(utf8("openline/pack"), inner));

/** Checks the form only, in which everything that has an order is in order. Throws `RefusedInput`. */
export function decodePack(file: Uint8Array): { readonly pack: Pack; readonly inner: Uint8Array; readonly digest: Uint8Array } {
  if (file.length > limits.packBytesMax) throw new RefusedInput("oversized", `pack of ${file.length} bytes`);
  const { digest, inner } = envelope(decode(file), "pack");
  const pack = schema(decode(inner), "pack");
  if (pack.version !== 1) throw new RefusedInput("unsupported-version", "pack of a version other than 1");
  checkedLogs(pack.logs);
  rising(pack.entries, "entries");
  rising(pack.chosen, "chosen");
  for (const choice of pack.chosen) rising(choice.receipts, "receipts");
  const places = [...pack.entries, ...pack.chosen, ...pack.chosen.flatMap((choice) => choice.receipts)];
  if (places.some(({ log }) => log >= pack.logs.length)) throw new RefusedInput("unknown-log", "an entry of a log that is not here");
  return { pack, inner, digest };
}

const envelope: Schema<{ readonly digest: Uint8Array; readonly inner: Uint8Array }> = (value, what) => {
  const items = list<Uint8Array>(bytes(), 2, 2)(value, what);
  const [digest, inner] = items;
  return { digest: bytes(32)(digest, `${what} digest`), inner: bytes()(inner, what) };
};

function rising(places: readonly { readonly log: number; readonly index: number }[], what: string): void {
  for (const [i, place] of places.entries()) {
    const before = places[i - 1];
    if (before !== undefined && (place.log < before.log || (place.log === before.log && place.index <= before.index)))
      throw new RefusedInput("unsorted", `${what}: out of order or doubled`);
  }
}
