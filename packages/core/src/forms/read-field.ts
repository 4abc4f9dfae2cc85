import type { Cbor } from "../encoding/cbor.ts";
import type { FieldType } from "./form.ts";

/** What a person typed for a field, as a notification carries it. What cannot be read as the field's type stays the text that it is, so that
 *  the finding says what is wrong with it and nothing is lost. Undefined: nothing was typed. Items of a list, and corners of an area, stand each on a line.
 *  Source: docs/spec/forms.md §2. */
export function readField(type: FieldType, typed: string): Cbor | undefined {
  const text = typed.trim().normalize("NFC");
  if (text === "") return undefined;
  switch (type.type) {
    case "text":
    case "code":
    case "time":
    case "duration":
    case "number":
      return text;
    case "integer":
      return /^\d{1,15}$/.test(text) ? Number(text) : text;
    case "boolean":
      return YES.has(text) ? true : NO.has(text) ? false : text;
    case "position":
      return positionIn(text) ?? text;
    case "area":
      return areaIn(text);
    case "list":
      return linesOf(text).flatMap((line) => readField(type.of, line) ?? []);
  }
}

const YES: ReadonlySet<string> = new Set(["yes", "true", "是"]);
const NO: ReadonlySet<string> = new Set(["no", "false", "否"]);

const linesOf = (text: string): readonly string[] => text.split("\n").filter((line) => line.trim() !== "");

/** `124.9, 37.1`: longitude and latitude in decimal degrees. */
function positionIn(text: string): Cbor | undefined {
  const [, longitude, latitude] = /^(-?\d{1,3}(?:\.\d{1,15})?)\s*[,，]\s*(-?\d{1,2}(?:\.\d{1,15})?)$/.exec(text.trim()) ?? [];
  return longitude === undefined || latitude === undefined ? undefined : [longitude, latitude];
}

/** `124.9, 37.1 radius 5000`: metres round a position; else corners, one a line; else text. */
function areaIn(text: string): Cbor {
  const [, centreText = "", radius] = /^([^\n]+?)\s+radius\s+(\d{1,15}(?:\.\d{1,15})?)$/.exec(text) ?? [];
  const centre = positionIn(centreText);
  if (centre !== undefined && radius !== undefined)
    return new Map<string, Cbor>([
      ["centre", centre],
      ["radius", radius],
    ]);
  const corners = linesOf(text).map(positionIn);
  const known = corners.filter((corner) => corner !== undefined);
  if (known.length < corners.length) return text;
  return known.length === 1 ? (known[0] ?? text) : known;
}
