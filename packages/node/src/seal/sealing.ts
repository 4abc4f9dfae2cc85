import {
  type Accord,
  type Epoch,
  type EpochClass,
  type LeafHash,
  type LineRecord,
  type Party,
  type Suite,
  type UnixMillis,
  epochOf,
  epochsDue,
  equalBytes,
  parseEnvelope,
  parseUnixSeconds,
  secondsOf,
} from "@openline/core";
import type { Bearer } from "../bearers/bearer.ts";
import type { SealingPort } from "../exchange-have.ts";
import type { NodeKeys } from "../keys.ts";
import type { NodeActSaid } from "../node-act.ts";
import type { World } from "../ports.ts";
import type { EpochKeys } from "./epoch-keys.ts";
import { type OwnSealKey, PeerSeal } from "./peer-seal.ts";

/** Everything a node seals and opens, and which `prekey` acts it enters. Source: docs/spec/sealing.md. */
export class Sealing implements SealingPort {
  readonly #suite: Suite;
  readonly #accord: Accord;
  readonly #party: Party;
  readonly #keys: NodeKeys;
  readonly #world: World;
  readonly #epochKeys: EpochKeys;
  readonly #peers: Map<Party, PeerSeal> = new Map();
  /** Where each bearer of the exchange leads. */
  readonly #peerOf: Map<string, Party> = new Map();
  readonly #classes: Set<EpochClass> = new Set();
  #record: LineRecord | undefined;
  #unopened = 0;

  constructor(options: {
    readonly suite: Suite;
    readonly accord: Accord;
    readonly party: Party;
    readonly keys: NodeKeys;
    readonly world: World;
    readonly epochKeys: EpochKeys;
  }) {
    this.#suite = options.suite;
    this.#accord = options.accord;
    this.#party = options.party;
    this.#keys = options.keys;
    this.#world = options.world;
    this.#epochKeys = options.epochKeys;
  }

  /** The record of the node that seals with this: prekeys stand in it. */
  readFrom(record: LineRecord): void {
    this.#record = record;
  }

  /** A bearer leads to one peer; what is sealed for its class of bearers gets keys of its own. */
  leads(bearer: Bearer, peer: Party): void {
    this.#peerOf.set(bearer.id, peer);
    this.#classes.add(bearer.epoch);
  }

  seal(frame: Uint8Array, bearer: Bearer): Uint8Array {
    return this.#of(bearer).seal(frame, bearer.epoch, this.#now());
  }

  /** The frame in an envelope. What does not open is counted and no refusal: our next HAVE names the key to seal to, and the sender
   *  seals again. What is no envelope comes back as it is, and is refused as a frame. */
  open(bytes: Uint8Array, bearer: Bearer): Uint8Array | undefined {
    const envelope = parseEnvelope(bytes);
    if (!envelope.ok) return bytes;
    const frame = this.#of(bearer).open(envelope.value);
    if (frame === undefined) this.#unopened++;
    return frame;
  }

  /** Envelopes since the start that no key here opened. */
  get unopened(): number {
    return this.#unopened;
  }

  /** Our prekey act that the peer on this bearer shall seal to now; null while none counts whose private key is here. */
  prekeyFor({ epoch }: Bearer): LeafHash | null {
    const now = this.#now();
    const current = this.#ownKeys().find((key) => key.epoch?.epoch === epoch && key.epoch.from <= now && now < key.epoch.until);
    return current?.prekey ?? null;
  }

  peerAsks(bearer: Bearer, prekey: LeafHash | null): void {
    this.#of(bearer).asked(bearer.epoch, prekey);
  }

  /** Makes the private keys of the epochs to come durable, and returns the `prekey` acts that publish those not yet published. */
  async due(now: UnixMillis): Promise<readonly NodeActSaid[]> {
    const at = secondsOf(now);
    const epochs = [...this.#classes].flatMap((epoch) => epochsDue(epoch, at));
    await this.#epochKeys.turn(epochs, at);
    const published = this.#ownKeys();
    return epochs.flatMap((epoch) => {
      const key = this.#epochKeys.keyOf(epoch);
      if (key === undefined || published.some((known) => known.prekey !== null && equalBytes(known.publicKey, key.publicKey))) return [];
      return [prekeyAct(epoch, key.publicKey)];
    });
  }

  #now(): number {
    return secondsOf(this.#world.clock.now());
  }

  #of(bearer: Bearer): PeerSeal {
    const others = this.#accord.parties.filter((party) => party !== this.#party);
    const peer = this.#peerOf.get(bearer.id) ?? others[0] ?? this.#party;
    const known = this.#peers.get(peer);
    if (known !== undefined) return known;
    const made = new PeerSeal({
      suite: this.#suite,
      random: this.#world.random,
      line: this.#accord.line,
      own: this.#party.key,
      peer,
      psk: this.#keys.psks[peer.id] ?? null,
      prekeys: () => this.#record?.prekeys[this.#accord.parties.indexOf(peer)] ?? [],
      ownKeys: () => this.#ownKeys(),
    });
    this.#peers.set(peer, made);
    return made;
  }

  /** Our keys whose private half is here: those of published epochs, and the one of the party file last. */
  #ownKeys(): readonly (OwnSealKey & { readonly epoch?: Epoch })[] {
    const acts = this.#record?.prekeys[this.#accord.parties.indexOf(this.#party)] ?? [];
    const epochs = acts.flatMap((act) => {
      const epoch = epochOf(act.header);
      const key = epoch === undefined ? undefined : this.#epochKeys.keyOf(epoch);
      const same = key !== undefined && act.header.facts.key !== undefined && equalBytes(key.publicKey, act.header.facts.key);
      return same && epoch !== undefined ? [{ seed: key.seed, publicKey: key.publicKey, prekey: act.leaf, epoch }] : [];
    });
    return [...epochs, { seed: this.#keys.seal, publicKey: this.#party.file.seal, prekey: null }];
  }
}

const prekeyAct = ({ epoch, from, until }: Epoch, key: Uint8Array): NodeActSaid => ({
  kind: "prekey",
  facts: { key, purpose: epoch, effective: parseUnixSeconds(from), until: parseUnixSeconds(until) },
});
