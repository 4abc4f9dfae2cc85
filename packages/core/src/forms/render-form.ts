import type { Cbor } from "../encoding/cbor.ts";
import { dtg, parseDuration, parseTime } from "../encoding/time.ts";
import { circleOf, cornersOf, decimalOf, isEmpty, isList, misfit, positionOf } from "./field-values.ts";
import type { FormFields, WrongValue } from "./completeness.ts";
import { catalogueOf } from "../words/catalogues.ts";
import { fill } from "../words/template.ts";
import { type Code, type FieldType, type Form, type FormLanguage, type Labels, type Unit, words } from "./form.ts";

const COLON: Labels = words(": ", "：");
const COMMA: Labels = words("; ", "；");
const YES: Labels = words("yes", "是");
const NO: Labels = words("no", "否");
const DAYS: Labels = words(" d", "天");
const HOURS: Labels = words(" h", "小时");
const MINUTES: Labels = words(" min", "分钟");
const SECONDS: Labels = words(" s", "秒");

/** Fields as lines `label: value` in one language: those of the form in its order, then what the form does not know, as
 *  given. Codes show this language's words. Every line is one line, so that no value can look like another field. */
export function renderForm(form: Form | undefined, fields: FormFields, language: FormLanguage): readonly string[] {
  const lines: string[] = [];
  const known = new Set<string>();
  for (const { key, label, value: type } of form?.fields ?? []) {
    known.add(key);
    const value = fields.get(key);
    if (value !== undefined && !isEmpty(value)) lines.push(line(label[language], renderValue(type, value, language), language));
  }
  for (const [key, value] of fields) if (!known.has(key)) lines.push(line(key, plain(value, language), language));
  return lines;
}

const line = (label: string, value: string, language: FormLanguage): string =>
  `${label}${COLON[language]}${value}`.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");

/** Why a value of a form is not what the form says, as a sentence in one language. */
export function misfitText(form: Form | undefined, { key, code, expected }: WrongValue, language: FormLanguage): string {
  const type = form?.fields.find((field) => field.key === key)?.value;
  const codes = type === undefined ? [] : codesOf(type);
  const word = (item: string): string => codes.find((known) => known.code === item)?.label[language] ?? item;
  return fill(catalogueOf(language).misfits[code], { expected: expected.map(word).join(COMMA[language]) });
}

function codesOf(type: FieldType): readonly Code[] {
  if (type.type === "list") return codesOf(type.of);
  return type.type === "code" ? type.codes : [];
}

/** One value in one language. A value that does not fit its field is shown as given. */
export function renderValue(type: FieldType, value: Cbor, language: FormLanguage): string {
  if (misfit(type, value) !== undefined) return plain(value, language);
  switch (type.type) {
    case "text":
    case "integer":
      return plain(value, language);
    case "number":
      return withUnit(plain(value, language), decimalOf(value) ?? 0, type.unit, language);
    case "code":
      return type.codes.find(({ code }) => code === value)?.label[language] ?? plain(value, language);
    case "time":
      return timeText(plain(value, language));
    case "duration":
      return durationText(parseDuration(plain(value, language)), language);
    case "position":
      return placeText(positionOf(value), language);
    case "area":
      return areaText(value, language);
    case "boolean":
      return (value === true ? YES : NO)[language];
    case "list":
      return (isList(value) ? value : [value]).map((item) => renderValue(type.of, item, language)).join(COMMA[language]);
  }
}

const timeText = (text: string): string => `${dtg(parseTime(text))} (${text})`;

/** The SI value as given, and the customary one rounded beside it. */
function withUnit(text: string, value: number, unit: Unit, language: FormLanguage): string {
  const own = `${text} ${unit.label[language]}`;
  if (unit.customary === undefined) return own;
  const other = value * unit.customary.factor;
  const rounded = Math.abs(other) < 100 ? Math.round(other * 10) / 10 : Math.round(other);
  return `${own} (${rounded} ${unit.customary.label[language]})`;
}

function durationText(seconds: number, language: FormLanguage): string {
  const counts: readonly (readonly [number, Labels])[] = [
    [Math.floor(seconds / 86_400), DAYS],
    [Math.floor(seconds / 3600) % 24, HOURS],
    [Math.floor(seconds / 60) % 60, MINUTES],
    [seconds % 60, SECONDS],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, label]) => `${count}${label[language]}`);
  return parts.length === 0 ? `0${SECONDS[language]}` : parts.join(language === "en" ? " " : "");
}

function placeText(place: readonly [number, number] | undefined, language: FormLanguage): string {
  if (place === undefined) return "";
  const [longitude, latitude] = place;
  const [north, east] = [latitude >= 0, longitude >= 0];
  if (language === "en") return `${Math.abs(latitude)}°${north ? "N" : "S"} ${Math.abs(longitude)}°${east ? "E" : "W"}`;
  return `${north ? "北纬" : "南纬"}${Math.abs(latitude)}°，${east ? "东经" : "西经"}${Math.abs(longitude)}°`;
}

/** Circle, corners or position in words; other shapes and text as given. */
function areaText(value: Cbor, language: FormLanguage): string {
  const circle = circleOf(value);
  if (circle !== undefined) {
    const { centre, radiusM } = circle;
    const place = placeText(centre, language);
    const radius = radiusM / 1000;
    return language === "en" ? `circle of ${radius} km round ${place}` : `以${place}为中心、半径${radius}公里的圆`;
  }
  const position = positionOf(value);
  if (position !== undefined) return placeText(position, language);
  const corners = cornersOf(value);
  if (corners === undefined) return plain(value, language);
  return corners.map((corner) => placeText(corner, language)).join(COMMA[language]);
}

/** Any value as text: maps as `key: value`. */
function plain(value: Cbor, language: FormLanguage): string {
  if (value === null) return "–";
  if (typeof value === "boolean") return (value ? YES : NO)[language];
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (value instanceof Uint8Array) return `${value.length} B`;
  if (isList(value)) return value.map((item) => plain(item, language)).join(COMMA[language]);
  return [...value].map(([key, item]) => `${key}${COLON[language]}${plain(item, language)}`).join(COMMA[language]);
}
