import type { AccordView, AmendmentView } from "./accord-view.ts";
import { catalogueOf } from "./catalogues.ts";
import type { Language } from "./language.ts";
import { type Line, joined, remarked } from "./line.ts";
import { fill } from "./template.ts";
import { visibleLine } from "./visible.ts";

interface AccordContext {
  readonly language: Language;
  partyName(id: string): string;
}

/** What of an accord has changed since the ceremony and whose turn it is; nothing where nothing has changed and nothing is proposed. */
export function renderAccord(view: AccordView, context: AccordContext): readonly Line[] {
  const { labels } = catalogueOf(context.language);
  return [
    ...changedLines(view, context),
    ...view.amendments
      .filter(({ next }) => next !== null)
      .map((amendment) => ({ label: labels.amendment, text: renderAmendment(amendment, context) })),
  ];
}

/** A line for each terms in use: while one log has gone over and another has not, there are two. */
function changedLines({ inForce }: AccordView, context: AccordContext): readonly Line[] {
  const { labels, sentences } = catalogueOf(context.language);
  const changed = [...new Set(inForce.flatMap(({ terms, entry }) => (entry === null ? [] : [terms])))];
  return changed.map((terms) => {
    const users = inForce.filter((item) => item.terms === terms);
    const places = users.map(({ party, entry }) => remarked(nameOf(context, party), entry === null ? [] : [entry], context.language));
    return {
      label: labels.accord,
      text: fill(sentences.termsAmended, { terms: terms.slice(0, 16), places: joined(places, context.language) }),
    };
  });
}

/** One amendment: what is proposed, by whom, where, and what it waits for. */
export function renderAmendment({ purpose, by, entry, next }: AmendmentView, context: AccordContext): string {
  const { sentences, amendmentSteps } = catalogueOf(context.language);
  const names = (next?.by ?? []).map((id) => nameOf(context, id));
  const step = next === null ? "" : fill(amendmentSteps[next.step], { by: joined(names, context.language) });
  return fill(purpose === "terms" ? sentences.termsProposed : sentences.partyProposed, { party: nameOf(context, by), entry, step });
}

const nameOf = (context: AccordContext, id: string): string => visibleLine(context.partyName(id));
