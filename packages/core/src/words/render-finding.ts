import type { Completeness } from "../forms/completeness.ts";
import type { Form } from "../forms/form.ts";
import { misfitText } from "../forms/render-form.ts";
import { catalogueOf } from "./catalogues.ts";
import type { Language } from "./language.ts";
import { type Line, joined } from "./line.ts";
import { ageText } from "./moment.ts";
import { fill } from "./template.ts";
import { visibleLine } from "./visible.ts";

/** The completeness finding of a notification, before it is placed and after: whether it is complete, what is missing, what does not fit, and
 *  whether it came too late. `form`: undefined where none of that name is held. Source: docs/spec/forms.md §4. */
export function renderFinding(form: Form | undefined, { status, missing, wrong, late }: Completeness, language: Language): readonly Line[] {
  const { findings } = catalogueOf(language);
  return [
    { label: findings.finding, text: findings[status] },
    ...(missing.length === 0
      ? []
      : [
          {
            label: findings.missing,
            text: joined(
              missing.map((key) => fieldLabel(form, key, language)),
              language,
            ),
          },
        ]),
    ...wrong.map((value) => ({
      label: findings.misfit,
      text: joined([fieldLabel(form, value.key, language), misfitText(form, value, language)], language),
    })),
    ...(late === null ? [] : [{ label: findings.late, text: latenessText(late, language) }]),
  ];
}

/** The name of a field in the reader's language; one that the form does not have is shown by its key. */
export const fieldLabel = (form: Form | undefined, key: string, language: Language): string =>
  form?.fields.find((field) => field.key === key)?.label[language] ?? visibleLine(key);

/** How long before the start it was given, and how long the form asks for. */
export function latenessText({ givenS, leadTimeS }: NonNullable<Completeness["late"]>, language: Language): string {
  const { findings } = catalogueOf(language);
  const lead = ageText(0, leadTimeS, language);
  return givenS < 0 ? fill(findings.givenAfter, { lead }) : fill(findings.givenBefore, { given: ageText(0, givenS, language), lead });
}
