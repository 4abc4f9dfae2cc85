import type { PartyFile, Terms, YamlValue } from "@openline/core";
import { partyWordsValue } from "./party-yaml.ts";
import { termsValue } from "./terms-yaml.ts";

/** One place at which two terms, or what a party says of itself, differ. A side that has nothing there is undefined. */
export interface FileChange {
  /** Keys with `.` between them; a channel or a post stands under its id: `channels.hotline.clocks.held.FLASH`. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Every place at which two terms differ, as people write terms and in their order. None: they say the same. */
export const termsChanges = (before: Terms, after: Terms): readonly FileChange[] => changesOf("", termsValue(before), termsValue(after));

/** The same of two party files, without their keys. */
export const partyChanges = (before: PartyFile, after: PartyFile): readonly FileChange[] =>
  changesOf("", partyWordsValue(before), partyWordsValue(after));

type Value = YamlValue | undefined;

function changesOf(path: string, before: Value, after: Value): readonly FileChange[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  if (old === undefined || now === undefined) return changed(path, textOf(before), textOf(after));
  const inner = [...new Set([...old.keys(), ...now.keys()])].flatMap((key) =>
    changesOf(path === "" ? key : `${path}.${key}`, old.get(key), now.get(key)),
  );
  return Array.isArray(after) ? [...changed(path, orderOf(old, now), orderOf(now, old)), ...inner] : inner;
}

const changed = (path: string, before: string | undefined, after: string | undefined): readonly FileChange[] =>
  before === after ? [] : [{ path, before, after }];

/** The parts of a map by key, and of a list of things with an id by that; undefined for what is compared as a whole. */
function partsOf(value: Value): ReadonlyMap<string, Value> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!isList(value)) return new Map(Object.entries(value));
  const byId = value.flatMap((item) => {
    const id = isList(item) ? undefined : partsOf(item)?.get("id");
    return typeof id === "string" ? [[id, item] as const] : [];
  });
  return byId.length === value.length && value.length > 0 ? new Map(byId) : undefined;
}

const isList = (value: Value): value is readonly Exclude<Value, undefined>[] => Array.isArray(value);

/** The order in which a list has what another one has too. */
const orderOf = (parts: ReadonlyMap<string, Value>, other: ReadonlyMap<string, Value>): string =>
  [...parts.keys()].filter((key) => other.has(key)).join(", ");

const textOf = (value: Value): string | undefined => (value === undefined || typeof value === "string" ? value : JSON.stringify(value));
