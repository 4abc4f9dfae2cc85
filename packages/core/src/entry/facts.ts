import { fromHex } from "../encoding/bytes.ts";
import type { Cbor, CborMap } from "../encoding/cbor.ts";
import { asBytes, asFlag, asHex, asList, asText, asTuple, asUint, hasDouble } from "../encoding/shape.ts";
import { RefusedInput } from "../errors.ts";
import { type Digest, type Kid, type LogId, type UnixSeconds, parseDigest, parseLogId, parseUnixSeconds } from "../ids.ts";
import { limits } from "../limits.ts";
import { COMMON_FACTS, FACTS, FACT_SHAPES, type FactName, KINDS, type KindName, factOfCode } from "./kinds.ts";

/** A head of a log: its first `size` entries have this root (hex). */
export interface Head {
  readonly log: LogId;
  readonly size: number;
  readonly root: Digest;
}

export interface TimeWindow {
  readonly from: UnixSeconds;
  readonly to: UnixSeconds;
}

/** Header field 12, by name. Binary facts are hex. */
export interface Facts {
  readonly unsure?: boolean;
  readonly wantsAnswer?: boolean;
  readonly replyBy?: UnixSeconds;
  readonly scope?: readonly string[];
  readonly effective?: UnixSeconds;
  readonly review?: UnixSeconds;
  readonly windows?: readonly TimeWindow[];
  readonly form?: string;
  readonly slot?: UnixSeconds;
  readonly outcome?: string;
  readonly key?: Uint8Array;
  readonly posts?: readonly string[];
  readonly person?: Digest;
  readonly until?: UnixSeconds;
  readonly kid?: Kid;
  readonly incarnation?: LogId;
  readonly origin?: string;
  readonly closed?: Head;
  readonly digest?: Digest;
  readonly code?: string;
  readonly reading?: string;
  readonly saidAt?: UnixSeconds;
  readonly codeWord?: string;
  readonly number?: number;
  readonly purpose?: string;
  readonly possession?: Uint8Array;
  readonly addresses?: readonly string[];
  readonly pins?: readonly string[];
}

const seconds = (value: Cbor, what: string): UnixSeconds => parseUnixSeconds(asUint(value, what, 253_402_300_799));

/** Reads one head `[log, size, root]`. Throws `RefusedInput`. */
export function decodeHead(value: Cbor): Head {
  const [log, size, root] = asTuple(value, "head", 3);
  return { log: parseLogId(asBytes(log, "log", 8)), size: asUint(size, "size"), root: parseDigest(asBytes(root, "root", 32)) };
}

export const encodeHead = (head: Head): Cbor => [fromHex(head.log), head.size, fromHex(head.root)];

/** Reads the facts of a kind, and none that it does not know. Throws `RefusedInput`: `bad-facts`, or `oversized`. */
export function decodeFacts(kind: KindName, map: CborMap): Facts {
  const facts: Record<string, unknown> = {};
  for (const [code, value] of map) {
    const name = typeof code === "number" ? factOfCode(code) : undefined;
    if (name === undefined || !allowed(kind, name)) throw new RefusedInput("bad-facts", `${kind} has no fact ${code}`);
    facts[name] = factOf(name, value);
  }
  return facts;
}

/** A fact of another shape is a bad fact; one that is too long is too long whatever it was to say. */
function factOf(name: FactName, value: Cbor): unknown {
  try {
    return decodeFact(name, value);
  } catch (error) {
    if (error instanceof RefusedInput && error.refusal.code === "malformed") throw new RefusedInput("bad-facts", error.refusal.detail);
    throw error;
  }
}

function allowed(kind: KindName, name: FactName): boolean {
  const spec = KINDS[kind];
  return COMMON_FACTS.includes(name) || (spec.required?.includes(name) ?? false) || (spec.facts?.includes(name) ?? false);
}

function decodeFact(name: FactName, value: Cbor): unknown {
  switch (FACT_SHAPES[name]) {
    case "flag":
      return asFlag(value, name);
    case "seconds":
      return seconds(value, name);
    case "number":
      return asUint(value, name);
    case "text":
      return asText(value, name, 256);
    case "texts":
      return texts(value, name);
    case "windows":
      return asList(value, name, limits.windowsMax).map((window): TimeWindow => {
        const [from, to] = asTuple(window, name, 2);
        return { from: seconds(from ?? null, name), to: seconds(to ?? null, name) };
      });
    case "bytes8":
      return asHex(value, name, 8);
    case "bytes16":
      return asHex(value, name, 16);
    case "bytes32":
      return asHex(value, name, 32);
    case "key":
      return asBytes(value, name);
    case "head":
      return decodeHead(value);
  }
}

function texts(value: Cbor, name: string): readonly string[] {
  const list = asList(value, name, limits.scopeFormsMax).map((text) => asText(text, name, 256));
  if (list.length === 0 || hasDouble(list)) throw new RefusedInput("bad-facts", `${name}: empty or doubled`);
  return list;
}

/** Header field 12 as integer keys. */
export function encodeFacts(facts: Facts): Map<number, Cbor> {
  const map = new Map<number, Cbor>();
  for (const [name, value] of Object.entries(facts)) {
    const known = Object.hasOwn(FACTS, name) ? FACTS[name as FactName] : undefined;
    if (known === undefined) throw new RangeError(`no fact is called ${name}`);
    if (value !== undefined) map.set(known, encodeFact(name as FactName, value));
  }
  return map;
}

function encodeFact(name: FactName, value: NonNullable<Facts[FactName]>): Cbor {
  switch (FACT_SHAPES[name]) {
    case "bytes8":
    case "bytes16":
    case "bytes32":
      return fromHex(value as string);
    case "head":
      return encodeHead(value as Head);
    case "windows":
      return (value as readonly TimeWindow[]).map((window): Cbor => [window.from, window.to]);
    case "flag":
    case "seconds":
    case "number":
    case "text":
    case "texts":
    case "key":
      return value as Cbor;
  }
}
