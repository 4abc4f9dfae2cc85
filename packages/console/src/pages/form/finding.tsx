import { type Completeness, type Form, ageText, misfitText } from "@openline/core";
import type { ReactNode } from "react";
import { useSpeech } from "../../words/language.tsx";

/** The completeness finding: what both sides compute of a notification, before it is sent and after. It refuses nothing. */
export function Finding({
  form,
  finding: { status, missing, late, wrong },
  heading,
}: {
  readonly form: Form | undefined;
  readonly finding: Completeness;
  readonly heading: string;
}): ReactNode {
  const { say, language } = useSpeech();
  const labelOf = (key: string): string => form?.fields.find((field) => field.key === key)?.label[language] ?? key;
  return (
    <section className={`finding ${status}`} aria-label={heading}>
      <h2>{heading}</h2>
      <p role="status">
        <strong>{say(`formStatus.${status}`)}</strong>
      </p>
      {missing.length > 0 && (
        <>
          <p>{say("form.missing")}</p>
          <ul>
            {missing.map((key) => (
              <li key={key}>{labelOf(key)}</li>
            ))}
          </ul>
        </>
      )}
      {wrong.length > 0 && (
        <>
          <p>{say("form.misfits")}</p>
          <ul>
            {wrong.map((value) => (
              <li key={value.key}>{say("form.misfit", { field: labelOf(value.key), why: misfitText(form, value, language) })}</li>
            ))}
          </ul>
        </>
      )}
      {late !== null && (
        <p>
          {say("form.late", {
            given: late.givenS < 0 ? say("form.after") : ageText(0, late.givenS, language),
            lead: ageText(0, late.leadTimeS, language),
          })}
        </p>
      )}
    </section>
  );
}

/** The node computes it by the function of core, and checks its shape. */
export const parseFinding = (value: object): Completeness => value as Completeness;
