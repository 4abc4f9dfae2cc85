import type { DebtView } from "@openline/api";
import { ageText, formById, joined, parseTime, renderForm } from "@openline/core";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Button, Link } from "react-aria-components";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { CallPanel } from "../../acting/call-panel.tsx";
import { replyTo } from "../../acting/reply.ts";
import { Told } from "../../acting/told.tsx";
import { go } from "../../frame/address.tsx";
import { Dtg, Written, cut } from "../../frame/text.tsx";
import { PrecedenceGlyph } from "../../glyphs/precedence-glyph.tsx";
import { useSettled } from "../../keys/settled.ts";
import { useKeys } from "../../keys/use-keys.tsx";
import { type Said, parseSaid, placeOf, textsOf } from "../../node/entry.ts";
import { useNow, useShown } from "../../node/use-live.tsx";
import type { Ringing } from "../../sound/sound.ts";
import { useRinging } from "../../sound/use-sound.tsx";
import { useSpeech } from "../../words/language.tsx";
import { partyName } from "../channel/reason.tsx";
import { useChannelName } from "../channel/use-channel-name.ts";
import { cborFields } from "../form/cbor-fields.ts";

/** Characters of a text that stand in the bar, in a few lines; the whole text is one key away. */
const SHOWN_MAX = 200;

/** The most urgent message that waits for an officer here, on every screen, and below it what the others are late with. It is there
 *  without taking focus from anything, and below everything, so that nothing moves when it comes. */
export function AlarmBar(): ReactNode {
  const { say, language } = useSpeech();
  const { debts, line } = useShown();
  const place = useRoom();
  const ringing = (debts?.debts ?? []).filter(({ rings, clock }) => rings !== null && clock === "acknowledgement");
  const calls = (debts?.debts ?? []).filter(({ rings, clock }) => rings === "arrived" && clock === "call-request");
  // What another party owes never stands where ours does: nobody acknowledges its own words.
  const ours = ringing.filter(({ by }) => by === line?.party);
  const theirs = ringing.filter(({ by }) => by !== line?.party);
  const [first] = ours;
  const [late] = theirs;
  const { acknowledge, told } = useAcknowledge(first);
  const shown = first ?? late;
  useKeys({ acknowledge, openAlarm: shown === undefined ? undefined : () => go(`/m/${placeOf(shown.entry)}`) });
  useRinging([...ringing, ...calls].map(ringOf));
  return (
    <div className="alarm-place" ref={place}>
      <CallPanel />
      <Told outcome={told?.outcome} done={say("act.acknowledged", { place: told?.place ?? "" })} />
      {first !== undefined && (
        <section className="alarm" aria-label={say("alarm.title")}>
          <AlarmLine debt={first} />
          <FirstWords said={parseSaid(first.entry)} />
          {acknowledge !== undefined && <Button onPress={acknowledge}>{say("alarm.acknowledge")}</Button>}
          <More than={ours} />
        </section>
      )}
      {late !== undefined && line !== undefined && (
        <section className="theirs" aria-label={say("alarm.theirsTitle")}>
          <AlarmLine debt={late} owedBy={partyName(line, late.by, language)} />
          <More than={theirs} />
        </section>
      )}
    </div>
  );
}

function More({ than }: { readonly than: readonly DebtView[] }): ReactNode {
  const { say } = useSpeech();
  return than.length > 1 && <p>{say("alarm.more", { count: String(than.length - 1) })}</p>;
}

/** The page keeps as much room free as the bar is high: what has the focus, and the end of a page, are never under it. */
function useRoom(): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty("--bar", `${current.offsetHeight}px`));
    observer.observe(current);
    return () => {
      observer.disconnect();
      style.removeProperty("--bar");
    };
  }, []);
  return place;
}

/** What has come and what is late sound each for itself. */
const ringOf = ({ entry, rings }: DebtView): Ringing => ({
  id: `${rings}/${entry.leaf}`,
  precedence: parseSaid(entry).precedence ?? "ROUTINE",
});

/** `told`: of which entry, since another one may stand in the bar by then. */
function useAcknowledge(debt: DebtView | undefined): {
  readonly acknowledge: (() => void) | undefined;
  readonly told: { readonly outcome: Outcome; readonly place: string } | undefined;
} {
  const { line } = useShown();
  const { key, say: saySigned, post } = useActing();
  const [told, setTold] = useState<{ readonly outcome: Outcome; readonly place: string }>();
  const leaf = debt?.entry.leaf ?? "";
  const settled = useSettled(leaf);
  const may = "standing" in key && key.standing === "in-force";
  if (debt === undefined || line === undefined || !may) return { acknowledge: undefined, told };
  const acknowledge = (): void => {
    if (!settled()) return;
    const said = replyTo(line, parseSaid(debt.entry), { kind: "acknowledge", post });
    const place = placeOf(debt.entry);
    void saySigned(said, { once: `acknowledge ${leaf}` }).then((outcome) => outcome !== undefined && setTold({ outcome, place }));
  };
  return { acknowledge, told };
}

/** What waits, since when, and the way to it. `owedBy`: of another party, which stands before everything else. */
function AlarmLine({ debt, owedBy }: { readonly debt: DebtView; readonly owedBy?: string }): ReactNode {
  const { say, language, words } = useSpeech();
  const now = useNow();
  const said = parseSaid(debt.entry);
  const channel = useChannelName(said.channel);
  const from = debt.due !== null && debt.overdue ? parseTime(debt.due) : parseTime(debt.since);
  const age = ageText(from, now, language);
  return (
    <p className="alarm-head">
      {owedBy !== undefined && <span>{say("alarm.theirs", { party: owedBy })}</span>}
      {said.precedence !== undefined && <PrecedenceGlyph precedence={said.precedence} />}
      <strong>{said.precedence === undefined ? "" : words.precedences[said.precedence]}</strong>
      <Dtg at={said.placed} />
      <strong className="clock">{debt.overdue ? say("alarm.overdue", { age }) : say("alarm.waits", { age })}</strong>
      {channel !== undefined && <span lang={channel.lang}>{channel.text}</span>}
      <Link href={`/m/${placeOf(said)}`}>{said.kind === undefined ? said.kindText : words.kinds[said.kind]}</Link>
    </p>
  );
}

/** What it says, or of a form what it is and its first fields. */
function FirstWords({ said }: { readonly said: Said }): ReactNode {
  const { language } = useSpeech();
  const form = said.form === null ? undefined : formById(said.form);
  const fields = renderForm(form, cborFields(said.fieldsNow), language);
  const ofForm = joined([...(form === undefined ? [] : [form.title[language]]), ...fields], language);
  return (
    <div className="alarm-words">
      {textsOf(said.body?.["text"]).map(({ lang, text }) => (
        <Written key={lang ?? ""} lang={lang} text={cut(text.trimStart(), SHOWN_MAX)} />
      ))}
      {ofForm !== "" && <Written lang={undefined} text={cut(ofForm, SHOWN_MAX)} />}
    </div>
  );
}
