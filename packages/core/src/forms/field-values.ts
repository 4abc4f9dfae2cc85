import type { Cbor, CborMap } from "../encoding/cbor.ts";
import { parseDuration, parseTime } from "../encoding/time.ts";
import type { FieldType } from "./form.ts";
import { type Misfit, type MisfitCode, misfitOf } from "./misfit.ts";

/** Whether the value of a field is what its form says. */

/** A character that a reader sees; U+2800 is a Braille cell without a dot. */
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\u2800]/u;

/** Absent, `null`, text that nobody sees, and lists and maps of nothing say nothing. */
export function isEmpty(value: Cbor | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return !VISIBLE.test(value);
  if (isList(value) || value instanceof Uint8Array) return value.length === 0;
  return isMap(value) && value.size === 0;
}

/** Why `value` does not fit; `undefined` = it fits. Codes outside a closed list do not fit. */
export function misfit(type: FieldType, value: Cbor): Misfit | undefined {
  switch (type.type) {
    case "text":
      return unless(typeof value === "string" || typeof value === "number", "not-text");
    case "number":
      return unless(decimalOf(value) !== undefined, "not-number");
    case "integer":
      return unless(typeof value === "number" && value >= 0, "not-whole-number");
    case "code":
      return codeMisfit(type.codes, type.open, value);
    case "time":
      return unless(isRead(value, parseTime), "not-time");
    case "duration":
      return durationMisfit(value);
    case "position":
      return unless(positionOf(value) !== undefined, "not-position");
    case "area":
      return unless(isArea(value), "not-area");
    case "boolean":
      return unless(typeof value === "boolean", "not-yes-or-no");
    case "list":
      return listMisfit(type.of, value);
  }
}

const unless = (fits: boolean, code: MisfitCode): Misfit | undefined => (fits ? undefined : misfitOf(code));

function codeMisfit(codes: readonly { readonly code: string }[], open: boolean, value: Cbor): Misfit | undefined {
  if (typeof value !== "string") return misfitOf("not-code");
  if (open || codes.some(({ code }) => code === value)) return undefined;
  return misfitOf(
    "not-in-list",
    codes.map(({ code }) => code),
  );
}

/** Months and years, which ISO 8601 knows and no duration here may have, are said apart. */
function durationMisfit(value: Cbor): Misfit | undefined {
  if (isRead(value, parseDuration)) return undefined;
  return misfitOf(typeof value === "string" && /^P[^T]*\d[YM]/.test(value) ? "not-fixed-length" : "not-duration");
}

function isRead(value: Cbor, parse: (text: string) => number): boolean {
  if (typeof value !== "string") return false;
  try {
    parse(value);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function listMisfit(of: FieldType, value: Cbor): Misfit | undefined {
  // One item alone is read as a list of one.
  if (!isList(value)) return misfit(of, value);
  for (const item of value) {
    const why = misfit(of, item);
    if (why !== undefined) return why;
  }
  return undefined;
}

export const isList = (value: Cbor | undefined): value is readonly Cbor[] => Array.isArray(value);
export const isMap = (value: Cbor | undefined): value is CborMap => value instanceof Map;

/** A whole number or decimal text as a number. */
export function decimalOf(value: Cbor | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) return undefined;
  return Number(value);
}

/** Longitude and latitude, each as given and as a number. A third number, GeoJSON's height, is ignored. */
export function positionOf(value: Cbor | undefined): readonly [longitude: number, latitude: number] | undefined {
  if (!isList(value) || value.length < 2 || value.length > 3) return undefined;
  const [longitude, latitude] = [decimalOf(value[0]), decimalOf(value[1])];
  if (longitude === undefined || latitude === undefined) return undefined;
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [longitude, latitude] : undefined;
}

/** Centre and radius in metres of a circle, `{ centre, radius }`. */
export function circleOf(value: Cbor): { readonly centre: readonly [number, number]; readonly radiusM: number } | undefined {
  if (!isMap(value)) return undefined;
  const centre = positionOf(value.get("centre") ?? value.get("center"));
  const radiusM = decimalOf(value.get("radius"));
  return centre === undefined || radiusM === undefined || radiusM < 0 ? undefined : { centre, radiusM };
}

/** The outer ring of a GeoJSON Polygon, or the corners of a list of positions. */
export function cornersOf(value: Cbor | undefined): readonly (readonly [number, number])[] | undefined {
  const ring = isMap(value) && value.get("type") === "Polygon" ? outerRing(value.get("coordinates")) : value;
  if (!isList(ring) || ring.length === 0) return undefined;
  const corners: (readonly [number, number])[] = [];
  for (const item of ring) {
    const corner = positionOf(item);
    if (corner === undefined) return undefined;
    corners.push(corner);
  }
  return corners;
}

const outerRing = (rings: Cbor | undefined): Cbor | undefined => (isList(rings) ? rings[0] : undefined);

const GEOJSON: ReadonlySet<string> = new Set([
  "Point",
  "MultiPoint",
  "LineString",
  "MultiLineString",
  "Polygon",
  "MultiPolygon",
  "GeometryCollection",
  "Feature",
  "FeatureCollection",
]);

function isArea(value: Cbor): boolean {
  if (typeof value === "string" || positionOf(value) !== undefined || cornersOf(value) !== undefined) return true;
  if (!isMap(value)) return false;
  if (circleOf(value) !== undefined) return true;
  const type = value.get("type");
  // A polygon must have readable corners; the other kinds are taken as given.
  return typeof type === "string" && type !== "Polygon" && GEOJSON.has(type);
}
