import { type Act, type Kid, type UnixSeconds, decodeAct, isLate, ok, secondsOf, toHex } from "@openline/core";
import type { Node } from "../node.ts";
import { Turns } from "../turns.ts";
import { type Draft, type DraftState, type Version, actIdOf, isOver, standing, stateOf } from "./draft.ts";
import { asFound, isDue, recallableUntil } from "./leaving.ts";
import { readContent, problemIn, readRemark } from "./draft-content.ts";
import { type Done, type NotDone, behind, not, wrongState } from "./draft-done.ts";
import { type Content, DraftPlace } from "./draft-place.ts";
import { judged, kidOfAct, notTwoPersons, onlyRelease, receiptOf, signedOver } from "./draft-signature.ts";

/** Drafts that are not over, of one line. */
const OPEN_MAX = 500;
/** Drafts that are over and still listed; then the oldest is forgotten. */
const OVER_MAX = 200;
/** Versions of one draft; then the oldest is forgotten. A console saves every few seconds while somebody types. */
const VERSIONS_MAX = 200;
const REMARKS_MAX = 100;
const SEEN_MAX = 64;
/** No draft has this number. */
const LIST = 0;

/** The drafts of one line's own people. One step at a time; each is durable before it is said to be done. What may be signed, and by
 *  whom, is the record's to say. Source: docs/decisions/0011-drafts.md. */
export class Drafts {
  readonly #node: Node;
  readonly #changed: () => void;
  readonly #place: DraftPlace;
  /** One step at a time on each draft; under 0, on the list. What waits to be placed does not hold up what others save. */
  readonly #turns: Map<number, Turns> = new Map();
  readonly #drafts: Map<number, Draft> = new Map();
  readonly #changes: { readonly count: number; readonly draft: Draft }[] = [];
  #sending: Promise<void> | undefined;
  #next = 1;
  #count = 0;
  #loaded: Promise<void> | undefined;

  constructor(node: Node, changed: () => void) {
    this.#node = node;
    this.#changed = changed;
    this.#place = new DraftPlace(node.options.store);
  }

  /** All that are kept, the oldest first. */
  async all(): Promise<readonly Draft[]> {
    await this.#load();
    return [...this.#drafts.values()];
  }

  async get(number: number): Promise<Draft | undefined> {
    await this.#load();
    return this.#drafts.get(number);
  }

  /** The bytes of one version, as long as they are kept. */
  async content(draft: Draft, version: number): Promise<Content | undefined> {
    return draft.versions.some(({ number }) => number === version) ? this.#place.content(draft.number, version) : undefined;
  }

  /** Counts what has been done since this process began. */
  get changes(): number {
    return this.#count;
  }

  /** What has been done since, in order. */
  changedSince(count: number): readonly Draft[] {
    return this.#changes.filter((change) => change.count > count).map(({ draft }) => draft);
  }

  /** The same bytes again are the same draft. */
  create(content: Content): Promise<Done<Draft>> {
    return this.#turn(LIST, async () => {
      const read = readContent(this.#node.options, content);
      if (!read.ok) return read;
      const drafts = [...this.#drafts.values()];
      const known = drafts.find((draft) => actIdOf(draft) === read.value.actId);
      if (known?.versions[0]?.digest === this.#digest(content)) return ok(known);
      if (known !== undefined) return not("replayed", `draft ${known.number} has act id ${read.value.actId}`);
      if (drafts.filter((draft) => !isOver(draft)).length >= OPEN_MAX) return not("too-many", `${OPEN_MAX} drafts are not over`);
      const over = drafts.filter(isOver);
      const dropped = over.slice(0, Math.max(0, over.length - OVER_MAX));
      const number = this.#next;
      const draft: Draft = {
        number,
        versions: [this.#version(1, 0, content)],
        payload: content.payload,
        signed: null,
        released: null,
        leaving: null,
        refusal: null,
        remarks: [],
        seen: [],
        placed: null,
        withdrawn: false,
      };
      const numbers = drafts.filter((item) => !dropped.includes(item)).map((item) => item.number);
      await this.#place.keep({
        draft,
        content: { draft: number, version: 1, content },
        list: { next: number + 1, numbers: [...numbers, number] },
        dropped: { drafts: dropped, versions: [] },
      });
      for (const gone of dropped) {
        this.#drafts.delete(gone.number);
        this.#turns.delete(gone.number);
      }
      this.#next = number + 1;
      return ok(this.#kept(draft));
    });
  }

  /** A new version that stands, where `base` did. Otherwise it is kept beside, and refused. The same bytes again change nothing. */
  save(number: number, base: number, content: Content): Promise<Done<Draft>> {
    return this.#step(number, undefined, async (draft) => {
      const read = readContent(this.#node.options, content);
      if (!read.ok) return read;
      if (read.value.actId !== actIdOf(draft)) return not("malformed", "every version of a draft carries the act id of the first");
      const state = stateOf(draft);
      if (isLetGo(state)) return wrongState(draft, "it was released");
      const before = standing(draft);
      const version = this.#version((draft.versions.at(-1)?.number ?? 0) + 1, base, content);
      if (version.digest === before.digest) return ok(draft);
      const beside = before.number !== base;
      const stands = beside ? draft : { ...draft, payload: content.payload, signed: null, refusal: null };
      const versions = [...draft.versions, { ...version, beside }];
      const forgotten = versions.filter((item) => item !== before).slice(0, Math.max(0, versions.length - VERSIONS_MAX));
      const kept = { ...stands, versions: versions.filter((item) => !forgotten.includes(item)) };
      await this.#place.keep({
        draft: kept,
        content: { draft: number, version: version.number, content },
        dropped: { drafts: [], versions: forgotten.map((item) => ({ draft: number, version: item.number })) },
      });
      this.#kept(kept);
      if (!beside) return ok(kept);
      return behind(
        kept,
        `version ${before.number} stands, and this was made from ${base}; it is kept beside as version ${version.number}`,
        version.number,
      );
    });
  }

  /** Its author signs the version that stands: from then on it waits for release. */
  sign(number: number, version: number, act: Uint8Array): Promise<Done<Draft>> {
    return this.#step(number, version, async (draft) => {
      if (stateOf(draft) === "waiting") return wrongState(draft, "its author has signed it");
      if (isLetGo(stateOf(draft))) return wrongState(draft, "it was released");
      const content = await this.#place.content(number, version);
      const problem = content === undefined ? undefined : problemIn(this.#node.options, content);
      if (problem !== undefined) return { ok: false, refusal: problem };
      const release = onlyRelease(act);
      if (!release.ok) return release;
      const signed = signedOver(draft.payload, [release.value]);
      if (!signed.ok) return signed;
      const refusal = this.#refusal(signed.value, "author");
      if (refusal !== undefined) return { ok: false, refusal };
      return ok(await this.#keep({ ...draft, signed: this.#signed(signed.value), refusal: null }));
    });
  }

  /** A second person signs what the author has signed, and it is let go of. */
  release(number: number, version: number, act: Uint8Array): Promise<Done<Draft>> {
    return this.#step(number, version, async (draft) => {
      const { signed } = draft;
      if (signed === null || draft.released !== null) return wrongState(draft, "it does not wait for release");
      const release = onlyRelease(act);
      if (!release.ok) return release;
      const released = signedOver(draft.payload, [...decodeAct(signed.act).releases, release.value]);
      if (!released.ok) return released;
      const refusal = notTwoPersons(this.#node, released.value) ?? this.#refusal(released.value, "releaser");
      if (refusal !== undefined) return { ok: false, refusal };
      return this.#letGo({ ...draft, released: this.#signed(released.value) });
    });
  }

  /** Lets go of what has been signed: what was released and never came to stand, or what its author may say alone. */
  place(number: number, version: number): Promise<Done<Draft>> {
    return this.#step(number, version, async (draft) => {
      if (draft.signed === null) return wrongState(draft, "its author has not signed it");
      if (draft.leaving !== null) return wrongState(draft, "it is on its way");
      const act = decodeAct((draft.released ?? draft.signed).act);
      const refusal = this.#refusal(act, "releaser");
      return refusal === undefined ? this.#letGo(draft) : { ok: false, refusal };
    });
  }

  /** Takes back what has been let go of and was not placed: it waits again, with its author's signature alone. */
  recall(number: number, version: number): Promise<Done<Draft>> {
    return this.#step(number, version, async (draft) => {
      if (draft.leaving === null) return wrongState(draft, "it is not on its way");
      return ok(await this.#keep({ ...draft, leaving: null, released: null }));
    });
  }

  /** Places what can no longer be recalled. It is called as time passes, and does one round at a time. */
  sendDue(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  giveBack(number: number, version: number, text: string): Promise<Done<Draft>> {
    return this.#step(number, version, async (draft) => {
      if (stateOf(draft) !== "waiting") return wrongState(draft, "it does not wait for release");
      const read = readRemark(text);
      if (!read.ok) return read;
      const remark = { version, at: this.#now(), text };
      return ok(await this.#keep({ ...draft, signed: null, remarks: [...draft.remarks, remark].slice(-REMARKS_MAX) }));
    });
  }

  withdraw(number: number, version: number): Promise<Done<Draft>> {
    return this.#step(number, version, async (draft) => ok(await this.#keep({ ...draft, withdrawn: true })));
  }

  /** Notes what a person saw last. It says nothing of whether they agree. */
  see(number: number, version: number, kid: Kid): Promise<Done<Draft>> {
    return this.#turn(number, async () => {
      const draft = this.#drafts.get(number);
      if (draft === undefined) return not("not-found", `no draft ${number}`);
      if (!draft.versions.some((item) => item.number === version)) return not("not-found", `draft ${number} has no version ${version}`);
      if (isOver(draft)) return ok(draft);
      const seen = [...draft.seen.filter((item) => item.kid !== kid), { kid, version }].slice(-SEEN_MAX);
      return ok(await this.#keep({ ...draft, seen }));
    });
  }

  #now(): UnixSeconds {
    return secondsOf(this.#node.options.world.clock.now());
  }

  #version(number: number, base: number, content: Content): Version {
    return { number, base, at: this.#now(), digest: this.#digest(content), beside: false };
  }

  #digest({ payload }: Content): string {
    return toHex(this.#node.options.suite.sha256(payload));
  }

  #signed(act: Act): NonNullable<Draft["signed"]> {
    return { act: act.bytes, kid: kidOfAct(act), at: this.#now() };
  }

  /** What the record would refuse. That a second person is still to sign is no reason to refuse the first. */
  #refusal(act: Act, by: "author" | "releaser"): NotDone | undefined {
    const refusal = judged(this.#node, act);
    if (refusal === "cannot-say") return { code: "unavailable", detail: "the node has only just started; try again in some seconds" };
    if (refusal?.code !== "two-persons-required" || by === "releaser") return refusal;
    return isLate(act.header, this.#now()) ? { code: "late-placed", detail: "its author does not stand by it any more" } : undefined;
  }

  /** Placed at once, or durable as what is placed when its time for a recall is over. */
  async #letGo(draft: Draft): Promise<Done<Draft>> {
    const leaving = recallableUntil(draft, this.#now());
    const kept = await this.#keep({ ...draft, leaving, refusal: null });
    return leaving === null ? this.#submit(kept) : ok(kept);
  }

  async #sendAll(): Promise<void> {
    await this.#load();
    for (const { number } of this.#drafts.values()) if (this.#isDue(number)) await this.#turn(number, async () => this.#sendOne(number));
  }

  /** Whoever recalled it while this waited for its turn has recalled it. */
  async #sendOne(number: number): Promise<Done<Draft>> {
    const draft = this.#drafts.get(number);
    return draft !== undefined && this.#isDue(number) ? this.#submit(draft) : not("not-found", `draft ${number} is not due`);
  }

  #isDue(number: number): boolean {
    const draft = this.#drafts.get(number);
    return draft !== undefined && isDue(draft, this.#now());
  }

  /** Placed, or refused and then not released: why stays with it. A fault leaves it released: whoever looks next sees that it may not stand. */
  async #submit(draft: Draft): Promise<Done<Draft>> {
    const act = draft.released ?? draft.signed;
    if (act === null) return wrongState(draft, "nobody has signed it");
    const content = await this.#place.content(draft.number, standing(draft).number);
    const result = await this.#node.submit(act.act, content?.disclosure);
    const known = !result.ok && result.refusal.code === "replayed" ? receiptOf(this.#node, actIdOf(draft)) : undefined;
    if (!result.ok && known === undefined) {
      const { code, detail } = result.refusal;
      await this.#keep({ ...draft, leaving: null, released: null, refusal: { code, detail } });
      return result;
    }
    const receipt = result.ok ? result.value : known;
    if (receipt === undefined) return wrongState(draft, "it was placed, and is not found");
    const placed = { log: receipt.log, index: receipt.index, leaf: receipt.leaf };
    return ok(await this.#keep({ ...draft, leaving: null, placed }));
  }

  async #keep(draft: Draft): Promise<Draft> {
    await this.#place.keep({ draft });
    return this.#kept(draft);
  }

  #kept(draft: Draft): Draft {
    this.#drafts.set(draft.number, draft);
    this.#changes.push({ count: ++this.#count, draft });
    if (this.#changes.length > OPEN_MAX) this.#changes.shift();
    this.#changed();
    return draft;
  }

  /** A step on a draft that is not over. `version`: the one that must stand. */
  #step<T>(number: number, version: number | undefined, step: (draft: Draft) => Promise<Done<T>>): Promise<Done<T>> {
    return this.#turn(number, async () => {
      const draft = this.#drafts.get(number);
      if (draft === undefined) return not("not-found", `no draft ${number}`);
      if (isOver(draft)) return wrongState(draft, draft.withdrawn ? "it was withdrawn" : "it was placed");
      const stands = standing(draft).number;
      if (version !== undefined && version !== stands) return behind(draft, `version ${stands} stands, not ${version}`);
      return step(draft);
    });
  }

  async #turn<T>(number: number, step: () => Promise<Done<T>>): Promise<Done<T>> {
    await this.#load();
    if (number !== LIST && !this.#drafts.has(number)) return not("not-found", `no draft ${number}`);
    let turns = this.#turns.get(number);
    if (turns === undefined) this.#turns.set(number, (turns = new Turns()));
    return turns.take(step);
  }

  #load(): Promise<void> {
    this.#loaded ??= this.#read();
    return this.#loaded;
  }

  /** Reads what is kept, and finds out whether what was signed came to stand before the process ended. */
  async #read(): Promise<void> {
    const { drafts, next } = await this.#place.load();
    this.#next = next;
    for (const draft of drafts) {
      const placed = draft.signed === null || isOver(draft) ? undefined : receiptOf(this.#node, actIdOf(draft));
      this.#drafts.set(draft.number, placed === undefined ? asFound(draft, this.#now()) : { ...draft, leaving: null, placed });
    }
  }
}

const isLetGo = (state: DraftState): boolean => state === "released" || state === "leaving";
