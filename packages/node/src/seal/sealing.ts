import {
  type Accord,
  type Epoch,
  type EpochClass,
  type LeafHash,
  type LineRecord,
  type Party,
  type PartyId,
  type PskLost,
  type Suite,
  type UnixMillis,
  epochOf,
  epochsDue,
  equalBytes,
  noticeFrame,
  noticeInFrame,
  parseEnvelope,
  parseUnixSeconds,
  presentParties,
  secondsOf,
} from "@openline/core";
import type { Bearer } from "../bearers/bearer.ts";
import type { SealingPort } from "../exchange-have.ts";
import type { NodeKeys } from "../keys.ts";
import type { NodeActSaid } from "../node-act.ts";
import type { World } from "../ports.ts";
import type { EpochKeys } from "./epoch-keys.ts";
import { LostPsks } from "./lost-psks.ts";
import type { NoticePlace } from "./notice-place.ts";
import { type OwnSealKey, PeerSeal } from "./peer-seal.ts";

/** How often a notice is told again on one bearer to a peer that does not seem to know it. Seconds. */
const TELL_S: Readonly<Record<EpochClass, number>> = { direct: 5, narrow: 60, hand: 3_600 };
/** So many in a row that do not open are no restart, after which a few do not. */
const UNOPENED_MIN = 8;

/** Everything a node seals and opens, and which `prekey` acts it enters. Source: docs/spec/sealing.md. */
export class Sealing implements SealingPort {
  readonly #suite: Suite;
  readonly #accord: Accord;
  readonly #party: Party;
  readonly #keys: NodeKeys;
  readonly #world: World;
  readonly #epochKeys: EpochKeys;
  readonly #lost: LostPsks;
  /** When notices last left on each bearer of the exchange. */
  readonly #noticedAt: Map<string, number> = new Map();
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
    /** Where notices of lost pre-shared keys are kept. */
    readonly notices: NoticePlace;
  }) {
    this.#suite = options.suite;
    this.#accord = options.accord;
    this.#party = options.party;
    this.#keys = options.keys;
    this.#world = options.world;
    this.#epochKeys = options.epochKeys;
    const { suite, accord, notices: place } = options;
    this.#lost = new LostPsks({ suite, accord, place, record: () => this.#record });
  }

  /** The record of the node that seals with this: prekeys stand in it. */
  readFrom(record: LineRecord): void {
    this.#record = record;
  }

  /** Reads the notices that were kept, once `readFrom` has said whose root holders count. */
  async load(): Promise<void> {
    await this.#lost.load();
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
   *  seals again. What is no envelope comes back as it is, and is refused as a frame. A notice of a lost pre-shared key waits for `due`;
   *  it is all that is taken from an envelope sealed without the key while there is one. */
  open(bytes: Uint8Array, bearer: Bearer): Uint8Array | undefined {
    const envelope = parseEnvelope(bytes);
    if (!envelope.ok) return bytes;
    const opened = this.#of(bearer).open(envelope.value);
    const notice = opened === undefined ? undefined : noticeInFrame(opened.frame);
    if (notice !== undefined) this.#lost.tell(notice);
    else if (opened !== undefined && !opened.withoutPsk) return opened.frame;
    else this.#unopened++;
    return undefined;
  }

  /** Notices about the key shared with the peer on this bearer that are to be told now, as frames: as long as that peer does not seal
   *  without the key, it may not know, or have forgotten. */
  noticesDue(bearer: Bearer): readonly Uint8Array[] {
    const seal = this.#of(bearer);
    const notices = this.#lost.between(this.#party.id, seal.peer.id);
    const now = this.#now();
    const before = this.#noticedAt.get(bearer.id);
    if (notices.length === 0 || seal.peerSealsWithout || (before !== undefined && now >= before && now < before + TELL_S[bearer.epoch]))
      return [];
    this.#noticedAt.set(bearer.id, now);
    return notices.map(({ bytes }) => noticeFrame(bytes));
  }

  /** Peers with whom there is no pre-shared key, and why: `said` of whoever said that it is lost; undefined where nobody has and the
   *  key is not here, so that nothing can be exchanged. */
  get withoutPsk(): readonly { readonly peer: PartyId; readonly said: PskLost | undefined }[] {
    const peers = presentParties(this.#accord).filter((party) => party !== this.#party);
    return peers.flatMap(({ id: peer }) => {
      const said = this.#lost.between(this.#party.id, peer)[0]?.said;
      return said === undefined && (this.#keys.psks[peer] ?? null) !== null ? [] : [{ peer, said }];
    });
  }

  /** Envelopes since the start that no key here opened. */
  get unopened(): number {
    return this.#unopened;
  }

  /** Peers of whom nothing has opened of late, with the number of envelopes. */
  get closedTo(): readonly { readonly peer: PartyId; readonly envelopes: number }[] {
    return [...this.#peers.values()].flatMap(({ peer, unopenedSince }) =>
      unopenedSince < UNOPENED_MIN ? [] : [{ peer: peer.id, envelopes: unopenedSince }],
    );
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

  /** Checks and keeps the notices that have come since. */
  async takeNotices(): Promise<void> {
    await this.#lost.takeTold();
  }

  /** Makes the private keys of the epochs to come durable, and returns the `prekey` acts that publish those not yet published. */
  async due(now: UnixMillis): Promise<readonly NodeActSaid[]> {
    const at = secondsOf(now);
    const epochs = [...this.#classes].flatMap((epoch) => epochsDue(epoch, at));
    await this.#epochKeys.turn(epochs, at);
    const published = this.#ownKeys();
    const prekeys = epochs.flatMap((epoch) => {
      const key = this.#epochKeys.keyOf(epoch);
      if (key === undefined || published.some((known) => known.prekey !== null && equalBytes(known.publicKey, key.publicKey))) return [];
      return [prekeyAct(epoch, key.publicKey)];
    });
    return [...prekeys, ...this.#lost.unannounced(this.#party)];
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
      psk: () => (this.#lost.between(this.#party.id, peer.id).length > 0 ? null : (this.#keys.psks[peer.id] ?? null)),
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
