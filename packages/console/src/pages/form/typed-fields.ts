import { type Cbor, type Form, type FormFields, readField } from "@openline/core";
import { useTyped } from "../../acting/typed.ts";

/** What is typed into the fields of a form. It stays with this tab. */
export interface TypedFields {
  /** What was typed for a field; items of a list stand on lines. */
  readonly typed: (key: string) => string;
  readonly type: (key: string, text: string) => void;
  /** As a notification carries them: those in which something was typed. */
  readonly fields: FormFields;
  readonly kept: ReturnType<typeof useTyped>;
}

/** `name`: under which it is kept. */
export function useTypedFields(name: string, form: Form | undefined): TypedFields {
  const kept = useTyped(name);
  const typed = kept.text === "" ? {} : parseTyped(JSON.parse(kept.text));
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

/** This page wrote it. */
const parseTyped = (value: unknown): Readonly<Record<string, string>> => value as Readonly<Record<string, string>>;
