import { type Entry, type Party, type PartyKey, type Result, keepsReserve, limits, sendingRank } from "@openline/core";

/** What one party's entries and bodies may take of our disk, so that no party fills it for another. Bytes. */
export class Quota {
  readonly #bytes: number;
  readonly #reserve: number;
  readonly #used: Map<PartyKey, number> = new Map();

  /** `bytes`: for each party; a sixteenth more is kept for FLASH, beats and control acts. */
  constructor(bytes: number = limits.peerBytesDefault) {
    this.#bytes = bytes;
    this.#reserve = Math.ceil(bytes / 16);
  }

  add({ key }: Party, bytes: number): void {
    this.#used.set(key, (this.#used.get(key) ?? 0) + bytes);
  }

  /** What we still take of a party without touching the reserve: nothing when less than a sixteenth is left. */
  creditOf({ key }: Party): number {
    const left = this.#bytes - (this.#used.get(key) ?? 0);
    return left < this.#reserve ? 0 : left;
  }

  /** Is there room for these, each of which may or may not touch the reserve? */
  takes(party: Party, bytes: number, entries: readonly Result<Entry>[]): boolean {
    const credit = this.creditOf(party);
    if (bytes <= credit) return true;
    const reserved = entries.every((entry) => entry.ok && keepsReserve(sendingRank(entry.value.act.header)));
    return reserved && (this.#used.get(party.key) ?? 0) + bytes <= this.#bytes + this.#reserve;
  }
}
