/** A notification form: a versioned schema both sides hold, so that codes carry the meaning and each side reads its own
 *  language. Source: docs/spec/forms.md. */

export const FORM_LANGUAGES = ["en", "zh"] as const;
export type FormLanguage = (typeof FORM_LANGUAGES)[number];
export type Labels = Readonly<Record<FormLanguage, string>>;

export interface Code {
  readonly code: string;
  readonly label: Labels;
}

/** An SI unit with its words, and the customary unit shown beside it. */
export interface Unit {
  readonly label: Labels;
  readonly customary?: { readonly factor: number; readonly label: Labels };
}

/** What the value of a field is. Decimal numbers and degrees stand as decimal text, since signed bytes hold no floats. */
export type FieldType =
  | { readonly type: "text" }
  | { readonly type: "number"; readonly unit: Unit }
  /** Whole number, 0 or more. */
  | { readonly type: "integer" }
  /** `open`: a text that is none of the codes is taken as given. */
  | { readonly type: "code"; readonly codes: readonly Code[]; readonly open: boolean }
  /** RFC 3339 in UTC. */
  | { readonly type: "time" }
  /** ISO 8601 without years and months. */
  | { readonly type: "duration" }
  /** [longitude, latitude] in decimal degrees. */
  | { readonly type: "position" }
  /** GeoJSON, corner positions, `{ centre, radius }` with metres, or free text. */
  | { readonly type: "area" }
  | { readonly type: "boolean" }
  | { readonly type: "list"; readonly of: FieldType };

export interface Field {
  /** kebab-case */
  readonly key: string;
  readonly label: Labels;
  readonly value: FieldType;
  readonly required: boolean;
  /** Without it the receiver cannot keep its own people out of harm's way. */
  readonly requiredForSafety: boolean;
}

/** Seconds before the start; or nothing to be early for; or a number the accord gives. */
export type LeadTime = number | "at-once" | "per-accord";

export interface Form {
  readonly id: string;
  readonly version: number;
  readonly title: Labels;
  readonly leadTime: LeadTime;
  /** Where a boolean field is true, this lead time holds instead. */
  readonly shorterLeadTime?: { readonly key: string; readonly leadTimeS: number };
  /** The time field against which the lead time is measured. */
  readonly startKey?: string;
  readonly fields: readonly Field[];
}

export const words = (en: string, zh: string): Labels => ({ en, zh });
export const text: FieldType = { type: "text" };
export const integer: FieldType = { type: "integer" };
export const time: FieldType = { type: "time" };
export const duration: FieldType = { type: "duration" };
export const position: FieldType = { type: "position" };
export const area: FieldType = { type: "area" };
export const yesNo: FieldType = { type: "boolean" };
export const number = (unit: Unit): FieldType => ({ type: "number", unit });
export const listOf = (of: FieldType): FieldType => ({ type: "list", of });

type CodeRow = readonly [code: string, en: string, zh: string];
const codesOf = (rows: readonly CodeRow[]): readonly Code[] => rows.map(([code, en, zh]) => ({ code, label: words(en, zh) }));
/** Exactly one of these codes. */
export const code = (...rows: readonly CodeRow[]): FieldType => ({ type: "code", codes: codesOf(rows), open: false });
/** One of these codes, or a text. */
export const codeOrText = (...rows: readonly CodeRow[]): FieldType => ({ type: "code", codes: codesOf(rows), open: true });

/** One row of a form: key, what its value is, its words in English and Chinese. */
export const field = (key: string, value: FieldType, en: string, zh: string): Field => ({
  key,
  label: words(en, zh),
  value,
  required: false,
  requiredForSafety: false,
});
export const safetyField = (key: string, value: FieldType, en: string, zh: string): Field => ({
  ...field(key, value, en, zh),
  required: true,
  requiredForSafety: true,
});

export const HOUR_S = 3600;
export const DAY_S = 86_400;
