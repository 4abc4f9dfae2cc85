import type { Cbor } from "../encoding/cbor.ts";
import { parseTime } from "../encoding/time.ts";
import type { UnixSeconds } from "../ids.ts";
import { isEmpty, misfit } from "./field-values.ts";
import type { Form } from "./form.ts";
import type { Misfit } from "./misfit.ts";

/** Fields of a notification as its body carries them. A key the form does not know travels as text. */
export type FormFields = ReadonlyMap<string, Cbor>;

/** What both sides see of a notification before and after it is sent. `not-checked`: neither side holds such a form. */
export interface Completeness {
  readonly status: "complete" | "incomplete" | "not-checked";
  /** Keys required that are absent or empty, in the order of the form. They alone decide the status. */
  readonly missing: readonly string[];
  /** Given less time before the start than the lead time. */
  readonly late: { readonly leadTimeS: number; readonly givenS: number } | null;
  /** Values that are not what the form says, in the order of the form. */
  readonly wrong: readonly WrongValue[];
}

/** The key of a value that is not what the form says, and why. */
export interface WrongValue extends Misfit {
  readonly key: string;
}

export interface CompletenessTimes {
  readonly placedAt: UnixSeconds;
  /** Start of the activity; without it, the form's start field. */
  readonly start?: UnixSeconds;
  /** Lead time of the accord, for a form that leaves it to the accord. */
  readonly accordLeadTimeS?: number;
}

const NOT_CHECKED: Completeness = { status: "not-checked", missing: [], late: null, wrong: [] };

/** The completeness finding of `fields`, those of updates merged in. Source: docs/spec/forms.md. */
export function completeness(form: Form | undefined, fields: FormFields, times: CompletenessTimes): Completeness {
  if (form === undefined) return NOT_CHECKED;
  const missing: string[] = [];
  const wrong: WrongValue[] = [];
  for (const { key, value: type, required, requiredForSafety } of form.fields) {
    const value = fields.get(key);
    if (value === undefined || isEmpty(value)) {
      if (required || requiredForSafety) missing.push(key);
      continue;
    }
    const why = misfit(type, value);
    if (why !== undefined) wrong.push({ key, ...why });
  }
  return { status: missing.length === 0 ? "complete" : "incomplete", missing, late: lateness(form, fields, times), wrong };
}

/** What an update says stands over what its notification said; the rest stays. */
export function mergeFields(base: FormFields, update: FormFields): FormFields {
  return new Map([...base, ...update]);
}

function lateness(form: Form, fields: FormFields, times: CompletenessTimes): Completeness["late"] {
  const leadTimeS = leadTimeOf(form, fields, times);
  const start = times.start ?? startOf(form, fields);
  if (leadTimeS === undefined || start === undefined) return null;
  const givenS = start - times.placedAt;
  return givenS < leadTimeS ? { leadTimeS, givenS } : null;
}

function leadTimeOf(form: Form, fields: FormFields, times: CompletenessTimes): number | undefined {
  const shorter = form.shorterLeadTime;
  if (shorter !== undefined && fields.get(shorter.key) === true) return shorter.leadTimeS;
  if (form.leadTime === "at-once") return undefined;
  return form.leadTime === "per-accord" ? times.accordLeadTimeS : form.leadTime;
}

function startOf(form: Form, fields: FormFields): UnixSeconds | undefined {
  const value = form.startKey === undefined ? undefined : fields.get(form.startKey);
  if (typeof value !== "string") return undefined;
  try {
    return parseTime(value);
  } catch (error) {
    // A start that cannot be read stands under `wrong`; nothing can be late against it.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
