import { type Completeness, type Form, fieldLabel, joined, latenessText, misfitText } from "@openline/core";
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
  const { say, language, words } = useSpeech();
  const { findings } = words;
  return (
    <section className={`finding ${status}`} aria-label={heading}>
      <h2>{heading}</h2>
      <p role="status">
        <strong>{findings[status]}</strong>
      </p>
      {missing.length > 0 && (
        <>
          <p>{findings.missing}</p>
          <ul>
            {missing.map((key) => (
              <li key={key}>{fieldLabel(form, key, language)}</li>
            ))}
          </ul>
        </>
      )}
      {wrong.length > 0 && (
        <>
          <p>{findings.misfit}</p>
          <ul>
            {wrong.map((value) => (
              <li key={value.key}>
                {say("form.misfit", { field: fieldLabel(form, value.key, language), why: misfitText(form, value, language) })}
              </li>
            ))}
          </ul>
        </>
      )}
      {late !== null && <p>{joined([findings.late, latenessText(late, language)], language)}</p>}
    </section>
  );
}

/** The node computes it by the function of core, and checks its shape. */
export const parseFinding = (value: object): Completeness => value as Completeness;
