import type { LineSummary } from "@openline/api";
import { type Cbor, type Form, type FormFields, type Language, catalogueOf, readField } from "@openline/core";
import { nameIn } from "../../frame/text.tsx";
import { type Typed, useTyped } from "../../typed/use-typed.tsx";
import { type Written, keptText, writtenOf } from "../../typed/written.ts";

/** What is typed into the fields of a form. */
export interface TypedFields extends Pick<Written, "channel" | "precedence"> {
  /** What was typed for a field; items of a list stand on lines. */
  readonly typed: (key: string) => string;
  readonly type: (key: string, text: string) => void;
  readonly choose: (chosen: Partial<Pick<Written, "channel" | "precedence">>) => void;
  /** As a notification carries them: those in which something was typed. */
  readonly fields: FormFields;
  readonly kept: Typed;
}

/** `name`: under which it is kept. */
export function useTypedFields(name: string, form: Form | undefined): TypedFields {
  const kept = useTyped(name);
  const { words: typed, channel, precedence } = writtenOf(kept.text);
  const fields = new Map<string, Cbor>();
  for (const item of form?.fields ?? []) {
    const value = readField(item.value, typed[item.key] ?? "");
    if (value !== undefined) fields.set(item.key, value);
  }
  const set = (part: Partial<Written>): void => kept.set(keptText({ ...writtenOf(kept.now()), ...part }));
  return {
    typed: (key) => typed[key] ?? "",
    type: (key, text) => set({ words: { ...writtenOf(kept.now()).words, [key]: text } }),
    choose: set,
    channel,
    precedence,
    fields,
    kept,
  };
}

/** What was typed after a form was sent, while that was on its way: fields that say something else than what was said. */
export function fieldsLeft(now: string, said: string): string {
  const [left, before] = [writtenOf(now), writtenOf(said)];
  return keptText({
    ...left,
    words: Object.fromEntries(Object.entries(left.words).filter(([key, text]) => before.words[key] !== text)),
  });
}

/** A form as people read it: a line for each part. */
export function typedLines(
  text: string,
  { form, line, language }: { readonly form: Form; readonly line: LineSummary; readonly language: Language },
): string {
  const { channel, precedence, words } = writtenOf(text);
  const named = line.channels.find(({ id }) => id === channel);
  return [
    ...(named === undefined ? [] : [nameIn(named.name, language).text]),
    ...(precedence === undefined ? [] : [catalogueOf(language).precedences[precedence]]),
    ...form.fields.flatMap(({ key, label }) => (words[key] === undefined ? [] : [`${label[language]}: ${words[key]}`])),
  ].join("\n");
}
