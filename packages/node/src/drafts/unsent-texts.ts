import { type UnixSeconds, ok, secondsOf } from "@openline/core";
import type { Clock } from "../ports.ts";
import type { Store } from "../store/store.ts";
import { Turns } from "../turns.ts";
import { type Done, not } from "./draft-done.ts";
import { type KeptField, UnsentPlace } from "./unsent-place.ts";

/** Fields under which something is kept; then the one emptied first is forgotten. */
const FIELDS_MAX = 256;

/** Where somebody types: a post and a field of its console. */
export interface TypedAt {
  readonly post: string;
  readonly field: string;
}

/** What stands in a field. Version 0 and no time: nothing was ever kept. */
export interface UnsentText {
  readonly version: number;
  readonly saved: UnixSeconds | null;
  readonly text: string;
}

/** What the people of one line have typed and not said yet, so that it outlives the machine it was typed on. Nobody has signed it and nothing
 *  follows from it. A save is durable before it is said to be done, and never takes the place of a text it was not made from. */
export class UnsentTexts {
  readonly #place: UnsentPlace;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #turns: Turns = new Turns();
  readonly #changes: { readonly count: number; readonly field: KeptField }[] = [];
  #count = 0;
  /** In the order of their last saves. */
  #fields: readonly KeptField[] = [];
  #next = 1;
  #loaded: Promise<void> | undefined;

  constructor(store: Store, clock: Clock, changed: () => void) {
    this.#place = new UnsentPlace(store);
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Counts the saves since this process began. */
  get changes(): number {
    return this.#count;
  }

  /** What has been saved since, in order. */
  changedSince(count: number): readonly KeptField[] {
    return this.#changes.filter((change) => change.count > count).map(({ field }) => field);
  }

  /** Every field in which something stands. */
  async all(): Promise<readonly KeptField[]> {
    await this.#load();
    return this.#fields.filter(({ empty }) => !empty);
  }

  /** Waits for what is being saved. */
  get(at: TypedAt): Promise<UnsentText> {
    return this.#turn(() => this.#standing(at));
  }

  /** Keeps a text made from version `base`. The text that stands, sent again, changes nothing. */
  keep(at: TypedAt, base: number, text: string): Promise<Done<UnsentText>> {
    return this.#turn(async () => {
      const before = await this.#standing(at);
      if (before.text === text) return ok(before);
      if (before.version !== base)
        return not("unsent-behind", `version ${before.version} stands, and this was made from ${base}`, { version: before.version });
      const others = this.#fields.filter((item) => !isAt(item, at));
      const gone = others.length < FIELDS_MAX ? undefined : others.find(({ empty }) => empty);
      if (others.length >= FIELDS_MAX && gone === undefined) return not("too-many", `something unsent stands in ${FIELDS_MAX} fields`);
      const version = this.#next;
      const saved = secondsOf(this.#clock.now());
      const field = { ...at, version, saved, empty: text === "" };
      const fields = [...others.filter((item) => item !== gone), field];
      await this.#place.keep({ fields, next: version + 1, at, text, gone });
      this.#fields = fields;
      this.#next = version + 1;
      this.#changes.push({ count: ++this.#count, field });
      if (this.#changes.length > FIELDS_MAX) this.#changes.shift();
      this.#changed();
      return ok({ version, saved, text });
    });
  }

  async #standing(at: TypedAt): Promise<UnsentText> {
    const kept = this.#fields.find((item) => isAt(item, at));
    if (kept === undefined) return { version: 0, saved: null, text: "" };
    return { version: kept.version, saved: kept.saved, text: kept.empty ? "" : await this.#place.text(at) };
  }

  async #turn<T>(step: () => Promise<T>): Promise<T> {
    await this.#load();
    return this.#turns.take(step);
  }

  #load(): Promise<void> {
    this.#loaded ??= this.#read();
    return this.#loaded;
  }

  async #read(): Promise<void> {
    ({ fields: this.#fields, next: this.#next } = await this.#place.load());
  }
}

const isAt = (item: TypedAt, at: TypedAt): boolean => item.post === at.post && item.field === at.field;
