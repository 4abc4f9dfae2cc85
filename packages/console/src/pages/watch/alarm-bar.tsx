import type { DebtView } from "@openline/api";
import { ageText, parseTime } from "@openline/core";
import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import { Dtg, Written } from "../../frame/text.tsx";
import { PrecedenceGlyph } from "../../glyphs/precedence-glyph.tsx";
import { type Said, parseSaid, placeOf, textsOf } from "../../node/entry.ts";
import { useNow } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";

/** Characters of a text that stand in the bar; the whole text is one key away. */
const SHOWN_MAX = 200;

/** The most urgent message that waits for an officer here. It is there without taking focus from anything. */
export function AlarmBar({ debts }: { readonly debts: readonly DebtView[] }): ReactNode {
  const { say } = useSpeech();
  const ringing = debts.filter(({ rings, clock }) => rings !== null && clock === "acknowledgement");
  const [first] = ringing;
  if (first === undefined) return null;
  return (
    <section className="alarm" aria-label={say("alarm.title")}>
      <Alarm debt={first} />
      {ringing.length > 1 && <p>{say("alarm.more", { count: String(ringing.length - 1) })}</p>}
    </section>
  );
}

function Alarm({ debt }: { readonly debt: DebtView }): ReactNode {
  const { say, language, words } = useSpeech();
  const now = useNow();
  const said = parseSaid(debt.entry);
  const from = debt.due !== null && debt.overdue ? parseTime(debt.due) : parseTime(debt.since);
  const age = ageText(from, now, language);
  return (
    <>
      <p className="alarm-head">
        {said.precedence !== undefined && <PrecedenceGlyph precedence={said.precedence} />}
        <strong>{said.precedence === undefined ? "" : words.precedences[said.precedence]}</strong>
        <Dtg at={said.placed} />
        <strong className="clock">{debt.overdue ? say("alarm.overdue", { age }) : say("alarm.waits", { age })}</strong>
        <Link href={`/m/${placeOf(said)}`}>{said.kind === undefined ? said.kindText : words.kinds[said.kind]}</Link>
      </p>
      <FirstWords said={said} />
    </>
  );
}

function FirstWords({ said }: { readonly said: Said }): ReactNode {
  return (
    <div className="alarm-words">
      {textsOf(said.body?.["text"]).map(({ lang, text }) => (
        <Written key={lang ?? ""} lang={lang} text={text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text} />
      ))}
    </div>
  );
}
