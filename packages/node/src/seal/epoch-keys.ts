import {
  type Epoch,
  type EpochClass,
  type Schema,
  type Suite,
  OpenlineError,
  bytes,
  concatBytes,
  decode,
  encode,
  isOver,
  list,
  object,
  oneOf,
  plain,
  refusable,
  uint,
  utf8,
} from "@openline/core";

/** A place for the private keys of sealing epochs: outside the store and in no backup, so that what they opened stays closed once they
 *  are erased. */
export interface EpochKeyPlace {
  /** Undefined when nothing was ever saved here. */
  load(): Promise<Uint8Array | undefined>;
  /** Durable when it resolves; nothing of what was there before is left under its name. Rejects with `OpenlineError` `storage`. */
  save(content: Uint8Array): Promise<void>;
}

/** The private key of one epoch. */
export interface EpochKey extends Epoch {
  readonly seed: Uint8Array;
  /** X-Wing, 1,216 bytes. */
  readonly publicKey: Uint8Array;
}

interface Stored extends Epoch {
  readonly seed: Uint8Array;
}
const seconds = uint(253_402_300_799);
const schema: Schema<readonly Stored[]> = list(
  object<Stored>({ epoch: oneOf("direct", "narrow", "hand"), from: seconds, until: seconds, seed: bytes(32) }),
  64,
);
const NONCE_BYTES = 12;

/** Private keys of sealing epochs: made ahead, kept a while after, then erased. At rest they are sealed under the node's own key. */
export class EpochKeys {
  readonly #suite: Suite;
  readonly #place: EpochKeyPlace;
  readonly #key: Uint8Array;
  readonly #random: (count: number) => Uint8Array;
  #keys: readonly EpochKey[] = [];

  private constructor(options: { suite: Suite; place: EpochKeyPlace; nodeSeal: Uint8Array; random: (count: number) => Uint8Array }) {
    this.#suite = options.suite;
    this.#place = options.place;
    this.#random = options.random;
    this.#key = options.suite.sha256(concatBytes(utf8("openline/epoch-keys"), options.nodeSeal));
  }

  /** Throws `OpenlineError` `damaged` for what it cannot read: the operator moves it away, and peers seal to other keys. */
  static async open(options: {
    readonly suite: Suite;
    readonly place: EpochKeyPlace;
    /** Seed of the node's last-resort key. */
    readonly nodeSeal: Uint8Array;
    readonly random: (count: number) => Uint8Array;
  }): Promise<EpochKeys> {
    const keys = new EpochKeys(options);
    const content = await options.place.load();
    if (content !== undefined) keys.#keys = keys.#read(content);
    return keys;
  }

  get keys(): readonly EpochKey[] {
    return this.#keys;
  }

  keyOf({ epoch, from }: { readonly epoch: EpochClass; readonly from: number }): EpochKey | undefined {
    return this.#keys.find((key) => key.epoch === epoch && key.from === from);
  }

  /** Makes the keys of these epochs that are not there, and erases those that are over; durable when it resolves. */
  async turn(epochs: readonly Epoch[], at: number): Promise<void> {
    const kept = this.#keys.filter((key) => !isOver(key, at));
    const made = epochs
      .filter((epoch) => this.keyOf(epoch) === undefined)
      .map((epoch) => this.#keyFrom({ ...epoch, seed: this.#random(32) }));
    if (made.length === 0 && kept.length === this.#keys.length) return;
    const keys = [...kept, ...made];
    await this.#place.save(this.#written(keys));
    this.#keys = keys;
  }

  #keyFrom(stored: Stored): EpochKey {
    return { ...stored, publicKey: this.#suite.xwingPublic(stored.seed) };
  }

  #written(keys: readonly EpochKey[]): Uint8Array {
    const nonce = this.#random(NONCE_BYTES);
    const content = encode(plain(keys.map(({ epoch, from, until, seed }) => ({ epoch, from, until, seed }))));
    return concatBytes(nonce, this.#suite.sealAes256Gcm(this.#key, nonce, new Uint8Array(0), content));
  }

  #read(content: Uint8Array): readonly EpochKey[] {
    const opened = this.#suite.openAes256Gcm(this.#key, content.subarray(0, NONCE_BYTES), new Uint8Array(0), content.subarray(NONCE_BYTES));
    const read = opened === undefined ? undefined : refusable(() => schema(decode(opened), "epoch keys"));
    if (read?.ok !== true) throw new OpenlineError("damaged", "the private keys of the sealing epochs cannot be read");
    return read.value.map((stored) => this.#keyFrom(stored));
  }
}
