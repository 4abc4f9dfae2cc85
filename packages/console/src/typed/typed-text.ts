import { ApiProblem, type Unsent } from "@openline/api";
import type { LocalCopy } from "./copies.ts";

/** After the last key the node is given the text when nothing more was typed for this long, */
const REST_MS = 1000;
/** and while somebody goes on typing, or the node does not answer, so often. */
const AT_LATEST_MS = 5000;

/** Where the text that is shown is kept. `nowhere`: neither here nor at the node. */
export type KeptWhere = { readonly at: "nowhere" } | { readonly at: "here" } | { readonly at: "node"; readonly saved: string };

/** One field as a screen shows it. */
export interface TypedView {
  readonly text: string;
  /** Undefined: there is nothing to keep. */
  readonly kept: KeptWhere | undefined;
  /** Another text that stands at the node, typed elsewhere, or lay here from before (`saved` null): a person chooses. */
  readonly other: Pick<Unsent, "text" | "version" | "saved"> | undefined;
}

/** The places of one field. */
export interface TypedPlaces {
  readonly copies: { read(): Promise<LocalCopy | undefined>; write(copy: LocalCopy): Promise<void>; remove(): Promise<void> };
  readonly node: { read(): Promise<Unsent>; keep(base: number, text: string): Promise<Unsent> };
  readonly changed: () => void;
}

/** One text that is being typed: kept in this browser with every key, and at the node soon after. No text takes the place of another that was
 *  typed elsewhere unless a person says so. Source: docs/operating/drafts.md. */
export class TypedText {
  readonly #places: TypedPlaces;
  #view: TypedView = { text: "", kept: undefined, other: undefined };
  /** The version at the node that the text was made from. */
  #base = 0;
  /** The node has this very text. */
  #clean = true;
  #saved: string | null = null;
  /** The last copy in this browser failed, or succeeded. */
  #here = false;
  /** The last step on the copy in this browser; the first is to read it. */
  #copying: Promise<void>;
  #saving: Promise<number> | undefined;
  #saves = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dirtySince: number | undefined;
  #stopped = false;

  constructor(places: TypedPlaces) {
    this.#places = places;
    this.#copying = this.#readCopy();
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
    this.#clean = false;
    this.#show({ text });
    this.#copy();
    this.#dirtySince ??= performance.now();
    const rest = Math.max(0, Math.min(REST_MS, this.#dirtySince + AT_LATEST_MS - performance.now()));
    this.#after(rest);
  };

  /** It was said, or nobody will say it. */
  readonly forget = (): void => {
    this.set("");
    this.flush();
  };

  /** Gives the node now what it does not have. */
  flush(): void {
    if (!this.#clean) this.#after(0);
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
      if (!this.#clean) this.#after(AT_LATEST_MS);
    }
  }

  /** Of two texts this console's stays. */
  readonly keepMine = (): void => {
    const { other } = this.#view;
    if (other === undefined) return;
    this.#base = other.version;
    this.#show({ other: undefined });
    this.#after(0);
  };

  /** Of two texts the other stays. */
  readonly takeOther = (): void => {
    const { other } = this.#view;
    if (other === undefined) return;
    this.#base = other.version;
    this.#show({ other: undefined });
    this.set(other.text);
    this.flush();
  };

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #readCopy(): Promise<void> {
    const copy = await this.#places.copies.read().catch(ignore);
    if (copy === undefined || copy.text === this.#view.text) return;
    if (this.#clean) {
      this.#base = copy.base;
      this.#clean = copy.clean;
      this.#here = true;
      this.#show({ text: copy.text });
    } else if (!copy.clean) this.#show({ other: { text: copy.text, version: copy.base, saved: null } });
  }

  /** What this console has and what the node has, made one where nothing of either is lost by it. */
  #meet(node: Pick<Unsent, "text" | "version" | "saved">): void {
    const { text } = this.#view;
    if (text === node.text) return this.#agree(node);
    const changedThere = node.version !== this.#base;
    // Unchanged here since the node had it: what came later there is newer, and a node that was put back gets it again.
    if (this.#clean && node.version > this.#base) return this.#adopt(node);
    if (this.#clean) this.#clean = false;
    else if (changedThere && text === "") return this.#adopt(node);
    else if (changedThere) return this.#show({ other: node });
    this.#base = node.version;
    this.#after(REST_MS);
  }

  #agree({ version, saved }: Pick<Unsent, "version" | "saved">): void {
    const known = this.#clean && this.#base === version;
    this.#base = version;
    this.#clean = true;
    this.#saved = saved;
    this.#dirtySince = undefined;
    // What lay here from before, and nowhere else, waits for a person whatever the node has.
    const { other } = this.#view;
    this.#show({ other: other?.saved === null ? other : undefined });
    if (!known) this.#copy();
  }

  #adopt({ text, version, saved }: Pick<Unsent, "text" | "version" | "saved">): void {
    this.#show({ text });
    this.#agree({ version, saved });
  }

  #after(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#save(), ms);
  }

  /** One save at a time; what is typed meanwhile is saved afterwards. */
  async #save(): Promise<void> {
    if (this.#saving !== undefined || this.#clean || this.#view.other !== undefined) return;
    this.#saving = this.#saveOnce();
    const again = await this.#saving;
    this.#saving = undefined;
    if (!this.#clean && this.#view.other === undefined) this.#after(again);
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
      if (!(error instanceof ApiProblem && error.problem.code === "unsent-behind")) return AT_LATEST_MS;
      await this.#places.node.read().then((node) => this.#meet(node), ignore);
      return REST_MS;
    }
  }

  /** In the order of typing; what was typed meanwhile is copied once. */
  #copy(): void {
    const copy = { text: this.#view.text, base: this.#base, clean: this.#clean };
    const { copies } = this.#places;
    this.#copying = this.#copying.then(async () => {
      if (copy.text !== this.#view.text) return;
      this.#here = await (copy.clean && copy.text === "" ? copies.remove() : copies.write(copy)).then(yes, no);
      this.#show({});
    });
  }

  #show(part: Partial<Pick<TypedView, "text" | "other">>): void {
    const next = { ...this.#view, ...part };
    this.#view = { ...next, kept: next.text === "" && next.other === undefined ? undefined : this.#keptWhere() };
    this.#places.changed();
  }

  #keptWhere(): KeptWhere {
    if (this.#clean && this.#saved !== null) return { at: "node", saved: this.#saved };
    return this.#here ? { at: "here" } : { at: "nowhere" };
  }
}

const yes = (): boolean => true;
const no = (): boolean => false;
const ignore = (): void => undefined;
