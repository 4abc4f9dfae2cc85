import {
  type ChannelState,
  type ChannelTerms,
  type Digest,
  type Facts,
  KIND_NAMES,
  type KindName,
  type LineRecord,
  PRECEDENCES,
  type PartyFile,
  type Precedence,
  type Terms,
  channelState,
  channelsAt,
  encodePartyFile,
  encodeTerms,
  fromHex,
  readingsAt,
  trackOf,
  validUntil,
} from "@openline/core";
import { nativeSuite as suite } from "../../../node/src/crypto/native-suite.ts";
import { DAY, HOUR, START, Scene, type SceneAct } from "./scene.ts";

/** The scripts of `vectors/state/`: who places what when, and what the state then is. Instants and durations are texts such as
 *  `2d3h15m10s`, instants counted from Monday, 5 January 2026, 00:00Z. Format: docs/spec/state.md §11. */
export interface Script {
  readonly comment: string;
  readonly source: string;
  readonly parties?: readonly string[];
  readonly absent?: string;
  readonly line?: Readonly<Record<string, unknown>>;
  readonly channels?: readonly Readonly<Record<string, unknown>>[];
  readonly files?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly exchange?: "at-once" | "as-written";
  readonly acts: readonly ScriptAct[];
  readonly expect: readonly Expectation[];
}

export interface ScriptAct {
  readonly at: string;
  readonly by: string;
  readonly kind: string;
  readonly id?: string;
  readonly channel?: number;
  readonly precedence?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly refs?: readonly string[];
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly names?: readonly string[];
  readonly ahead?: readonly string[];
  readonly notAfter?: string;
  /** Of a proposal: what is other than in the terms or the file it replaces; `channels` stand whole. */
  readonly terms?: Readonly<Record<string, unknown>>;
  readonly file?: Readonly<Record<string, unknown>>;
}

export type Expectation = Readonly<Record<string, unknown>> & { readonly at: string };

export function seconds(text: string): number {
  const match = /^(-?)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (match === null || text === "" || text === "-") throw new RangeError(`"${text}" is no duration such as 2d3h15m10s`);
  const [days, hours, minutes, rest] = [2, 3, 4, 5].map((group) => Number(match[group] ?? 0));
  return (match[1] === "-" ? -1 : 1) * ((days ?? 0) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0) * 60 + (rest ?? 0));
}
const instant = (text: string): number => START + seconds(text);

/** Reads every text of a duration inside terms: keys of instants count from the start, all others are lengths. */
const INSTANTS: ReadonlySet<string> = new Set(["except", "holidays", "effective", "review", "replyBy", "saidAt", "until"]);
function plain(value: unknown, key = ""): unknown {
  if (typeof value === "string" && /^-?(\d+d)?(\d+h)?(\d+m)?(\d+s)?$/.test(value) && value !== "")
    return INSTANTS.has(key) ? instant(value) : seconds(value);
  if (Array.isArray(value)) return value.map((item) => plain(item, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item, name)]));
}

function channelIn(item: Readonly<Record<string, unknown>>): Partial<ChannelTerms> {
  const { basis, clocks, ...rest } = plain(item) as Record<string, Record<string, unknown>>;
  const dates = (item["basis"] ?? {}) as Record<string, string>;
  const from = instant(dates["from"] ?? "0s");
  const to = dates["to"] === undefined ? null : instant(dates["to"]);
  return {
    ...rest,
    basis: { text: "agreed", from, to, sure: basis?.["sure"] !== false },
    clocks: { held: {}, acknowledge: {}, answer: {}, callRequest: null, ...clocks },
  };
}

export function play(script: Script): Scene {
  const channels = (script.channels ?? [{}]).map(channelIn);
  const scene = new Scene({
    parties: script.parties ?? ["red", "blue"],
    channels,
    ...(script.absent === undefined ? {} : { absent: script.absent }),
    terms: plain(script.line ?? {}) as Partial<Terms>,
    files: plain(script.files ?? {}) as Record<string, Partial<PartyFile>>,
  });
  const leaves = new Map<string, string>();
  const leaf = (id: string): string => leaves.get(id) ?? fail(`no act ${id}`);
  const amending = new Amending(scene);
  for (const step of script.acts) {
    const read = actOf(step, leaf);
    const act = { ...read, facts: { ...read.facts, ...amending.factsOf(step) } };
    const placed = script.exchange === "as-written" ? scene.write(act) : scene.act(act);
    if (step.id !== undefined) leaves.set(step.id, placed);
  }
  return scene;
}

/** What proposals of a script carry, and what the acts about them name. */
class Amending {
  readonly #scene: Scene;
  readonly #digests: Map<string, Digest> = new Map();
  readonly #bases: Map<string, { readonly file: PartyFile; readonly base: Uint8Array }>;
  #terms: { readonly terms: Terms; readonly base: Uint8Array };

  constructor(scene: Scene) {
    const { terms, termsDigest, parties } = scene.accord;
    this.#scene = scene;
    this.#terms = { terms, base: fromHex(termsDigest) };
    this.#bases = new Map(parties.map(({ id, file, fileDigest: base }) => [id, { file, base: fromHex(base) }]));
  }

  factsOf({ kind, id, by, refs, terms, file }: ScriptAct): Facts {
    if (kind === "propose") {
      const bytes = terms === undefined ? this.#file(by, file ?? {}) : this.#next(terms);
      const { digest } = this.#scene.amendment(by, bytes);
      this.#digests.set(id ?? "", digest);
      return { digest, purpose: terms === undefined ? "party" : "terms" };
    }
    const digest = (refs ?? []).flatMap((ref) => this.#digests.get(ref) ?? [])[0];
    if (digest === undefined || (kind !== "accept" && kind !== "confirm" && kind !== "in-force")) return {};
    this.#digests.set(id ?? "", digest);
    return { digest };
  }

  /** Proposals of a script come into force one after the other. */
  #next(change: Readonly<Record<string, unknown>>): Uint8Array {
    const { channels, ...rest } = change;
    const named = channels as readonly Readonly<Record<string, unknown>>[] | undefined;
    const lines = named === undefined ? this.#terms.terms.channels : named.map((item, i) => this.#scene.channel(i + 1, channelIn(item)));
    const terms = { ...this.#terms.terms, ...(plain(rest) as Partial<Terms>), channels: lines, base: this.#terms.base };
    const bytes = encodeTerms(terms);
    this.#terms = { terms, base: suite.sha256(bytes) };
    return bytes;
  }

  #file(by: string, change: Readonly<Record<string, unknown>>): Uint8Array {
    const before = this.#bases.get(by) ?? fail(`no party ${by}`);
    const file = { ...before.file, ...(plain(change) as Partial<PartyFile>), base: before.base };
    const bytes = encodePartyFile(file);
    this.#bases.set(by, { file, base: suite.sha256(bytes) });
    return bytes;
  }
}

function actOf(step: ScriptAct, leaf: (id: string) => string): SceneAct {
  const kind = KIND_NAMES.find((name) => name === step.kind) ?? fail(`no kind ${step.kind}`);
  const precedence = PRECEDENCES.find((item) => item === (step.precedence ?? "ROUTINE")) ?? fail("precedence");
  const base: { by: string; kind: KindName; at: number; precedence: Precedence } = { by: step.by, kind, at: instant(step.at), precedence };
  return {
    ...base,
    refs: (step.refs ?? []).map(leaf),
    facts: plain(step.facts ?? {}) as Facts,
    to: step.to ?? [],
    ahead: (step.ahead ?? []).map(leaf),
    ...(step.channel === undefined ? {} : { channel: step.channel }),
    ...(step.from === undefined ? {} : { from: step.from }),
    ...(step.names === undefined ? {} : { names: step.names }),
    ...(step.notAfter === undefined ? {} : { notAfter: instant(step.notAfter) }),
  };
}

function fail(why: string): never {
  throw new RangeError(why);
}

/** The same keys that an expectation has, as the state gives them. */
export function found(scene: Scene, expected: Expectation): Record<string, unknown> {
  const at = instant(expected.at);
  const known = expected["knownAt"];
  const record = scene.record(typeof known === "string" ? { knownAt: instant(known) } : {});
  const channel = typeof expected["channel"] === "string" ? expected["channel"] : "main";
  const state = channelState(record, trackOf(record, channel), at);
  const all = facets(record, state);
  return Object.fromEntries(
    Object.keys(expected).map((key) => [key, ["at", "knownAt", "channel", "comment"].includes(key) ? expected[key] : all[key]?.()]),
  );
}

function facets(record: LineRecord, state: ChannelState): Record<string, () => unknown> {
  const id = (party: number): string => record.accord.parties[party]?.id ?? "";
  const byId = <T>(items: readonly (readonly [number, T])[]): Record<string, T> =>
    Object.fromEntries(items.map(([party, value]) => [id(party), value]));
  const { principals, standing } = state;
  return {
    verdict: () => state.verdict,
    reasons: () => state.reasons.map((reason) => reason.code),
    since: () => textOf(state.reasons[0]?.since ?? 0),
    responsible: () => state.responsible.map(id),
    debtors: () => byId(state.debtors.map((item) => [item.party, item.verdict])),
    basis: () => state.basis.value,
    standing: () => standing.value,
    by: () => standing.by.map(id),
    standingSince: () => (standing.since === null ? null : textOf(standing.since)),
    days: () => standing.days,
    partial: () =>
      byId(standing.parties.flatMap((item, party) => (item.forms.size === 0 ? [] : [[party, [...item.forms.keys()].toSorted()]]))),
    principals: () => principals.outcome,
    principalsBy: () => (principals.by === undefined ? null : id(principals.by)),
    missed: () => byId([...state.watch.missed].map(([party, misses]) => [party, misses.length])),
    whileSuspended: () => state.watch.whileSuspended,
    reachAge: () => byId(state.reach.map((reach, party) => [party, reach.age])),
    readings: () => Object.fromEntries(readingsAt(record, state.at).map((reading) => [reading.reading, reading.result])),
    restsOnUnsure: () => state.restsOnUnsure,
    timesDisputed: () => state.reasons.some((reason) => reason.params["timesDisputed"] === true),
    ourAccount: () => state.ourAccount,
    overdue: () => state.watch.overdue.map((now) => now.debt.clock),
    closed: () => byId([...state.closed].map(([party, until]) => [party, until === null ? null : textOf(until)])),
    channels: () => channelsAt(record, state.at).map((track) => track.terms.id),
    tries: () => state.reasons.find((reason) => reason.params["tries"] !== undefined)?.params["tries"] ?? null,
    validUntil: () => {
      const until = validUntil(record, trackOf(record, state.id), state);
      return until === null ? null : textOf(until);
    },
  };
}

export function textOf(at: number): string {
  const rest = Math.abs(at - START);
  const parts = [Math.floor(rest / DAY), Math.floor((rest % DAY) / HOUR), Math.floor((rest % HOUR) / 60), rest % 60];
  const text = parts.map((part, i) => (part === 0 ? "" : `${part}${"dhms"[i]}`)).join("");
  return text === "" ? "0s" : `${at < START ? "-" : ""}${text}`;
}
