import {
  type Accord,
  type Body,
  type Cbor,
  type FactName,
  FACTS,
  FACT_SHAPES,
  type Facts,
  type KindName,
  type LeafHash,
  OpenlineError,
  PRECEDENCES,
  RefusedInput,
  type Said,
  decodeFacts,
  fromHex,
  parseChannelNumber,
  parseLeafHash,
  parsePostId,
  parseTime,
} from "@openline/core";

/** One act as a file describes it: the words of `product.md`, not bytes. */
export interface ActFile {
  readonly channel?: string;
  readonly precedence?: string;
  readonly from?: string;
  readonly to?: string | readonly string[];
  /** Each `LOG/INDEX` or a leaf hash. */
  readonly refs?: string | readonly string[];
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

const KEYS: ReadonlySet<string> = new Set(["channel", "precedence", "from", "to", "refs", "facts", "body"]);

/** What an act file is read against: the terms, and the entry that outside tools call `LOG/INDEX`. */
export interface ActContext {
  readonly accord: Accord;
  readonly leafAt: (place: string) => LeafHash | undefined;
}

/** Reads an act file. Throws `OpenlineError` for what is no act file, `RefusedInput` for what the protocol refuses. */
export function readAct(
  { accord, leafAt }: ActContext,
  kind: KindName,
  value: unknown,
): { readonly said: Said; readonly body: Body | undefined } {
  const act = actFile(value);
  const terms = accord.terms.channels.find((channel) => channel.id === act.channel);
  if (act.channel !== undefined && terms === undefined) throw new RefusedInput("unknown-channel", `no channel ${act.channel}`);
  const precedence = PRECEDENCES.find((word) => word === (act.precedence ?? "ROUTINE"));
  if (precedence === undefined) throw new OpenlineError("usage", `precedence: one of ${PRECEDENCES.join(", ")}`);
  const to = act.to === undefined ? [] : typeof act.to === "string" ? [act.to] : act.to;
  const said: Said = {
    kind,
    channel: parseChannelNumber(terms?.number ?? 0),
    precedence,
    ...(act.from === undefined ? {} : { from: usage("from", () => parsePostId(act.from ?? "")) }),
    to,
    refs: oneOrMore(act.refs).map((ref) => referred(ref, leafAt)),
    facts: readFacts(kind, act.facts ?? {}),
  };
  return { said, body: act.body === undefined ? undefined : bodyOf(act.body) };
}

const oneOrMore = (value: unknown): readonly unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** `LOG/INDEX` as every other verb takes it, or the leaf hash itself. */
function referred(ref: unknown, leafAt: ActContext["leafAt"]): LeafHash {
  const isPlace = typeof ref === "string" && ref.includes("/");
  if (typeof ref !== "string" || !(isPlace || /^[0-9a-f]{64}$/.test(ref)))
    throw new OpenlineError("usage", `refs: LOG/INDEX such as usa/17, or a leaf hash, expected, not ${JSON.stringify(ref)}`);
  const leaf = isPlace ? leafAt(ref) : parseLeafHash(ref);
  if (leaf === undefined) throw new OpenlineError("usage", `refs: the record has no entry ${JSON.stringify(ref)}`);
  return leaf;
}

function usage<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new OpenlineError("usage", `${what}: ${cause instanceof Error ? cause.message : "not understood"}`, { cause });
  }
}

function actFile(value: unknown): ActFile {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new OpenlineError("usage", "an act file is a map");
  const unknown = Object.keys(value).find((key) => !KEYS.has(key));
  if (unknown !== undefined) throw new OpenlineError("usage", `an act file has no key "${unknown}"; it has ${[...KEYS].join(", ")}`);
  return value;
}

/** Facts by name: times as RFC 3339, hashes as hex. */
function readFacts(kind: KindName, facts: Readonly<Record<string, unknown>>): Facts {
  const map = new Map<number, Cbor>();
  for (const [name, value] of Object.entries(facts)) {
    if (!isFact(name)) throw new RefusedInput("bad-facts", `no fact is called ${name}`);
    map.set(FACTS[name], factOf(name, value));
  }
  return decodeFacts(kind, map);
}

const isFact = (name: string): name is FactName => Object.hasOwn(FACTS, name);

function factOf(name: FactName, value: unknown): Cbor {
  const shape = FACT_SHAPES[name];
  if (shape === "seconds" && typeof value === "string") return usage(name, () => parseTime(value));
  if (shape === "windows" && Array.isArray(value))
    return value.map((window: unknown) =>
      Array.isArray(window) ? window.map((time: unknown) => usage(name, () => parseTime(String(time)))) : null,
    );
  if ((shape === "bytes8" || shape === "bytes16" || shape === "bytes32" || shape === "key") && typeof value === "string")
    return usage(name, () => fromHex(value));
  return cborOf(value, "bad-facts", name);
}

function bodyOf(body: Readonly<Record<string, unknown>>): Body {
  return new Map(Object.entries(body).map(([key, value]) => [key, cborOf(value, "bad-body", key)]));
}

/** Plain YAML or JSON as an act carries it; its reader has made text of every number that is no safe integer. Throws `RefusedInput`, whose detail begins with `what`. */
function cborOf(value: unknown, refused: "bad-facts" | "bad-body", what: string): Cbor {
  if (typeof value === "string") return value.normalize("NFC");
  if (typeof value === "boolean" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => cborOf(item, refused, what));
  if (typeof value === "object")
    return new Map(Object.entries(value).map(([key, item]): [string, Cbor] => [key, cborOf(item, refused, `${what}.${key}`)]));
  if (Number.isSafeInteger(value)) return Number(value);
  throw new RefusedInput(refused, `${what}: a text, whole number, list or map expected`);
}
