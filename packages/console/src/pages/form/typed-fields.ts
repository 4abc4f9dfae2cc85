import type { LineSummary } from "@openline/api";
import { type Cbor, type Form, type FormFields, type Language, PRECEDENCES, type Precedence, catalogueOf, readField } from "@openline/core";
import { nameIn } from "../../frame/text.tsx";
import { type Typed, useTyped } from "../../typed/use-typed.tsx";

/** A form while it is written: kept as one text, so that fields never stand under another precedence or channel than they were written for. */
interface Written {
  /** Undefined: nobody has chosen. */
  readonly channel: string | undefined;
  readonly precedence: Precedence | undefined;
  /** What was typed, by field; none is empty. */
  readonly fields: Readonly<Record<string, string>>;
}

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
  const { fields: typed, channel, precedence } = writtenOf(kept.text);
  const fields = new Map<string, Cbor>();
  for (const item of form?.fields ?? []) {
    const value = readField(item.value, typed[item.key] ?? "");
    if (value !== undefined) fields.set(item.key, value);
  }
  const set = (part: Partial<Written>): void => kept.set(keptText({ ...writtenOf(kept.now()), ...part }));
  return {
    typed: (key) => typed[key] ?? "",
    type: (key, text) => set({ fields: { ...writtenOf(kept.now()).fields, [key]: text } }),
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
    fields: Object.fromEntries(Object.entries(left.fields).filter(([key, text]) => before.fields[key] !== text)),
  });
}

/** A form as people read it: a line for each part. */
export function typedLines(
  text: string,
  { form, line, language }: { readonly form: Form; readonly line: LineSummary; readonly language: Language },
): string {
  const { channel, precedence, fields } = writtenOf(text);
  const named = line.channels.find(({ id }) => id === channel);
  return [
    ...(named === undefined ? [] : [nameIn(named.name, language).text]),
    ...(precedence === undefined ? [] : [catalogueOf(language).precedences[precedence]]),
    ...form.fields.flatMap(({ key, label }) => (fields[key] === undefined ? [] : [`${label[language]}: ${fields[key]}`])),
  ].join("\n");
}

/** Equal for equal forms; empty where nothing is typed and nothing chosen. */
function keptText({ channel, precedence, fields }: Written): string {
  const typed = Object.entries(fields).filter(([, text]) => text !== "");
  if (channel === undefined && precedence === undefined && typed.length === 0) return "";
  return JSON.stringify({ channel, precedence, fields: Object.fromEntries(typed.toSorted(([a], [b]) => (a < b ? -1 : 1))) });
}

/** A text that no form page wrote says nothing of any field. */
function writtenOf(kept: string): Written {
  const value = parsed(kept);
  if (typeof value !== "object" || value === null) return { channel: undefined, precedence: undefined, fields: {} };
  const given = "fields" in value && typeof value.fields === "object" && value.fields !== null ? Object.entries(value.fields) : [];
  return {
    channel: "channel" in value && typeof value.channel === "string" ? value.channel : undefined,
    precedence: "precedence" in value ? PRECEDENCES.find((item) => item === value.precedence) : undefined,
    fields: Object.fromEntries(given.filter((pair): pair is [string, string] => typeof pair[1] === "string")),
  };
}

function parsed(kept: string): unknown {
  try {
    return JSON.parse(kept);
  } catch {
    return undefined;
  }
}
