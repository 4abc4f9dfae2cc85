import { type Completeness, type Form, type FormFields, isEmpty, misfitText, renderValue, visible } from "@openline/core";
import type { ReactNode } from "react";
import { useSpeech } from "../../words/language.tsx";
import { FieldInput } from "./field-input.tsx";
import type { TypedFields } from "./typed-fields.ts";

interface FieldsProps {
  readonly form: Form;
  readonly writing: Pick<TypedFields, "typed" | "type" | "fields">;
  readonly finding: Completeness;
  /** What the fields say already, where something updates them. */
  readonly now?: FormFields;
}

/** Every field of a form, what is wrong with it beside it. */
export function FieldInputs({ form, writing, finding, now }: FieldsProps): ReactNode {
  const { language } = useSpeech();
  return (
    <div className="form-fields">
      {form.fields.map((field) => {
        const wrong = writing.fields.has(field.key) ? finding.wrong.find(({ key }) => key === field.key) : undefined;
        const said = now?.get(field.key);
        return (
          <FieldInput
            key={`${form.id} ${field.key}`}
            field={field}
            typed={writing.typed(field.key)}
            type={(text) => writing.type(field.key, text)}
            wrong={wrong === undefined ? undefined : misfitText(form, wrong, language)}
            updates={now !== undefined}
            now={said === undefined || isEmpty(said) ? undefined : visible(renderValue(field.value, said, language))}
          />
        );
      })}
    </div>
  );
}
