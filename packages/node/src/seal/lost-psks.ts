import {
  type Accord,
  type Digest,
  type LineRecord,
  type Party,
  type PartyId,
  type PskLost,
  type RootKeys,
  type SignedPskLost,
  type VerifySuite,
  decodeSignedPskLost,
  encodeSignedPskLost,
  pskLostDigest,
  readPskLost,
  refusable,
} from "@openline/core";
import type { NodeActSaid } from "../node-act.ts";
import type { NoticePlace } from "./notice-place.ts";
import { pskLostAct } from "./psk-lost-act.ts";

/** A notice that was checked before it was kept. */
export interface KnownNotice {
  readonly digest: Digest;
  /** As it travels and is kept. */
  readonly bytes: Uint8Array;
  readonly said: PskLost;
}

interface LostPsksOptions {
  readonly suite: VerifySuite;
  readonly accord: Accord;
  readonly place: NoticePlace;
  /** In it stand the root holders of each party. */
  readonly record: () => LineRecord | undefined;
}

/** Notices of one pair that are kept; a key is lost once. */
const PER_PAIR_MAX = 4;
/** Notices that may wait for the next tick. */
const TOLD_MAX = 8;

/** Which pre-shared keys of this line are lost, by whose word. What is kept is checked again when it is read: a file of the folder
 *  that nobody signed changes nothing. Source: docs/spec/sealing.md §5. */
export class LostPsks {
  readonly #options: LostPsksOptions;
  #known: readonly KnownNotice[] = [];
  /** Came and are still to be checked and kept. */
  #told: readonly Uint8Array[] = [];

  constructor(options: LostPsksOptions) {
    this.#options = options;
  }

  /** Reads what was kept: once the record is there. */
  async load(): Promise<void> {
    for (const bytes of await this.#options.place.load()) {
      const found = this.#noticeOf(bytes, "kept");
      if (found !== undefined) this.#keep(found);
    }
  }

  /** What is known of the key that these two shared. */
  between(a: PartyId, b: PartyId): readonly KnownNotice[] {
    return this.#known.filter(({ said }) => (said.party === a && said.peer === b) || (said.party === b && said.peer === a));
  }

  /** Somebody has told a notice: it waits for `takeTold`. */
  tell(notice: Uint8Array): void {
    this.#told = [...this.#told, notice].slice(0, TOLD_MAX);
  }

  /** Checks what was told, and keeps it durably before it counts. What says nothing new or is not signed by enough root holders
   *  changes nothing. */
  async takeTold(): Promise<void> {
    const told = this.#told;
    this.#told = [];
    for (const bytes of told) {
      const found = this.#noticeOf(bytes, "now");
      if (found === undefined || this.#isKnown(found)) continue;
      if (this.between(found.said.party, found.said.peer).length >= PER_PAIR_MAX) continue;
      await this.#options.place.save(found.digest, found.bytes);
      this.#keep(found);
    }
  }

  /** What the root holders of this party have said and does not stand in its log yet. */
  unannounced({ id }: Party): readonly NodeActSaid[] {
    const { accord, record } = this.#options;
    const entered = record()?.lostPsks[accord.parties.findIndex((party) => party.id === id)] ?? [];
    return this.#known
      .filter(({ said, digest }) => said.party === id && !entered.some(({ header }) => header.facts.digest === digest))
      .map((notice) => pskLostAct(accord, notice));
  }

  #isKnown({ digest }: KnownNotice): boolean {
    return this.#known.some((known) => known.digest === digest);
  }

  #keep(notice: KnownNotice): void {
    if (!this.#isKnown(notice)) this.#known = [...this.#known, notice];
  }

  #noticeOf(bytes: Uint8Array, when: "now" | "kept"): KnownNotice | undefined {
    const read = refusable((): KnownNotice => {
      const signed = decodeSignedPskLost(bytes);
      const said = this.#read(signed, when);
      return { digest: pskLostDigest(this.#options.suite, signed.notice), bytes: encodeSignedPskLost(signed), said };
    });
    return read.ok ? read.value : undefined;
  }

  /** One that comes now is checked by the root holders of now; one that was kept by those of any time, since they may have changed. */
  #read(signed: SignedPskLost, when: "now" | "kept"): PskLost {
    const { suite, accord, record } = this.#options;
    const { line, parties } = accord;
    const rootsOf = (party: Party): readonly RootKeys[] => {
      const later = record()?.amendments.files.get(parties.indexOf(party)) ?? [];
      const roots = [party.file.root, ...later.map(({ file }) => file.root)];
      return when === "now" ? roots.slice(-1) : roots;
    };
    return readPskLost(suite, signed, { line, parties, rootsOf });
  }
}
