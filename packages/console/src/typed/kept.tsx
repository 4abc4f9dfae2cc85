import { type ReactNode, Suspense } from "react";
import { TwoTexts } from "../pages/later.ts";
import { useSpeech } from "../words/language.tsx";
import type { Say } from "../words/say.ts";
import type { KeptWhere, TypedView } from "./typed-view.ts";
import type { Typed } from "./use-typed.tsx";

export interface KeptField {
  readonly typed: Typed;
  /** What people call it. */
  readonly label: string;
  /** As people read it, where it is kept in another shape. */
  readonly shown?: (text: string) => string;
}

/** Where what is typed into these fields is kept, the worst of them; and of each that has another text at the node, both. */
export function Kept({ fields }: { readonly fields: readonly KeptField[] }): ReactNode {
  const { say } = useSpeech();
  const worst = worstOf(fields.map(({ typed }) => typed));
  return (
    <>
      <Suspense fallback={null}>
        {fields.map((field) => field.typed.other !== undefined && <TwoTexts key={field.label} {...field} />)}
      </Suspense>
      <p className={worst?.at === "nowhere" ? "kept lost" : "kept"}>
        <span role="status">{worst === undefined ? "" : wordOf(say, worst)}</span>
        {worst?.at === "node" && <span aria-live="off"> {worst.saved.slice(11)}</span>}
      </p>
    </>
  );
}

const wordOf = (say: Say, kept: KeptWhere): string =>
  kept.at === "refused" ? say("kept.refused", { code: kept.code }) : say(`kept.${kept.at}`);

function worstOf(views: readonly TypedView[]): KeptWhere | undefined {
  const all = views.flatMap(({ kept }) => (kept === undefined ? [] : [kept]));
  const latest = all.flatMap((kept) => (kept.at === "node" ? [kept] : [])).toSorted((a, b) => (a.saved < b.saved ? 1 : -1))[0];
  return all.find(({ at }) => at === "nowhere") ?? all.find(({ at }) => at === "refused") ?? all.find(({ at }) => at === "here") ?? latest;
}
