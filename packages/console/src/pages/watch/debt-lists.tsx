import type { DebtView, Debts } from "@openline/api";
import { PRECEDENCES, ageText, parseTime } from "@openline/core";
import type { ReactNode } from "react";
import { Button, Link } from "react-aria-components";
import { Dtg, nameIn } from "../../frame/text.tsx";
import { DebtGlyph } from "../../glyphs/debt-glyph.tsx";
import { PrecedenceGlyph } from "../../glyphs/precedence-glyph.tsx";
import { notKnownSince } from "../../frame/not-known.ts";
import { type Said, parseSaid, placeOf } from "../../node/entry.ts";
import { useNow, useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";
import { useChannelName } from "../channel/use-channel-name.ts";

interface Chosen {
  /** Place of the entry that is read beside the lists. */
  readonly chosen: string | undefined;
  readonly choose: (entry: DebtView["entry"]) => void;
}

/** What we owe and what they owe, in two lists. */
export function DebtLists(props: Chosen): ReactNode {
  const { say } = useSpeech();
  const { debts, line, link } = useShown();
  if (link === "lost") return <NotKnown />;
  if (debts === undefined || line === undefined) return <p role="status">{say("watch.loading")}</p>;
  const ours = debts.debts.filter(({ by }) => by === line.party);
  const theirs = debts.debts.filter(({ by }) => by !== line.party);
  return (
    <section className="panel debts" aria-label={say("watch.debts")}>
      {debts.debts.length === 0 && <p>{say("watch.nothingOwed")}</p>}
      <DebtList owedBy="us" debts={ours} {...props} />
      <DebtList owedBy="them" debts={theirs} {...props} />
      <UnheldList unheld={debts.unheld} {...props} />
      <WaitingList />
    </section>
  );
}

/** What we have said and their node does not hold yet: nobody owes anything for it. Nothing where it holds everything. */
function UnheldList({ unheld, chosen, choose }: Chosen & { readonly unheld: Debts["unheld"] }): ReactNode {
  const { say } = useSpeech();
  if (unheld.length === 0) return null;
  return (
    <>
      <h2>{say("watch.unheld", { count: String(unheld.length) })}</h2>
      <ul>
        {unheld.map((entry) => (
          <li key={entry.leaf}>
            <UnheldRow said={parseSaid(entry)} pressed={chosen === placeOf(entry)} press={() => choose(entry)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function UnheldRow({ said, pressed, press }: { readonly said: Said; readonly pressed: boolean; readonly press: () => void }): ReactNode {
  const { say, words, language } = useSpeech();
  const name = useChannelName(said.channel);
  const now = useNow();
  return (
    <Button className="debt-row" aria-pressed={pressed} onPress={press}>
      {said.precedence !== undefined && <PrecedenceGlyph precedence={said.precedence} />}
      <span className="what">
        <span>{said.precedence === undefined ? "" : words.precedences[said.precedence]}</span>
        <span>{said.kind === undefined ? said.kindText : words.kinds[said.kind]}</span>
        <span lang={name?.lang}>{name?.text}</span>
      </span>
      <span className="when">
        <Dtg at={said.placed} />
        <span>{say("debt.unheld", { age: ageText(parseTime(said.placed), now, language) })}</span>
      </span>
    </Button>
  );
}

/** What a second person of this party is to read and release; nothing where nothing waits. */
function WaitingList(): ReactNode {
  const { say, words, language } = useSpeech();
  const { waiting, line } = useShown();
  if (waiting.length === 0) return null;
  return (
    <>
      <h2>{say("watch.waiting", { count: String(waiting.length) })}</h2>
      <ul>
        {waiting.map(({ draft, precedence, channel, saved, state, refusal }) => (
          <li key={draft}>
            <Link className="debt-row" href={`/d/${draft}`}>
              <span className="what">
                <span>{PRECEDENCES.map((item) => (item === precedence ? words.precedences[item] : ""))}</span>
                <span>{say("draft.title", { draft: String(draft) })}</span>
                <span>{nameIn(line?.channels.find(({ id }) => id === channel)?.name ?? {}, language).text}</span>
                {state === "leaving" && <strong>{say("draft.leaving")}</strong>}
                {(state === "released" || refusal !== null) && <strong className="late">{say("draft.notPlaced")}</strong>}
              </span>
              <Dtg at={saved} />
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

/** That nothing was owed a moment ago says nothing of now. */
function NotKnown(): ReactNode {
  const { say } = useSpeech();
  const { heard } = useShown();
  return (
    <section className="panel debts" aria-label={say("watch.debts")}>
      <h2>{say("watch.debts")}</h2>
      <p>
        <strong>{notKnownSince(say, heard)}</strong>
      </p>
    </section>
  );
}

function DebtList({ owedBy, debts, ...rest }: Chosen & { readonly owedBy: "us" | "them"; readonly debts: readonly DebtView[] }): ReactNode {
  const { say } = useSpeech();
  const count = String(debts.length);
  return (
    <>
      <h2>
        <DebtGlyph owedBy={owedBy} />
        {owedBy === "us" ? say("watch.owedByUs", { count }) : say("watch.owedByThem", { count })}
      </h2>
      {debts.length === 0 ? (
        <p>{say("watch.none")}</p>
      ) : (
        <ul>
          {debts.map((debt) => (
            <li key={`${debt.clock} ${debt.by} ${debt.entry.leaf}`}>
              <DebtRow debt={debt} {...rest} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function DebtRow({ debt, chosen, choose }: Chosen & { readonly debt: DebtView }): ReactNode {
  const { say, words } = useSpeech();
  const said = parseSaid(debt.entry);
  const name = useChannelName(said.channel);
  return (
    <Button className="debt-row" aria-pressed={chosen === placeOf(said)} onPress={() => choose(debt.entry)}>
      {said.precedence !== undefined && <PrecedenceGlyph precedence={said.precedence} />}
      <span className="what">
        <span>{said.precedence === undefined ? "" : words.precedences[said.precedence]}</span>
        <span>{words.clocks[debt.clock]}</span>
        <span lang={name?.lang}>{name?.text}</span>
      </span>
      <span className="when">
        <Dtg at={said.placed} />
        {debt.pending === null ? <Left debt={debt} /> : <span>{say("debt.pending", { place: placeOf(debt.pending) })}</span>}
      </span>
    </Button>
  );
}

/** The time left, or how late it is, in words as well as in figures. */
function Left({ debt: { due } }: { readonly debt: DebtView }): ReactNode {
  const { say, language } = useSpeech();
  const now = useNow();
  if (due === null) return <span>{say("debt.noEnd")}</span>;
  const end = parseTime(due);
  if (now >= end) return <strong className="late">{say("debt.late", { age: ageText(end, now, language) })}</strong>;
  return <span>{say("debt.left", { left: ageText(now, end, language) })}</span>;
}
