import type { Code, Field, FieldType } from "@openline/core";
import { type ReactNode, useId } from "react";
import { useSpeech } from "../../words/language.tsx";

interface FieldProps {
  readonly field: Field;
  readonly typed: string;
  readonly type: (text: string) => void;
  /** Why what is typed is not what the form says. */
  readonly wrong: string | undefined;
  /** What it says already, in words; undefined: nothing. */
  readonly now: string | undefined;
  /** What nothing is typed in stays as it is. */
  readonly updates: boolean;
}

/** One field of a form, as its type is best typed. What does not fit is marked, and kept. */
export function FieldInput({ field, typed, type, wrong, now, updates }: FieldProps): ReactNode {
  const { say, language } = useSpeech();
  const id = useId();
  const { label, value, requiredForSafety } = field;
  const codes = value.type === "list" && value.of.type === "code" ? value.of : undefined;
  const hint = hintOf(value);
  const parts = { now, hint, wrong };
  const described = (["now", "hint", "wrong"] as const).filter((part) => parts[part] !== undefined).map((part) => `${id}-${part}`);
  const shared = {
    id,
    "aria-describedby": described.length === 0 ? undefined : described.join(" "),
    "aria-invalid": wrong === undefined ? undefined : true,
  };
  const name = requiredForSafety ? say("form.safety", { field: label[language] }) : label[language];
  return (
    <div className="form-field">
      {codes === undefined ? (
        <>
          <label htmlFor={id}>{name}</label>
          <Input of={value} typed={typed} type={type} shared={shared} nothing={say(updates ? "form.asItIs" : "form.notSaid")} />
        </>
      ) : (
        <CodeChoices legend={name} of={codes} typed={typed} type={type} shared={shared} />
      )}
      {now !== undefined && (
        <p id={`${id}-now`} className="remark">
          {say("form.now", { value: now })}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="remark">
          {say(hint)}
        </p>
      )}
      {wrong !== undefined && (
        <p id={`${id}-wrong`} className="wrong">
          {say("form.wrong", { why: wrong })}
        </p>
      )}
    </div>
  );
}

interface InputProps {
  readonly of: FieldType;
  readonly typed: string;
  readonly type: (text: string) => void;
  readonly shared: {
    readonly id: string;
    readonly "aria-describedby": string | undefined;
    readonly "aria-invalid": boolean | undefined;
  };
  /** What stands for no choice. */
  readonly nothing: string;
}

function Input({ of, typed, type, shared, nothing }: InputProps): ReactNode {
  const { say } = useSpeech();
  if (of.type === "code") return <CodeChoice of={of} typed={typed} type={type} shared={shared} nothing={nothing} />;
  if (of.type === "boolean")
    return (
      <select {...shared} value={typed} onChange={(event) => type(event.target.value)}>
        <option value="">{nothing}</option>
        <option value="yes">{say("form.yes")}</option>
        <option value="no">{say("form.no")}</option>
      </select>
    );
  if (of.type === "area" || of.type === "list" || of.type === "text")
    return <textarea {...shared} rows={of.type === "text" ? 1 : 2} value={typed} onChange={(event) => type(event.target.value)} />;
  return <input {...shared} value={typed} dir="ltr" onChange={(event) => type(event.target.value)} />;
}

type CodeType = Extract<FieldType, { readonly type: "code" }>;

/** One of the codes; where the list is open, in own words beside it. */
function CodeChoice({ of, typed, type, shared, nothing }: Omit<InputProps, "of"> & { readonly of: CodeType }): ReactNode {
  const { say, language } = useSpeech();
  const known = of.codes.some(({ code }) => code === typed);
  return (
    <>
      <select {...shared} value={known ? typed : ""} onChange={(event) => type(event.target.value)}>
        <option value="">{nothing}</option>
        {of.codes.map(({ code, label }) => (
          <option key={code} value={code}>
            {label[language]}
          </option>
        ))}
      </select>
      {of.open && (
        <input
          aria-label={say("form.inWords")}
          placeholder={say("form.inWords")}
          value={known ? "" : typed}
          onChange={(event) => type(event.target.value)}
        />
      )}
    </>
  );
}

/** Any number of the codes, and further ones in own words, one on a line. */
function CodeChoices({
  legend,
  of,
  typed,
  type,
  shared,
}: Omit<InputProps, "of" | "nothing"> & { readonly of: CodeType; readonly legend: string }): ReactNode {
  const { say, language } = useSpeech();
  const lines = typed.split("\n").filter((line) => line !== "");
  const isKnown = (line: string): boolean => of.codes.some(({ code }) => code === line);
  const own = lines.filter((line) => !isKnown(line));
  const set = (codes: readonly string[], words: readonly string[]): void => type([...codes, ...words].join("\n"));
  const chosen = lines.filter(isKnown);
  const toggle = ({ code }: Code): void => set(chosen.includes(code) ? chosen.filter((item) => item !== code) : [...chosen, code], own);
  return (
    <fieldset aria-describedby={shared["aria-describedby"]}>
      <legend>{legend}</legend>
      <div className="fields">
        {of.codes.map((item) => (
          <label key={item.code}>
            <input type="checkbox" checked={chosen.includes(item.code)} onChange={() => toggle(item)} /> {item.label[language]}
          </label>
        ))}
      </div>
      {of.open && (
        <input
          aria-label={say("form.inWords")}
          placeholder={say("form.inWords")}
          value={own.join("; ")}
          onChange={(event) => set(chosen, event.target.value === "" ? [] : [event.target.value])}
        />
      )}
    </fieldset>
  );
}

/** How values of a type are typed, where it does not go without saying. */
function hintOf(type: FieldType) {
  switch (type.type) {
    case "time":
      return "form.hintTime";
    case "duration":
      return "form.hintDuration";
    case "position":
      return "form.hintPosition";
    case "area":
      return "form.hintArea";
    case "list":
      return type.of.type === "code" ? undefined : "form.hintList";
    case "text":
    case "code":
    case "number":
    case "integer":
    case "boolean":
      return undefined;
  }
}
