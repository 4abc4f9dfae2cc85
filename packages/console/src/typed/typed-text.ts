import { ApiProblem, type Unsent } from "@openline/api";
import type { KeptWhere, Other, TypedPlaces, TypedView } from "./typed-view.ts";

/** After the last key the node is given the text when nothing more was typed for this long, */
const REST_MS = 1000;
/** and while somebody goes on typing, or the node does not answer, so often. */
const AT_LATEST_MS = 5000;
/** What has come from elsewhere, and has not stood here for so long, is not said: nobody has read it. */
const READ_MS = 500;
/** Texts that were typed here, one after the other, and are known for earlier ones of the last. */
const EARLIER_MAX = 500;

/** One text that is being typed: kept in this browser with every key, and at the node soon after. No text takes the place of another that was
 *  typed elsewhere unless a person says so. Source: docs/operating/console.md. */
export class TypedText {
  readonly #places: TypedPlaces;
  /** Pages whose copies were shown here, or chosen against. */
  readonly #known: Set<string>;
  #view: TypedView = { text: "", kept: undefined, other: undefined, saying: false };
  /** What was typed here on the way to the text, since the node had it last. Another page of this browser may have offered it to the node. */
  readonly #earlier: Set<string> = new Set();
  /** The version at the node that the text was made from. */
  #base = 0;
  /** The node has this very text. */
  #clean = true;
  #saved: string | null = null;
  /** The node has said what stands there. */
  #met = false;
  /** The last copy in this browser succeeded. */
  #here = false;
  /** Why the node keeps no such text. */
  #refused: string | undefined;
  /** The last step on the copy in this browser; the first is to read it. */
  #copying: Promise<void>;
  #saving: Promise<number> | undefined;
  #saves = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dirtySince: number | undefined;
  #stopped = false;
  /** When a text that was not typed here came to stand here. */
  #cameAt = -Infinity;

  constructor(places: TypedPlaces) {
    this.#places = places;
    this.#known = new Set([places.writer]);
    this.#copying = this.#readCopy().then(() => this.#readBeside());
  }

  get view(): TypedView {
    return this.#view;
  }

  /** Looks up what was typed before, here and at the node. */
  async open(): Promise<void> {
    await this.#copying;
    await this.refresh();
  }

  readonly set = (text: string): void => {
    if (!this.#clean && this.#view.text !== "") this.#passOver(this.#view.text);
    this.#clean = false;
    this.#refused = undefined;
    this.#show({ text });
    this.#copy();
    this.#dirtySince ??= performance.now();
    this.#after(Math.max(0, Math.min(REST_MS, this.#dirtySince + AT_LATEST_MS - performance.now())));
  };

  /** This text was said. What was typed meanwhile stays: `rest` says what of it was not in what was said. */
  readonly said = (text: string, rest: (now: string) => string = asIs): void => {
    const now = this.#view.text;
    this.set(now === text ? "" : rest(now));
    this.flush();
  };

  /** Says a text once: undefined while it is being said already, or has only just come here, whatever screen is shown meanwhile. Before it, the node is asked whether this is
   *  still what stands there, since another console may have said it (`behind`); a node that does not answer takes nothing to be said either. */
  readonly say = async <T>(text: string, act: () => Promise<T>): Promise<T | "behind" | undefined> => {
    if (this.#view.saying || performance.now() - this.#cameAt < READ_MS) return undefined;
    this.#show({ saying: true });
    try {
      await this.#saving;
      await this.refresh();
      return this.#view.text === text && this.#view.other === undefined ? await act() : "behind";
    } finally {
      this.#show({ saying: false });
    }
  };

  /** Gives the node now what it does not have. */
  flush(): void {
    if (this.#clean || this.#stopped) return;
    clearTimeout(this.#timer);
    void this.#save();
  }

  /** Whether this is what stands at the node under this version. Undefined: nothing stands there. */
  has(version: number | undefined): boolean {
    return this.#clean && (version === undefined ? this.#view.text === "" : version === this.#base);
  }

  /** Asks the node what stands there now. */
  async refresh(): Promise<void> {
    const saves = this.#saves;
    try {
      const node = await this.#places.node.read();
      // An answer from before a save says nothing of after it.
      if (saves === this.#saves && this.#saving === undefined) this.#meet(node);
    } catch {
      // The node does not answer: what is here stays, and is offered to it again.
      if (!this.#clean || !this.#met) this.#after(AT_LATEST_MS);
    }
  }

  /** Of two texts this console's stays. Nothing is no text: what stands elsewhere is emptied where it stands. */
  readonly keepMine = (): void => {
    const { other } = this.#view;
    if (other === undefined || this.#view.text === "") return;
    if (other.saved !== null) this.#base = other.version;
    this.#settle(other);
    this.set(this.#view.text);
    this.flush();
  };

  /** Of two texts the other stays. */
  readonly takeOther = (): void => {
    const { other } = this.#view;
    if (other === undefined) return;
    this.#base = other.version;
    this.#settle(other);
    this.set(other.text);
    this.flush();
  };

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #settle({ writer }: Other): void {
    if (writer !== undefined) {
      this.#known.add(writer);
      void this.#places.copies.drop(writer).catch(ignore);
    }
    this.#show({ other: undefined });
  }

  async #readCopy(): Promise<void> {
    const copy = await this.#places.copies.read().catch(ignore);
    // What was typed meanwhile is not written over it: see `#copy`.
    if (copy === undefined || !this.#clean) return;
    this.#known.add(copy.writer);
    this.#base = copy.base;
    this.#clean = copy.clean;
    this.#here = true;
    this.#come(copy.text);
  }

  /** What another page, or this one before it was loaded anew, had no other place for: a person chooses. */
  async #readBeside(): Promise<void> {
    for (const { text, base, writer } of await this.#places.copies.beside().catch(() => []))
      if (text === this.#view.text) await this.#places.copies.drop(writer).catch(ignore);
      else if (this.#view.other === undefined) this.#show({ other: { text, version: base, saved: null, writer } });
  }

  /** What this console has and what the node has, made one where nothing of either is lost by it. */
  #meet(node: Pick<Unsent, "text" | "version" | "saved">): void {
    this.#met = true;
    const { text } = this.#view;
    if (text === node.text) return this.#agree(node);
    // Where this console has seen nothing of the node's, nothing there was made of what was typed here: emptied, it takes the place of nothing.
    const nothingNew = (this.#base === 0 && node.text === "") || this.#earlier.has(node.text);
    const changedThere = node.version !== this.#base && !nothingNew;
    // Unchanged here since the node had it: what came later there is newer, and a node that was put back gets it again.
    if (this.#clean && node.version > this.#base) return this.#adopt(node);
    if (this.#clean) this.#clean = false;
    else if (changedThere && text === "") return this.#adopt(node);
    else if (changedThere) return this.#show({ other: node });
    this.#base = node.version;
    if (this.#refused === undefined) this.#after(REST_MS);
  }

  #agree({ version, saved }: Pick<Unsent, "version" | "saved">): void {
    const known = this.#clean && this.#base === version;
    this.#base = version;
    this.#clean = true;
    this.#earlier.clear();
    this.#saved = saved;
    this.#dirtySince = undefined;
    // What another page of this browser has and nobody else waits for a person whatever the node has.
    const { other } = this.#view;
    this.#show({ other: other?.saved === null ? other : undefined });
    if (!known) this.#copy();
  }

  #passOver(text: string): void {
    this.#earlier.add(text);
    const [oldest] = this.#earlier;
    if (oldest !== undefined && this.#earlier.size > EARLIER_MAX) this.#earlier.delete(oldest);
  }

  #come(text: string): void {
    if (text !== "" && text !== this.#view.text) this.#cameAt = performance.now();
    this.#show({ text });
  }

  #adopt({ text, version, saved }: Pick<Unsent, "text" | "version" | "saved">): void {
    this.#come(text);
    this.#agree({ version, saved });
  }

  #after(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped && ms < Infinity) this.#timer = setTimeout(() => void (this.#clean ? this.refresh() : this.#save()), ms);
  }

  /** Whether the node is not to be given this text until a person has chosen. */
  get #waits(): boolean {
    const { other } = this.#view;
    return other !== undefined && other.saved !== null;
  }

  /** One save at a time; what is typed meanwhile is saved afterwards. */
  async #save(): Promise<void> {
    if (this.#saving !== undefined || this.#clean || this.#waits) return;
    this.#saving = this.#saveOnce();
    const again = await this.#saving;
    this.#saving = undefined;
    if (!this.#clean && !this.#waits) this.#after(again);
  }

  /** When to come back, in milliseconds, if there is something to save then. */
  async #saveOnce(): Promise<number> {
    const { text } = this.#view;
    this.#dirtySince = undefined;
    this.#saves++;
    try {
      const kept = await this.#places.node.keep(this.#base, text);
      if (this.#view.text === text) this.#agree(kept);
      else this.#base = kept.version;
      return REST_MS;
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : undefined;
      if (problem?.problem.code === "unsent-behind") {
        await this.#places.node.read().then((node) => this.#meet(node), ignore);
        return REST_MS;
      }
      // The same text again would be refused again.
      if (problem === undefined || !REFUSED.has(problem.status)) return AT_LATEST_MS;
      if (this.#view.text !== text) return REST_MS;
      this.#refused = problem.problem.code;
      this.#show({});
      return Infinity;
    }
  }

  /** In the order of typing; what was typed meanwhile is copied once. What another page of this browser has, and nobody else, is not written over:
   *  a person chooses. */
  #copy(): void {
    const { text } = this.#view;
    const { copies, writer } = this.#places;
    this.#copying = this.#copying.then(async () => {
      if (text !== this.#view.text) return;
      const copy = { text, base: this.#base, clean: this.#clean, writer };
      const there = await copies.write(copy, this.#known).catch(failed);
      if (there !== undefined && there !== FAILED && this.#earlier.has(there.text)) {
        this.#known.add(there.writer);
        return this.#copy();
      }
      this.#here = there !== FAILED;
      // What the node has is not lost here.
      if (there === undefined || there === FAILED || there.text === text || this.#clean || this.#waits) return this.#show({});
      this.#show({ other: { text: there.text, version: there.base, saved: null, writer: there.writer } });
    });
  }

  #show(part: Partial<Pick<TypedView, "text" | "other" | "saying">>): void {
    const next = { ...this.#view, ...part };
    this.#view = { ...next, kept: next.text === "" && next.other === undefined ? undefined : this.#keptWhere() };
    this.#places.changed();
  }

  #keptWhere(): KeptWhere {
    if (this.#clean && this.#saved !== null) return { at: "node", saved: this.#saved };
    if (!this.#here) return { at: "nowhere" };
    return this.#refused === undefined ? { at: "here" } : { at: "refused", code: this.#refused };
  }
}

/** A request that is well answered and never will be otherwise. */
const REFUSED: ReadonlySet<number> = new Set([400, 404, 413, 422]);

const FAILED = Symbol("this browser keeps nothing more");
const failed = (): typeof FAILED => FAILED;
const asIs = (text: string): string => text;
const ignore = (): void => undefined;
