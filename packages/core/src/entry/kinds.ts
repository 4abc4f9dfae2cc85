/** Every kind of act: its number on the wire, who may sign it, and which facts, references and words it carries.
 *  One table, so that encoding, judging, folding, rendering and documentation cannot disagree. Source: docs/spec/acts.md. */

/** Who signs: a post on watch, the node itself, one directory key, or two directory keys of two persons. */
export type SignedBy = "post" | "node" | "directory" | "directory-two";

/** Words of a body, by key. `texts` maps a language to a text; `position` is [longitude, latitude] as decimal text, since
 *  signed bytes hold no floats and a rounded place would be another place. */
export type WordShape = "texts" | "texts-list" | "text" | "position" | "fields" | "number" | "flag" | "bytes" | "time";

/** State-bearing facts, header field 12. The state is computed from these and never from a body. */
export const FACTS = {
  unsure: 1, // flag: a day or detail is not firmly sourced
  wantsAnswer: 2, // flag
  replyBy: 3, // seconds: until when a holding reply moves the answer clock
  scope: 4, // list of form ids; absent = the whole channel
  effective: 5, // seconds: from when it counts, if later than held
  review: 6, // seconds
  windows: 7, // list of [from, to], seconds
  form: 8, // form id
  slot: 9, // seconds: the slot of the timetable a test was made for
  outcome: 10, // text
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
  purpose: 25, // node | directory: what an added key is for
  possession: 26, // signature of an enrolled key over its own enrolment
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
};

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

type Words = Readonly<Record<string, WordShape>>;
const said: Words = { text: "texts" };
const reasoned: Words = { text: "texts", reason: "texts" };
const suspension: Words = { text: "texts", ground: "texts", conditions: "texts-list", duties: "texts" };
const talk: Words = { text: "texts", place: "text", position: "position", agenda: "texts-list", participants: "texts-list" };
const incident: Words = { text: "texts", title: "texts", characterisation: "texts", position: "position" };
const notice: Words = { text: "texts", fields: "fields" };
const step: Words = { text: "texts", reason: "texts", due: "time" };

const REQUESTS: readonly KindName[] = [
  "message",
  "answer",
  "correction",
  "clarification",
  "pre-agreed",
  "notification",
  "notification-update",
];
const TALKS: readonly KindName[] = [
  "talks-propose",
  "talks-counter",
  "talks-accept",
  "talks-decline",
  "talks-postpone",
  "talks-cancel",
  "talks-held",
];
const INCIDENTS: readonly KindName[] = ["incident-open", "incident-account", "incident-point", "incident-evidence"];
const STEPS: readonly KindName[] = ["propose-step", "undertake", "report-step", "confirm-step", "dispute-step"];
const CALLS: readonly KindName[] = ["call-request", "call-counter", "call-accept", "call-decline", "ring", "ring-answer", "call-record"];

export const KINDS: Readonly<Record<KindName, KindSpec>> = {
  // the line itself
  "accord-sign": { code: 1, by: "node", control: true, on: "line", required: ["digest", "incarnation", "origin"] },
  propose: { code: 2, by: "directory-two", control: true, on: "line", required: ["digest"], words: said },
  accept: {
    code: 3,
    by: "directory-two",
    control: true,
    on: "line",
    required: ["digest"],
    refers: ["propose"],
    mustRefer: true,
    words: said,
  },
  confirm: {
    code: 4,
    by: "directory-two",
    control: true,
    on: "line",
    required: ["digest"],
    refers: ["propose", "accept"],
    mustRefer: true,
    words: said,
  },
  "in-force": { code: 5, by: "node", control: true, on: "line", required: ["digest"], refers: ["confirm"] },
  "key-add": { code: 6, by: "directory-two", control: true, on: "line", required: ["key", "purpose"], facts: ["person", "possession"] },
  "key-revoke": { code: 7, by: "directory", control: true, on: "line", required: ["kid"], words: reasoned },
  "post-assign": {
    code: 8,
    by: "directory",
    control: true,
    on: "line",
    required: ["key", "posts", "person"],
    facts: ["until", "possession"],
  },
  prekey: { code: 9, by: "node", control: true, on: "line", required: ["key"], facts: ["until", "purpose"] },
  restored: { code: 10, by: "node", control: true, on: "line", required: ["incarnation", "origin", "closed"] },
  beat: { code: 11, by: "node", on: "line", words: { cosignature: "bytes", objects: "fields", credit: "number" } },
  state: { code: 12, by: "node", on: "line", required: ["digest", "saidAt"] },
  evidence: { code: 13, by: "node", on: "either", refers: "any", facts: ["digest"], words: said },
  refusal: { code: 14, by: "node", on: "either", required: ["code"], refers: "any", words: { detail: "text" } },
  "fork-found": { code: 15, by: "node", on: "line", required: ["incarnation"], words: { proof: "bytes" } },
  "service-note": { code: 16, by: "node", on: "either", refers: "any", words: said },
  note: { code: 17, by: "post", on: "either", refers: "any", words: said },
  "disclosure-consent": { code: 18, by: "post", on: "either", refers: "any", facts: ["effective", "until"], words: said },
  erase: { code: 19, by: "post", on: "either", refers: "any", mustRefer: true, words: reasoned },
  // messages
  message: { code: 32, by: "post", on: "channel", facts: ["wantsAnswer", "form"], refers: "any", words: { ...said, subject: "texts" } },
  acknowledge: { code: 33, by: "post", on: "channel", refers: REQUESTS, mustRefer: true, words: said },
  answer: {
    code: 34,
    by: "post",
    on: "channel",
    facts: ["wantsAnswer"],
    refers: "any",
    mustRefer: true,
    words: { ...said, subject: "texts" },
  },
  "holding-reply": {
    code: 35,
    by: "post",
    on: "channel",
    required: ["replyBy"],
    refers: [...REQUESTS, "call-request"],
    mustRefer: true,
    words: said,
  },
  decline: { code: 36, by: "post", on: "channel", refers: REQUESTS, mustRefer: true, words: reasoned },
  correction: { code: 37, by: "post", on: "channel", refers: "any", mustRefer: true, words: { ...reasoned, subject: "texts" } },
  clarify: { code: 38, by: "post", on: "channel", refers: "any", mustRefer: true, words: { ...reasoned, term: "text" } },
  clarification: { code: 39, by: "post", on: "channel", refers: "any", mustRefer: true, words: reasoned },
  translation: { code: 40, by: "post", on: "channel", refers: "any", mustRefer: true, words: { ...reasoned, certified: "flag" } },
  "withdraw-request": { code: 41, by: "post", on: "channel", refers: "any", mustRefer: true, words: reasoned },
  served: {
    code: 42,
    by: "post",
    on: "either",
    refers: "any",
    mustRefer: true,
    facts: ["saidAt"],
    words: { ...said, way: "text", place: "text", post: "text" },
  },
  "confirm-served": { code: 43, by: "post", on: "either", refers: ["served", "observed"], mustRefer: true, words: said },
  "dispute-served": { code: 44, by: "post", on: "either", refers: ["served", "observed"], mustRefer: true, words: reasoned },
  observed: { code: 45, by: "post", on: "either", refers: "any", facts: ["saidAt"], words: { ...said, way: "text", post: "text" } },
  "pre-agreed": {
    code: 48,
    by: "post",
    on: "channel",
    required: ["codeWord", "number"],
    facts: ["wantsAnswer"],
    refers: "any",
    words: said,
  },
  // tests
  test: { code: 52, by: "post", on: "channel", facts: ["slot"], words: { ...said, quality: "number", textId: "text", bearer: "text" } },
  "test-answer": {
    code: 53,
    by: "post",
    on: "channel",
    refers: ["test"],
    mustRefer: true,
    words: { ...said, quality: "number", readBack: "text" },
  },
  // standing
  suspend: { code: 56, by: "post", on: "channel", facts: ["scope", "effective", "review"], refers: "any", words: suspension },
  resume: { code: 57, by: "post", on: "channel", facts: ["scope", "effective"], refers: ["suspend", "cancel"], words: suspension },
  cancel: { code: 58, by: "post", on: "channel", facts: ["scope", "effective", "review"], refers: "any", words: suspension },
  withdraw: { code: 59, by: "post", on: "channel", facts: ["effective"], refers: "any", words: suspension },
  "conditions-report": {
    code: 60,
    by: "post",
    on: "channel",
    facts: ["outcome"],
    refers: ["suspend", "cancel"],
    mustRefer: true,
    words: reasoned,
  },
  // calls
  "call-request": { code: 64, by: "post", on: "channel", facts: ["windows"], refers: "any", words: reasoned },
  "call-accept": {
    code: 65,
    by: "post",
    on: "channel",
    facts: ["windows"],
    refers: ["call-request", "call-counter"],
    mustRefer: true,
    words: reasoned,
  },
  "call-counter": {
    code: 66,
    by: "post",
    on: "channel",
    facts: ["windows"],
    refers: ["call-request", "call-counter"],
    mustRefer: true,
    words: reasoned,
  },
  "call-decline": { code: 67, by: "post", on: "channel", refers: ["call-request", "call-counter"], mustRefer: true, words: reasoned },
  ring: { code: 68, by: "node", on: "channel", refers: CALLS, words: reasoned },
  "ring-answer": {
    code: 69,
    by: "post",
    on: "channel",
    facts: ["outcome"],
    refers: ["ring", "call-request"],
    mustRefer: true,
    words: reasoned,
  },
  "call-record": {
    code: 70,
    by: "post",
    on: "channel",
    facts: ["outcome"],
    refers: CALLS,
    mustRefer: true,
    words: { ...reasoned, participants: "texts-list" },
  },
  // talks
  "talks-propose": { code: 72, by: "post", on: "channel", facts: ["windows", "form"], refers: "any", words: talk },
  "talks-counter": {
    code: 73,
    by: "post",
    on: "channel",
    facts: ["windows"],
    refers: TALKS,
    mustRefer: true,
    words: { ...talk, reason: "texts" },
  },
  "talks-accept": { code: 74, by: "post", on: "channel", facts: ["windows"], refers: TALKS, mustRefer: true, words: talk },
  "talks-decline": { code: 75, by: "post", on: "channel", refers: TALKS, mustRefer: true, words: { ...talk, reason: "texts" } },
  "talks-postpone": {
    code: 76,
    by: "post",
    on: "channel",
    facts: ["windows"],
    refers: TALKS,
    mustRefer: true,
    words: { ...talk, reason: "texts" },
  },
  "talks-cancel": { code: 77, by: "post", on: "channel", refers: TALKS, mustRefer: true, words: { ...talk, reason: "texts" } },
  "talks-held": { code: 78, by: "post", on: "channel", refers: TALKS, words: { ...talk, with: "text" } },
  readout: { code: 79, by: "post", on: "channel", refers: "any", words: talk },
  "joint-readout": { code: 80, by: "post", on: "channel", refers: "any", words: talk },
  // incidents
  "incident-open": { code: 88, by: "post", on: "either", refers: "any", words: incident },
  "incident-account": { code: 89, by: "post", on: "either", refers: ["incident-open"], mustRefer: true, words: incident },
  "incident-point": { code: 90, by: "post", on: "either", refers: ["incident-open", "incident-account"], mustRefer: true, words: incident },
  "incident-agree": { code: 91, by: "post", on: "either", refers: INCIDENTS, mustRefer: true, words: reasoned },
  "incident-dispute": { code: 92, by: "post", on: "either", refers: INCIDENTS, mustRefer: true, words: reasoned },
  "incident-evidence": {
    code: 93,
    by: "post",
    on: "either",
    refers: ["incident-open", "incident-account"],
    mustRefer: true,
    facts: ["digest"],
    words: incident,
  },
  "incident-review": { code: 94, by: "post", on: "either", refers: ["incident-open"], mustRefer: true, words: incident },
  "incident-close": { code: 95, by: "post", on: "either", refers: ["incident-open"], mustRefer: true, words: incident },
  // notifications
  notification: { code: 104, by: "post", on: "channel", facts: ["form", "effective", "wantsAnswer"], refers: "any", words: notice },
  "notification-update": {
    code: 105,
    by: "post",
    on: "channel",
    facts: ["form", "effective"],
    refers: ["notification", "notification-update"],
    mustRefer: true,
    words: notice,
  },
  "notification-cancel": {
    code: 106,
    by: "post",
    on: "channel",
    refers: ["notification", "notification-update"],
    mustRefer: true,
    words: notice,
  },
  "passed-to-units": {
    code: 107,
    by: "post",
    on: "channel",
    refers: ["notification", "notification-update", "message"],
    mustRefer: true,
    words: { ...notice, units: "texts-list" },
  },
  // commitments
  "propose-step": { code: 112, by: "post", on: "either", facts: ["until"], refers: "any", words: step },
  undertake: { code: 113, by: "post", on: "either", facts: ["until"], refers: "any", words: step },
  "report-step": { code: 114, by: "post", on: "either", refers: STEPS, mustRefer: true, words: step },
  "confirm-step": { code: 115, by: "post", on: "either", refers: STEPS, mustRefer: true, words: step },
  "dispute-step": { code: 116, by: "post", on: "either", refers: STEPS, mustRefer: true, words: step },
  // positions
  "state-position": { code: 120, by: "post", on: "either", refers: "any", words: { ...said, title: "texts" } },
  respond: {
    code: 121,
    by: "post",
    on: "either",
    refers: ["state-position", "respond"],
    mustRefer: true,
    words: { ...said, title: "texts" },
  },
  // public
  statement: { code: 128, by: "post", on: "either", refers: "any", words: said },
  claim: { code: 129, by: "post", on: "either", facts: ["reading", "saidAt"], words: { ...said, speaker: "text" } },
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
/** Words every body may carry: that an exercise rebuilt it, from which source, and a remark. */
export const COMMON_WORDS: Readonly<Record<string, WordShape>> = { reconstructed: "flag", source: "text", remarks: "texts" };

/** Precedence, least first; the index is the number on the wire. Letters R P O Z. */
export const PRECEDENCES = ["ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH"] as const;
export type Precedence = (typeof PRECEDENCES)[number];
