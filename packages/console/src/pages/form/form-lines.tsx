import { type Cbor, type Completeness, formById, renderForm } from "@openline/core";
import type { ReactNode } from "react";
import { Written } from "../../frame/text.tsx";
import type { Said } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";
import { Finding } from "./finding.tsx";

/** The fields of a notification in the reader's own language, and the finding that both sides compute of it and its updates. */
export function FormLines({ said }: { readonly said: Said }): ReactNode {
  const { say, language } = useSpeech();
  const form = said.form === null ? undefined : formById(said.form);
  const fields = new Map(Object.entries(said.fields).map(([key, value]): [string, Cbor] => [key, cborOf(value)]));
  return (
    <>
      {form !== undefined && <h3>{form.title[language]}</h3>}
      {renderForm(form, fields, language).map((line, i) => (
        <Written key={`${i} ${line}`} text={line} lang={undefined} />
      ))}
      {said.completeness !== null && <Finding form={form} finding={parseFinding(said.completeness)} heading={say("form.finding")} />}
    </>
  );
}

/** A value as the API shows it: maps are objects there. */
function cborOf(value: unknown): Cbor {
  if (Array.isArray(value)) return value.map(cborOf);
  if (typeof value === "object" && value !== null)
    return new Map(Object.entries(value).map(([key, item]): [string, Cbor] => [key, cborOf(item)]));
  return typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value) ? parseScalar(value) : null;
}

const parseScalar = (value: unknown): Cbor => value as Cbor;
/** The node computes it by the same function of core, and checks its shape. */
const parseFinding = (value: object): Completeness => value as Completeness;
