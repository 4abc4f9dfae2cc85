import { type Cbor, type CborMap } from "../encoding/cbor.ts";
import type { Body } from "../entry/body.ts";
import { COMMON_WORDS, KINDS, type KindName, type WordShape } from "../entry/kinds.ts";
import { renderForm } from "../forms/render-form.ts";
import { formById } from "../forms/registry.ts";
import { parseUnixSeconds } from "../ids.ts";
import { type BodyWord, BODY_WORDS, type LanguageCode } from "./catalogue.ts";
import { catalogueOf } from "./catalogues.ts";
import type { Language } from "./language.ts";
import { type Line, remarked } from "./line.ts";
import { timeText } from "./moment.ts";
import { bytesText, formName } from "./render-facts.ts";
import { fill } from "./template.ts";
import { visible, visibleLine } from "./visible.ts";

export interface BodyContext {
  readonly kind: KindName | undefined;
  /** The form its fields are of. */
  readonly form: string | undefined;
  readonly language: Language;
  readonly authorLanguage?: string;
  readonly reconstructed: boolean;
}

/** The words of an act, in the order in which people read them; words that its kind does not have come last and say so. */
export function renderBody(body: Body, context: BodyContext): readonly Line[] {
  const known = context.kind === undefined ? {} : { ...COMMON_WORDS, ...KINDS[context.kind].words };
  const lines = BODY_WORDS.flatMap((word) => {
    const value = body.get(word);
    const shape = shapeOf(known, word);
    if (value === undefined || shape === undefined) return [];
    return wordLines(word, shape, value, context) ?? [strange(word, value, context)];
  });
  const strangers = [...body].filter(([key]) => typeof key !== "string" || shapeOf(known, key) === undefined);
  return [...lines, ...strangers.map(([key, value]) => strange(String(key), value, context))];
}

const shapeOf = (shapes: Readonly<Record<string, WordShape>>, word: string): WordShape | undefined =>
  Object.hasOwn(shapes, word) ? shapes[word] : undefined;

/** `undefined`: the value has not the shape of its word. */
function wordLines(word: BodyWord, shape: WordShape, value: Cbor, context: BodyContext): readonly Line[] | undefined {
  const { bodyWords, labels, sentences } = catalogueOf(context.language);
  const label = bodyWords[word];
  const one = (text: string | undefined): readonly Line[] | undefined => (text === undefined ? undefined : [{ label, text }]);
  switch (shape) {
    case "texts":
      return value instanceof Map ? textLines(label, value, context) : undefined;
    case "texts-list":
      return listLines(label, value, context);
    case "text":
      if (typeof value !== "string") return undefined;
      return one(word === "source" && context.reconstructed ? fill(sentences.reconstructed, { source: visible(value) }) : visible(value));
    case "position":
      return one(positionText(value, context.language));
    case "fields":
      return value instanceof Map ? [fieldsLine(label, value, context)] : undefined;
    case "number":
    case "quality":
      return typeof value === "number" ? one(String(value)) : undefined;
    case "flag":
      return typeof value === "boolean" ? one(value ? labels.yes : labels.no) : undefined;
    case "bytes":
      return value instanceof Uint8Array ? one(bytesText(value, context.language)) : undefined;
    case "time":
      return one(dueText(value));
    case "attachments":
      return attachmentLines(label, value, context);
  }
}

/** Every language version of a text: the reader's first, then the authentic one, then the others by code. */
function textLines(label: string, texts: CborMap, context: BodyContext): readonly Line[] {
  const { labels, languages } = catalogueOf(context.language);
  const rank = (code: string): number => (code === context.language ? 0 : code === context.authorLanguage ? 1 : 2);
  return [...texts]
    .map(([code, text]): [string, Cbor] => [String(code), text])
    .toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(([code, text]) => {
      const named = LANGUAGE_CODES.find((item) => item === code);
      const name = named === undefined ? visibleLine(code) : languages[named];
      const remarks = code === context.authorLanguage ? [name, labels.authentic] : [name];
      const line = {
        label: remarked(label, remarks, context.language),
        text: typeof text === "string" ? visible(text) : raw(text, context),
      };
      return code === context.language ? line : { ...line, lang: visibleLine(code) };
    });
}

const LANGUAGE_CODES: readonly LanguageCode[] = ["en", "zh", "ru", "fr", "es", "ar"];

function listLines(label: string, value: Cbor, context: BodyContext): readonly Line[] | undefined {
  if (!isList(value)) return undefined;
  return value.flatMap((item, i) => {
    const numbered = `${label} ${i + 1}`;
    return item instanceof Map ? textLines(numbered, item, context) : [{ label: numbered, text: raw(item, context) }];
  });
}

/** Name, media type, bytes and the digest that says which object it is. */
function attachmentLines(label: string, value: Cbor, context: BodyContext): readonly Line[] | undefined {
  if (!isList(value)) return undefined;
  return value.map((item, i) => {
    const [object, size, media, name] = isList(item) ? item : [];
    const known = object instanceof Uint8Array && typeof size === "number" && typeof media === "string" && typeof name === "string";
    const text = known
      ? `${visibleLine(name)} (${visibleLine(media)}, ${size} B) ${bytesText(object, context.language)}`
      : raw(item, context);
    return { label: `${label} ${i + 1}`, text };
  });
}

/** Form fields, each on its own line of one text. */
function fieldsLine(label: string, fields: CborMap, { form, language }: BodyContext): Line {
  const named = new Map([...fields].map(([key, value]): [string, Cbor] => [visibleLine(String(key)), shown(value)]));
  const known = form === undefined ? undefined : formById(form);
  const title = known === undefined ? label : remarked(label, [formName(known.id, language)], language);
  return { label: title, text: renderForm(known, named, language).join("\n") };
}

/** `[longitude, latitude]` as decimal text, with the digits its author gave. */
function positionText(value: Cbor, language: Language): string | undefined {
  if (!isList(value) || value.length !== 2) return undefined;
  const [longitude, latitude] = value;
  if (typeof longitude !== "string" || typeof latitude !== "string") return undefined;
  const degrees = (text: string): string => visibleLine(text.replace(/^-/, ""));
  const [south, west] = [latitude.startsWith("-"), longitude.startsWith("-")];
  if (language === "en") return `${degrees(latitude)}° ${south ? "S" : "N"} ${degrees(longitude)}° ${west ? "W" : "E"}`;
  return `${south ? "南纬" : "北纬"}${degrees(latitude)}°，${west ? "西经" : "东经"}${degrees(longitude)}°`;
}

function dueText(value: Cbor): string | undefined {
  return typeof value === "number" && value >= 0 && value <= 253_402_300_799 ? timeText(parseUnixSeconds(value)) : undefined;
}

/** A word that its kind does not have, or in another shape: shown as given. */
function strange(key: string, value: Cbor, context: BodyContext): Line {
  const { labels } = catalogueOf(context.language);
  return { label: remarked(visibleLine(key), [labels.otherWord], context.language), text: raw(value, context) };
}

function raw(value: Cbor, { language }: BodyContext): string {
  if (typeof value === "string") return visible(value);
  if (value instanceof Uint8Array) return bytesText(value, language) ?? "";
  return renderForm(undefined, new Map([["", shown(value)]]), language)
    .map((line) => line.replace(/^(: |：)/, ""))
    .join("\n");
}

/** The same value with hidden characters made visible in all its texts: fields are not checked as bodies are. */
function shown(value: Cbor): Cbor {
  if (typeof value === "string") return visible(value);
  if (isList(value)) return value.map(shown);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [typeof key === "string" ? visible(key) : key, shown(item)]));
  return value;
}

const isList = (value: Cbor): value is readonly Cbor[] => Array.isArray(value);
