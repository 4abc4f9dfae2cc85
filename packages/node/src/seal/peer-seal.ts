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
  readonly psk: () => Uint8Array | null;
  /** `prekey` acts of the peer that have effect here. */
  readonly prekeys: () => readonly Placed[];
  readonly ownKeys: () => readonly OwnSealKey[];
}

/** What an envelope held. `withoutPsk`: it was sealed without the pre-shared key, though there is one. */
export interface Opened {
  readonly frame: Uint8Array;
  readonly withoutPsk: boolean;
}

interface Sending {
  readonly psk: Uint8Array | null;
  readonly encapsulation: Encapsulation;
  readonly prekey: LeafHash | null;
  readonly publicKey: Uint8Array;
  /** The peer has opened an envelope of it: `enc` need not travel any more. */
  opened: boolean;
}

interface Receiving {
  readonly encapsulation: Encapsulation;
  readonly psk: Uint8Array | null;
}

/** Encapsulations of one peer that are kept; beyond it the oldest is let go, and its sender begins anew. */
const RECEIVING_MAX = 64;

/** Sealing between this node and one peer: to the prekey it asks for, from whichever of ours it took. Nothing is counted and nothing need
 *  survive: after a restart a new encapsulation begins. */
export class PeerSeal {
  readonly #options: PeerSealOptions;
  readonly #sending: Map<EpochClass, Sending> = new Map();
  readonly #asked: Map<EpochClass, LeafHash | null> = new Map();
  #receiving: readonly Receiving[] = [];
  #peerSealsWithout = false;
  #unopened = 0;
  /** Opened here and not yet known to be known there. */
  readonly #heard: Set<string> = new Set();

  constructor(options: PeerSealOptions) {
    this.#options = options;
  }

  get peer(): Party {
    return this.#options.peer;
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

  /** Envelopes since the last one that opened: where nothing opens, the two do not mean the same line or the same keys. */
  get unopenedSince(): number {
    return this.#unopened;
  }

  /** What is in an envelope; undefined where it does not open. */
  open(envelope: Envelope): Opened | undefined {
    const opened = this.#open(envelope);
    this.#unopened = opened === undefined ? this.#unopened + 1 : 0;
    return opened;
  }

  #open(envelope: Envelope): Opened | undefined {
    const known = this.#receiving.find(({ encapsulation: { enc, exporter } }) =>
      envelope.enc === undefined ? equalBytes(markOf(exporter, envelope.id), envelope.mark) : equalBytes(enc, envelope.enc),
    );
    const psk = this.#options.psk();
    if (known !== undefined) return this.#openWith(known, envelope);
    const opened = this.#openWith(this.#begun(envelope, psk), envelope);
    if (opened !== undefined) return opened;
    if (psk === null) {
      this.#mayHaveForgotten();
      return undefined;
    }
    return this.#openWith(this.#begun(envelope, null), envelope, { withoutPsk: true });
  }

  /** Whether the last envelope that came was sealed without a pre-shared key and opened: its sender knows that there is none any more. */
  get peerSealsWithout(): boolean {
    return this.#peerSealsWithout;
  }

  /** An envelope sealed without the pre-shared key while there is one leaves no trace here: its sender may be anybody. */
  #openWith(receiving: Receiving | undefined, envelope: Envelope, { withoutPsk } = { withoutPsk: false }): Opened | undefined {
    if (receiving === undefined) return undefined;
    const { encapsulation, psk } = receiving;
    const opened = openEnvelope(this.#options.suite, encapsulation.exporter, envelope);
    if (opened === undefined) return undefined;
    if (withoutPsk) return { frame: opened.frame, withoutPsk };
    if (!this.#receiving.includes(receiving)) this.#began(receiving);
    this.#peerSealsWithout = psk === null;
    // While its `enc` still travels its sender has not heard that it was opened.
    if (envelope.enc === undefined) this.#heard.delete(encapsulation.name);
    else this.#heard.add(encapsulation.name);
    for (const sending of this.#sending.values()) if (opened.heard.includes(sending.encapsulation.name)) sending.opened = true;
    return { frame: opened.frame, withoutPsk };
  }

  /** Something did not open where no key was to be had: its sender may seal with the key that is lost, and has then to be told anew. */
  #mayHaveForgotten(): void {
    this.#peerSealsWithout = false;
    for (const sending of this.#sending.values()) sending.opened = false;
  }

  /** The peer has begun anew, perhaps after a restart: what it had opened before it may have forgotten. */
  #began(receiving: Receiving): void {
    this.#receiving = [receiving, ...this.#receiving].slice(0, RECEIVING_MAX);
    for (const sending of this.#sending.values()) sending.opened = false;
  }

  #begun({ id, mark, enc }: Envelope, psk: Uint8Array | null): Receiving | undefined {
    const { suite, line, own, peer, ownKeys } = this.#options;
    if (enc === undefined) return undefined;
    const key = ownKeys().find(({ publicKey }) => equalBytes(markOfKey(suite, publicKey, id), mark));
    if (key === undefined) return undefined;
    const context = { line, from: peer.key, to: own, prekey: key.prekey };
    const encapsulation = decapsulate(suite, { seed: key.seed, enc, psk, context });
    return encapsulation === undefined ? undefined : { encapsulation, psk };
  }

  #sender(epoch: EpochClass, now: number): Sending {
    const { prekey, publicKey } = this.#prekeyOf(epoch, now);
    const before = this.#sending.get(epoch);
    const psk = this.#options.psk();
    if (before !== undefined && before.prekey === prekey && before.psk === psk) return before;
    const { suite, random, line, own, peer } = this.#options;
    const context = { line, from: own, to: peer.key, prekey };
    const encapsulation = encapsulate(suite, { publicKey, context, psk, coins: random(64) });
    const sending: Sending = { encapsulation, psk, prekey, publicKey, opened: false };
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
