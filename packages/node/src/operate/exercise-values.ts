import { limits, parseDate, parseDuration, parseTime, parseUnixSeconds, type UnixSeconds } from "@openline/core";
import type { ExpectedTime, PositionText, Texts } from "./exercise-types.ts";
import { ExerciseError, type Yaml, type YamlMap } from "./exercise-yaml.ts";

/** Readers of single values of an exercise file. Each throws `ExerciseError` with the place of what it cannot read;
 *  `what` names the value in that message. */

const NOON_S = 43_200;

/** A map with no other keys than `known`. */
export function mapOf(node: Yaml, what: string, known?: readonly string[]): YamlMap {
  if (node.kind !== "map") throw new ExerciseError(node.where, `${what}: a map expected`);
  if (known === undefined) return node;
  for (const [key, { where }] of node.entries)
    if (!known.includes(key)) throw new ExerciseError(where, `unknown key "${key}" in ${what} (known: ${[...new Set(known)].join(", ")})`);
  return node;
}

export const optional = (map: YamlMap, key: string): Yaml | undefined => map.entries.get(key)?.value;

/** The value of an optional key, where writing `null` says plainly that there is none. */
export function nullable(map: YamlMap, key: string): Yaml | undefined {
  const value = optional(map, key);
  return value?.kind === "scalar" && value.value === null ? undefined : value;
}

export function required(map: YamlMap, key: string, what: string): Yaml {
  const value = optional(map, key);
  if (value === undefined) throw new ExerciseError(map.where, `${what} needs "${key}"`);
  return value;
}

/** Reads an optional key; gives an object to spread, so that an absent key stays absent. */
export function optionally<K extends string, T>(map: YamlMap, key: K, read: (node: Yaml) => T): { readonly [P in K]?: T } {
  const node = optional(map, key);
  return node === undefined ? {} : keyed(key, read(node));
}

function keyed<K extends string, T>(key: K, value: T): { readonly [P in K]?: T } {
  const out: { [P in K]?: T } = {};
  out[key] = value;
  return out;
}

export function listOf(node: Yaml, what: string): readonly Yaml[] {
  if (node.kind !== "list") throw new ExerciseError(node.where, `${what}: a list expected`);
  return node.items;
}

/** One value or a list of them. */
export const oneOrMore = (node: Yaml): readonly Yaml[] => (node.kind === "list" ? node.items : [node]);

/** Text; a number stands as written, so that `id: 7` and `subject: { en: 2023 }` need no quotes. */
export function textOf(node: Yaml, what: string, bytesMax: number = limits.shortTextBytesMax): string {
  if (node.kind !== "scalar" || node.value === null || typeof node.value === "boolean")
    throw new ExerciseError(node.where, `${what}: text expected`);
  const text = typeof node.value === "number" ? node.source : node.value;
  if (text.trim() === "") throw new ExerciseError(node.where, `${what}: the text is empty`);
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax) throw new ExerciseError(node.where, `${what}: ${bytes} bytes; at most ${bytesMax} are carried`);
  return text;
}

/** An id: text on one line, at most 64 characters. */
export function idOf(node: Yaml, what: string): string {
  const text = textOf(node, what);
  if (text.length > 64 || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text))
    throw new ExerciseError(node.where, `${what}: at most 64 characters on one line expected`);
  return text;
}

/** A value some `parseX` of core accepts. */
export function parsedBy<T>(node: Yaml, what: string, parse: (text: string) => T): T {
  const text = textOf(node, what);
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw new ExerciseError(node.where, `${what}: ${error.message}`);
    throw error;
  }
}

/** A text per language. With only one language in the exercise a plain text is that language's. */
export function textsOf(node: Yaml, what: string, languages: readonly string[], bytesMax?: number): Texts {
  const [only] = languages;
  if (node.kind === "scalar" && only !== undefined && languages.length === 1) return new Map([[only, textOf(node, what, bytesMax)]]);
  if (node.kind !== "map") throw new ExerciseError(node.where, `${what}: a text per language expected, { ${only ?? "en"}: ... }`);
  if (node.entries.size === 0) throw new ExerciseError(node.where, `${what}: a text in at least one language expected`);
  const texts = new Map<string, string>();
  for (const [language, { where, value }] of node.entries) {
    if (!languages.includes(language))
      throw new ExerciseError(where, `unknown key "${language}" in ${what}: the languages are ${languages.join(", ")}`);
    texts.set(language, textOf(value, `${what} in ${language}`, bytesMax));
  }
  return texts;
}

/** Plain text; a text per language is taken too, one beside the other. */
export function plainTextOf(node: Yaml, what: string, languages: readonly string[]): string {
  if (node.kind !== "map") return textOf(node, what);
  return [...textsOf(node, what, languages).values()].join(" / ");
}

export function booleanOf(node: Yaml, what: string): boolean {
  if (node.kind !== "scalar" || typeof node.value !== "boolean") throw new ExerciseError(node.where, `${what}: true or false expected`);
  return node.value;
}

export function integerOf(node: Yaml, what: string, least: number, most: number): number {
  const value = node.kind === "scalar" ? node.value : null;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most)
    throw new ExerciseError(node.where, `${what}: a whole number from ${least} to ${most} expected`);
  return value;
}

export function wordOf<const W extends string>(node: Yaml, what: string, words: readonly W[]): W {
  const text = textOf(node, what);
  const found = words.find((word) => word === text);
  if (found === undefined) throw new ExerciseError(node.where, `${what}: one of ${words.join(", ")} expected, not "${text}"`);
  return found;
}

/** A date or an RFC 3339 time in UTC. */
export function dateOrTimeOf(node: Yaml, what: string): { readonly seconds: UnixSeconds; readonly dateOnly: boolean } {
  return parsedBy(node, what, (text) => {
    if (text.includes("T")) return { seconds: parseTime(text), dateOnly: false };
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { seconds: parseDate(text), dateOnly: true };
    throw new RangeError(`2022-08-05 or 2022-08-05T12:00:00Z expected, not "${text}"`);
  });
}

/** When something happens: a date alone is 12:00Z of that day. */
export function momentOf(node: Yaml, what: string): UnixSeconds {
  const { seconds, dateOnly } = dateOrTimeOf(node, what);
  return dateOnly ? parseUnixSeconds(seconds + NOON_S) : seconds;
}

export function expectedTimeOf(node: Yaml, what: string): ExpectedTime {
  const { seconds, dateOnly } = dateOrTimeOf(node, what);
  return { at: seconds, dateOnly };
}

export function durationOf(node: Yaml, what: string): number {
  const seconds = parsedBy(node, what, parseDuration);
  if (seconds > limits.durationMaxS) throw new ExerciseError(node.where, `${what}: longer than a hundred years`);
  return seconds;
}

export function positiveDurationOf(node: Yaml, what: string): number {
  const seconds = durationOf(node, what);
  if (seconds === 0) throw new ExerciseError(node.where, `${what}: a length of no time`);
  return seconds;
}

/** `[lon, lat]` in decimal degrees. */
export function positionOf(node: Yaml, what: string): PositionText {
  const [longitude, latitude, more] = listOf(node, what);
  if (longitude === undefined || latitude === undefined || more !== undefined)
    throw new ExerciseError(node.where, `${what}: [longitude, latitude] expected`);
  return [degreesOf(longitude, `${what}, longitude`, 180), degreesOf(latitude, `${what}, latitude`, 90)];
}

function degreesOf(node: Yaml, what: string, most: number): string {
  const value = node.kind === "scalar" ? node.value : null;
  if (typeof value !== "number" || Math.abs(value) > most)
    throw new ExerciseError(node.where, `${what}: decimal degrees from -${most} to ${most} expected`);
  return decimalText(value, node.kind === "scalar" ? node.source : "");
}

/** A number as decimal text: as written where that is plain, so that no digit of a place is lost. */
export function decimalText(value: number, source: string): string {
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(source)) return source;
  const short = String(value);
  return short.includes("e") ? value.toFixed(12).replace(/\.?0+$/, "") : short;
}
