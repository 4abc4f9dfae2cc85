import {
  type Encapsulation,
  type Envelope,
  type EpochClass,
  type LeafHash,
  type LineId,
  type Party,
  type PartyKey,
  type Placed,
  type Suite,
  decapsulate,
  encapsulate,
  epochOf,
  equalBytes,
  markOf,
  markOfKey,
  openEnvelope,
  sealEnvelope,
  weakXwingKey,
} from "@openline/core";

/** A key of ours that a peer may have sealed to. */
export interface OwnSealKey {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  /** Its prekey act; null: the key in our party file. */
  readonly prekey: LeafHash | null;
}

export interface PeerSealOptions {
  readonly suite: Suite;
  readonly random: (count: number) => Uint8Array;
  readonly line: LineId;
  readonly own: PartyKey;
  readonly peer: Party;
  /** Null: lost, and both sides know it. */
  readonly psk: Uint8Array | null;
  /** `prekey` acts of the peer that have effect here. */
  readonly prekeys: () => readonly Placed[];
  readonly ownKeys: () => readonly OwnSealKey[];
}

interface Sending {
  readonly encapsulation: Encapsulation;
  readonly prekey: LeafHash | null;
  readonly publicKey: Uint8Array;
  /** The peer has opened an envelope of it: `enc` need not travel any more. */
  opened: boolean;
}

/** Encapsulations of one peer that are kept; beyond it the oldest is let go, and its sender begins anew. */
const RECEIVING_MAX = 64;

/** Sealing between this node and one peer: to the prekey it asks for, from whichever of ours it took. Nothing is counted and nothing need
 *  survive: after a restart a new encapsulation begins. */
export class PeerSeal {
  readonly #options: PeerSealOptions;
  readonly #sending: Map<EpochClass, Sending> = new Map();
  readonly #asked: Map<EpochClass, LeafHash | null> = new Map();
  #receiving: readonly Encapsulation[] = [];
  /** Opened here and not yet known to be known there. */
  readonly #heard: Set<string> = new Set();

  constructor(options: PeerSealOptions) {
    this.#options = options;
  }

  /** The peer says to which of its prekeys it is to be sealed. */
  asked(epoch: EpochClass, prekey: LeafHash | null): void {
    this.#asked.set(epoch, prekey);
  }

  /** `now`: POSIX seconds. */
  seal(frame: Uint8Array, epoch: EpochClass, now: number): Uint8Array {
    const { suite, random } = this.#options;
    const sending = this.#sender(epoch, now);
    const publicKey = sending.opened ? undefined : sending.publicKey;
    return sealEnvelope(suite, sending.encapsulation, { id: random(16), publicKey, heard: [...this.#heard], frame });
  }

  /** The frame in an envelope; undefined where it does not open. */
  open(envelope: Envelope): Uint8Array | undefined {
    const known = this.#receiving.find(({ enc, exporter }) =>
      envelope.enc === undefined ? equalBytes(markOf(exporter, envelope.id), envelope.mark) : equalBytes(enc, envelope.enc),
    );
    const encapsulation = known ?? this.#begun(envelope);
    if (encapsulation === undefined) return undefined;
    const opened = openEnvelope(this.#options.suite, encapsulation.exporter, envelope);
    if (opened === undefined) return undefined;
    if (known === undefined) this.#began(encapsulation);
    // While its `enc` still travels its sender has not heard that it was opened.
    if (envelope.enc === undefined) this.#heard.delete(encapsulation.name);
    else this.#heard.add(encapsulation.name);
    for (const sending of this.#sending.values()) if (opened.heard.includes(sending.encapsulation.name)) sending.opened = true;
    return opened.frame;
  }

  /** The peer has begun anew, perhaps after a restart: what it had opened before it may have forgotten. */
  #began(encapsulation: Encapsulation): void {
    this.#receiving = [encapsulation, ...this.#receiving].slice(0, RECEIVING_MAX);
    for (const sending of this.#sending.values()) sending.opened = false;
  }

  #begun({ id, mark, enc }: Envelope): Encapsulation | undefined {
    const { suite, line, own, peer, psk, ownKeys } = this.#options;
    if (enc === undefined) return undefined;
    const key = ownKeys().find(({ publicKey }) => equalBytes(markOfKey(suite, publicKey, id), mark));
    if (key === undefined) return undefined;
    return decapsulate(suite, { seed: key.seed, enc, psk, context: { line, from: peer.key, to: own, prekey: key.prekey } });
  }

  #sender(epoch: EpochClass, now: number): Sending {
    const { prekey, publicKey } = this.#prekeyOf(epoch, now);
    const before = this.#sending.get(epoch);
    if (before !== undefined && before.prekey === prekey) return before;
    const { suite, random, line, own, peer, psk } = this.#options;
    const context = { line, from: own, to: peer.key, prekey };
    const encapsulation = encapsulate(suite, { publicKey, context, psk, coins: random(64) });
    const sending: Sending = { encapsulation, prekey, publicKey, opened: false };
    this.#sending.set(epoch, sending);
    return sending;
  }

  /** The peer's prekey for now: the one it asked for, if that act is here; without a word from it the one of this epoch; else the key
   *  in its party file. */
  #prekeyOf(epoch: EpochClass, now: number): { readonly prekey: LeafHash | null; readonly publicKey: Uint8Array } {
    const { peer, prekeys } = this.#options;
    const lastResort = { prekey: null, publicKey: peer.file.seal };
    const asked = this.#asked.get(epoch);
    if (asked === null) return lastResort;
    const found = prekeys().findLast((act) => {
      const of = epochOf(act.header);
      return asked === undefined ? of !== undefined && of.epoch === epoch && of.from <= now && now < of.until : act.leaf === asked;
    });
    const publicKey = found?.header.facts.key;
    if (found === undefined || publicKey === undefined || weakXwingKey(publicKey) !== undefined) return lastResort;
    return { prekey: found.leaf, publicKey };
  }
}
