import { type Cbor, type Form, type FormFields, type Language, readField } from "@openline/core";
import { type Typed, useTyped } from "../../typed/use-typed.tsx";

/** What is typed into the fields of a form. */
export interface TypedFields {
  /** What was typed for a field; items of a list stand on lines. */
  readonly typed: (key: string) => string;
  readonly type: (key: string, text: string) => void;
  /** As a notification carries them: those in which something was typed. */
  readonly fields: FormFields;
  readonly kept: Typed;
}

/** `name`: under which it is kept. */
export function useTypedFields(name: string, form: Form | undefined): TypedFields {
  const kept = useTyped(name);
  const typed = parseTyped(kept.text);
  const fields = new Map<string, Cbor>();
  for (const item of form?.fields ?? []) {
    const value = readField(item.value, typed[item.key] ?? "");
    if (value !== undefined) fields.set(item.key, value);
  }
  return {
    typed: (key) => typed[key] ?? "",
    type: (key, text) => kept.set(JSON.stringify({ ...typed, [key]: text })),
    fields,
    kept,
  };
}

/** A text that no form page wrote says nothing of any field. */
function parseTyped(text: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(text);
    const pairs = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
  } catch {
    return {};
  }
}

/** What was typed into a form, as people read it: a line for each field. */
export function typedLines(text: string, form: Form, language: Language): string {
  const typed = parseTyped(text);
  return form.fields.flatMap(({ key, label }) => (typed[key] === undefined ? [] : [`${label[language]}: ${typed[key]}`])).join("\n");
}
