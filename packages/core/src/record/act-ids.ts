/** Which act ids of one party have had effect where, over all its incarnations: an act counts once, in the earlier place of the
 *  party's log order. A control act counts once in each log, for what was enrolled beyond the head at which a log was closed is
 *  not carried on. So the end of a closed log may be read before or after the one that closed it. Source: docs/spec/state.md §2. */
export class ActIds {
  /** Place of each id, as one number: most logs have no other incarnation, and then it is the index. */
  readonly #places: Map<string, number> = new Map();
  readonly #again: Map<string, number[]> = new Map();
  /** How much of an incarnation the next one carried on. */
  readonly #carried: Map<number, number> = new Map();
  /** The last incarnation that has had one. */
  #last = 0;

  add(id: string, incarnation: number, index: number): void {
    const place = incarnation * INCARNATION + index;
    this.#last = Math.max(this.#last, incarnation);
    const known = this.#places.get(id);
    if (known === undefined) this.#places.set(id, place);
    else this.#again.set(id, [...(this.#again.get(id) ?? []), place]);
  }

  /** A later incarnation carries this one on up to `size`. */
  close(incarnation: number, size: number): void {
    this.#carried.set(incarnation, size);
  }

  /** Has an act with this id had effect before, as an entry of this incarnation sees it? */
  has(id: string, incarnation: number, control: boolean): boolean {
    return this.#placesOf(id).some((place) => {
      const at = Math.floor(place / INCARNATION);
      if (at === incarnation) return true;
      return at < incarnation && (!control || place % INCARNATION < (this.#carried.get(at) ?? Infinity));
    });
  }

  /** Has one had effect in a later incarnation, which was read first? */
  hasLater(id: string, incarnation: number): boolean {
    return this.#last > incarnation && this.#placesOf(id).some((place) => Math.floor(place / INCARNATION) > incarnation);
  }

  #placesOf(id: string): readonly number[] {
    const place = this.#places.get(id);
    return place === undefined ? NOWHERE : [place, ...(this.#again.get(id) ?? NOWHERE)];
  }
}

/** More entries than a log can have. */
const INCARNATION = 2 ** 40;
const NOWHERE: readonly number[] = [];
