/** Every kind of act: its number on the wire, who may sign it, and which facts, references and words it carries.
 *  One table, so that encoding, judging, folding, rendering and documentation cannot disagree. Source: docs/spec/acts.md. */

/** Who signs: a post on watch, the node itself, one directory key, or two directory keys of two persons. */
export type SignedBy = "post" | "node" | "directory" | "directory-two";

/** Words of a body, by key. `attachments` is a list of [SHA-256, size, media type, name]. `texts` maps a language to a text; `position` is [longitude, latitude] as decimal text, since
 *  signed bytes hold no floats and a rounded place would be another place. */
export type WordShape =
  | "texts"
  | "texts-list"
  | "text"
  | "position"
  | "fields"
  | "number"
  | "quality"
  | "flag"
  | "bytes"
  | "time"
  | "attachments";

/** State-bearing facts, header field 12. The state is computed from these and never from a body. */
export const FACTS = {
  unsure: 1, // flag: a day or detail is not firmly sourced
  wantsAnswer: 2, // flag
  replyBy: 3, // seconds: until when a holding reply moves the answer clock
  scope: 4, // form ids; absent = the whole channel
  effective: 5, // seconds: from when it counts, if later than held
  review: 6, // seconds
  windows: 7, // times offered: 1 to 16 [from, to], seconds; none ends before it begins
  form: 8, // form id
  slot: 9, // seconds: the slot of the timetable a test was made for
  outcome: 10, // text; of an observed act its kind
  key: 11, // public key, raw
  posts: 12, // list of post ids
  person: 13, // 32 bytes: salted commitment to the person
  until: 14, // seconds: last moment a key may sign
  kid: 15, // 8 bytes: a key named
  incarnation: 16, // 8 bytes
  origin: 17, // 16 bytes
  closed: 18, // [incarnation, size, root]: the last head known of the incarnation closed
  digest: 19, // 32 bytes
  code: 20, // refusal code
  reading: 21, // contact | agreed-channels | principals
  saidAt: 22, // seconds: when a claim was made
  codeWord: 23, // text of a pre-agreed message
  number: 24, // its number
  purpose: 25, // what for: an added key node | directory, a prekey the bearers direct | narrow | hand, a proposal terms | party
  possession: 26, // signature of an enrolled key over its own enrolment
  addresses: 27, // host:port, where a party's node may be called from then on
  pins: 28, // 64 hex digits each: the TLS keys that it shows from then on
} as const;
export type FactName = keyof typeof FACTS;
export type FactShape = "flag" | "seconds" | "text" | "texts" | "windows" | "bytes8" | "bytes16" | "bytes32" | "key" | "head" | "number";

export const FACT_SHAPES: Readonly<Record<FactName, FactShape>> = {
  unsure: "flag",
  wantsAnswer: "flag",
  replyBy: "seconds",
  scope: "texts",
  effective: "seconds",
  review: "seconds",
  windows: "windows",
  form: "text",
  slot: "seconds",
  outcome: "text",
  key: "key",
  posts: "texts",
  person: "bytes32",
  until: "seconds",
  kid: "bytes8",
  incarnation: "bytes8",
  origin: "bytes16",
  closed: "head",
  digest: "bytes32",
  code: "text",
  reading: "text",
  saidAt: "seconds",
  codeWord: "text",
  number: "number",
  purpose: "text",
  possession: "key",
  addresses: "texts",
  pins: "texts",
};

/** The readings of "open" that a claim may give: each a named function over the same record. Source: docs/spec/state.md §8. */
export const READINGS = ["contact", "agreed-channels", "principals"] as const;
export type ReadingName = (typeof READINGS)[number];

/** The names of all kinds: product words, in the order of their numbers. */
export const KIND_NAMES = [
  "accord-sign",
  "propose",
  "accept",
  "confirm",
  "in-force",
  "key-add",
  "key-revoke",
  "post-assign",
  "prekey",
  "restored",
  "beat",
  "state",
  "evidence",
  "refusal",
  "fork-found",
  "service-note",
  "note",
  "disclosure-consent",
  "erase",
  "psk-lost",
  "message",
  "acknowledge",
  "answer",
  "holding-reply",
  "decline",
  "correction",
  "clarify",
  "clarification",
  "translation",
  "withdraw-request",
  "served",
  "confirm-served",
  "dispute-served",
  "observed",
  "pre-agreed",
  "test",
  "test-answer",
  "suspend",
  "resume",
  "cancel",
  "withdraw",
  "conditions-report",
  "call-request",
  "call-accept",
  "call-counter",
  "call-decline",
  "ring",
  "ring-answer",
  "call-record",
  "talks-propose",
  "talks-counter",
  "talks-accept",
  "talks-decline",
  "talks-postpone",
  "talks-cancel",
  "talks-held",
  "readout",
  "joint-readout",
  "incident-open",
  "incident-account",
  "incident-point",
  "incident-agree",
  "incident-dispute",
  "incident-evidence",
  "incident-review",
  "incident-close",
  "notification",
  "notification-update",
  "notification-cancel",
  "passed-to-units",
  "propose-step",
  "undertake",
  "report-step",
  "confirm-step",
  "dispute-step",
  "state-position",
  "respond",
  "statement",
  "claim",
] as const;
export type KindName = (typeof KIND_NAMES)[number];

export interface KindSpec {
  readonly code: number;
  readonly by: SignedBy;
  /** Control acts form the chain that says which keys were valid where. */
  readonly control?: true;
  /** Where it may stand: on the line (channel 0), on a channel, or either. */
  readonly on: "line" | "channel" | "either";
  readonly required?: readonly FactName[];
  readonly facts?: readonly FactName[];
  /** Kinds it may refer to; `any` = any entry; absent = it refers to nothing. `+` marks a reference that must be there. */
  readonly refers?: readonly KindName[] | "any";
  readonly mustRefer?: true;
  readonly words?: Readonly<Record<string, WordShape>>;
}

type Rest = Omit<KindSpec, "code" | "by" | "on">;
/** A post's act may refer to any entry it holds; where the meaning needs a certain kind, the row says so. */
const post = (code: number, on: KindSpec["on"], rest: Rest = {}): KindSpec => ({ code, by: "post", on, refers: "any", ...rest });
const node = (code: number, on: KindSpec["on"], rest: Rest = {}): KindSpec => ({ code, by: "node", on, ...rest });
const directory = (code: number, on: KindSpec["on"], rest: Rest = {}): KindSpec => ({ code, by: "directory", on, ...rest });
const twoDirectory = (code: number, on: KindSpec["on"], rest: Rest = {}): KindSpec => ({ code, by: "directory-two", on, ...rest });

export const KINDS: Readonly<Record<KindName, KindSpec>> = {
  // the line itself
  "accord-sign": node(1, "line", { control: true, required: ["digest", "incarnation", "origin"] }),
  propose: twoDirectory(2, "line", { control: true, required: ["digest", "purpose"], words: { amendment: "bytes" } }),
  accept: twoDirectory(3, "line", { control: true, required: ["digest"], refers: ["propose"], mustRefer: true }),
  confirm: twoDirectory(4, "line", { control: true, required: ["digest"], refers: ["propose", "accept"], mustRefer: true }),
  "in-force": node(5, "line", { control: true, required: ["digest"], refers: ["confirm", "propose"], mustRefer: true }),
  "key-add": twoDirectory(6, "line", { control: true, required: ["key", "purpose"], facts: ["person", "possession"] }),
  "key-revoke": directory(7, "line", { control: true, required: ["kid"] }),
  "post-assign": directory(8, "line", { control: true, required: ["key", "posts", "person"], facts: ["until", "possession"] }),
  prekey: node(9, "line", { control: true, required: ["key"], facts: ["effective", "until", "purpose"] }),
  restored: node(10, "line", { control: true, required: ["incarnation", "origin", "closed"] }),
  beat: node(11, "line", { words: { cosignature: "bytes", objects: "fields", credit: "number" } }),
  state: node(12, "line", { required: ["digest", "saidAt"] }),
  evidence: node(13, "either", { facts: ["digest"], refers: "any" }),
  refusal: node(14, "either", { required: ["code"], refers: "any", words: { detail: "text" } }),
  "fork-found": node(15, "line", { required: ["incarnation"], words: { proof: "bytes" } }),
  "service-note": node(16, "either", { facts: ["effective", "addresses", "pins"], refers: "any" }),
  note: post(17, "either"),
  "disclosure-consent": post(18, "either", { facts: ["effective", "until"] }),
  erase: post(19, "either", { mustRefer: true }),
  "psk-lost": node(20, "line", { required: ["digest"], words: { notice: "bytes" } }),
  // messages
  message: post(32, "channel", { facts: ["wantsAnswer", "form"], words: { subject: "texts" } }),
  acknowledge: post(33, "channel", { mustRefer: true }),
  answer: post(34, "channel", { facts: ["wantsAnswer"], words: { subject: "texts" } }),
  "holding-reply": post(35, "channel", { required: ["replyBy"], mustRefer: true }),
  decline: post(36, "channel", { mustRefer: true }),
  correction: post(37, "channel", { mustRefer: true, words: { subject: "texts" } }),
  clarify: post(38, "channel", { mustRefer: true, words: { term: "text" } }),
  clarification: post(39, "channel", { mustRefer: true }),
  translation: post(40, "channel", { mustRefer: true, words: { certified: "flag" } }),
  "withdraw-request": post(41, "channel", { mustRefer: true }),
  served: post(42, "either", { facts: ["saidAt"], mustRefer: true, words: { post: "text" } }),
  "confirm-served": post(43, "either", { refers: ["served", "observed"], mustRefer: true }),
  "dispute-served": post(44, "either", { refers: ["served", "observed"], mustRefer: true }),
  observed: post(45, "either", { facts: ["saidAt", "outcome"], words: { post: "text" } }),
  "pre-agreed": post(48, "channel", { required: ["codeWord", "number"], facts: ["wantsAnswer"] }),
  // tests
  test: post(52, "channel", { facts: ["slot"], words: { quality: "quality", textId: "text", bearer: "text" } }),
  "test-answer": post(53, "channel", { mustRefer: true, words: { quality: "quality", readBack: "text" } }),
  // standing
  suspend: post(56, "channel", {
    facts: ["scope", "effective", "review"],
    words: { ground: "texts", conditions: "texts-list", duties: "texts" },
  }),
  resume: post(57, "channel", { facts: ["scope", "effective"], words: { ground: "texts", conditions: "texts-list", duties: "texts" } }),
  cancel: post(58, "channel", {
    facts: ["scope", "effective", "review"],
    words: { ground: "texts", conditions: "texts-list", duties: "texts" },
  }),
  withdraw: post(59, "channel", { facts: ["effective"], words: { ground: "texts", conditions: "texts-list", duties: "texts" } }),
  "conditions-report": post(60, "channel", { facts: ["outcome"], refers: ["suspend", "cancel"], mustRefer: true }),
  // calls
  "call-request": post(64, "channel", { facts: ["windows"] }),
  "call-accept": post(65, "channel", { facts: ["windows"], mustRefer: true }),
  "call-counter": post(66, "channel", { facts: ["windows"], mustRefer: true }),
  "call-decline": post(67, "channel", { mustRefer: true }),
  ring: node(68, "channel", { refers: "any" }),
  "ring-answer": post(69, "channel", { facts: ["outcome"], mustRefer: true }),
  "call-record": post(70, "channel", { facts: ["outcome"], mustRefer: true, words: { participants: "texts-list" } }),
  // talks
  "talks-propose": post(72, "channel", { facts: ["windows", "form"], words: { agenda: "texts-list", participants: "texts-list" } }),
  "talks-counter": post(73, "channel", {
    facts: ["windows"],
    mustRefer: true,
    words: { agenda: "texts-list", participants: "texts-list" },
  }),
  "talks-accept": post(74, "channel", { facts: ["windows"], mustRefer: true, words: { agenda: "texts-list", participants: "texts-list" } }),
  "talks-decline": post(75, "channel", { mustRefer: true, words: { agenda: "texts-list", participants: "texts-list" } }),
  "talks-postpone": post(76, "channel", {
    facts: ["windows"],
    mustRefer: true,
    words: { agenda: "texts-list", participants: "texts-list" },
  }),
  "talks-cancel": post(77, "channel", { mustRefer: true, words: { agenda: "texts-list", participants: "texts-list" } }),
  "talks-held": post(78, "channel", { words: { agenda: "texts-list", participants: "texts-list", with: "text" } }),
  readout: post(79, "channel", { words: { agenda: "texts-list", participants: "texts-list" } }),
  "joint-readout": post(80, "channel", { words: { agenda: "texts-list", participants: "texts-list" } }),
  // incidents
  "incident-open": post(88, "either", { words: { title: "texts", characterisation: "texts" } }),
  "incident-account": post(89, "either", { mustRefer: true, words: { title: "texts", characterisation: "texts" } }),
  "incident-point": post(90, "either", { mustRefer: true, words: { title: "texts", characterisation: "texts" } }),
  "incident-agree": post(91, "either", { mustRefer: true }),
  "incident-dispute": post(92, "either", { mustRefer: true }),
  "incident-evidence": post(93, "either", { facts: ["digest"], mustRefer: true, words: { title: "texts", characterisation: "texts" } }),
  "incident-review": post(94, "either", { mustRefer: true, words: { title: "texts", characterisation: "texts" } }),
  "incident-close": post(95, "either", { mustRefer: true, words: { title: "texts", characterisation: "texts" } }),
  // notifications
  notification: post(104, "channel", { facts: ["form", "effective", "wantsAnswer"], words: { fields: "fields" } }),
  "notification-update": post(105, "channel", { facts: ["form", "effective"], mustRefer: true, words: { fields: "fields" } }),
  "notification-cancel": post(106, "channel", { mustRefer: true, words: { fields: "fields" } }),
  "passed-to-units": post(107, "channel", { mustRefer: true, words: { fields: "fields", units: "texts-list" } }),
  // commitments
  "propose-step": post(112, "either", { facts: ["until"], words: { due: "time" } }),
  undertake: post(113, "either", { facts: ["until"], words: { due: "time" } }),
  "report-step": post(114, "either", { mustRefer: true, words: { due: "time" } }),
  "confirm-step": post(115, "either", { mustRefer: true, words: { due: "time" } }),
  "dispute-step": post(116, "either", { mustRefer: true, words: { due: "time" } }),
  // positions
  "state-position": post(120, "either", { words: { title: "texts" } }),
  respond: post(121, "either", { mustRefer: true, words: { title: "texts" } }),
  // public
  statement: post(128, "either"),
  claim: post(129, "either", { facts: ["reading", "saidAt"], words: { speaker: "text" } }),
};

export function parseKindName(text: string): KindName {
  if (!Object.hasOwn(KINDS, text)) throw new RangeError(`no kind of act is called "${text}"`);
  return text as KindName;
}

export const specOf = (kind: KindName): KindSpec => KINDS[kind];

const BY_CODE: ReadonlyMap<number, KindName> = new Map(KIND_NAMES.map((name) => [KINDS[name].code, name]));
/** The kind with this number; `undefined` is a kind of a later version, held and shown as unknown. */
export const kindOfCode = (code: number): KindName | undefined => BY_CODE.get(code);

const FACT_BY_CODE: ReadonlyMap<number, FactName> = new Map(Object.entries(FACTS).map(([name, code]) => [code, parseFactName(name)]));
export const factOfCode = (code: number): FactName | undefined => FACT_BY_CODE.get(code);
function parseFactName(text: string): FactName {
  return text as FactName;
}

/** Facts every post act may carry: that a detail is unsure may be true of any. */
export const COMMON_FACTS: readonly FactName[] = ["unsure"];
/** Words every body may carry: what is said and why, how and where, a remark; that an exercise rebuilt it, and from which source. */
export const COMMON_WORDS: Readonly<Record<string, WordShape>> = {
  text: "texts",
  reason: "texts",
  way: "text",
  place: "text",
  position: "position",
  remarks: "texts",
  attachments: "attachments",
  reconstructed: "flag",
  source: "text",
};

/** Precedence, least first; the index is the number on the wire. Letters R P O Z. */
export const PRECEDENCES = ["ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH"] as const;
export type Precedence = (typeof PRECEDENCES)[number];
