import { type Accord, type Language, type Line, type VerifySuite, openDisclosure, parseUnixSeconds, renderAct } from "@openline/core";
import type { OpenedEntry } from "./read-pack.ts";

/** What an act says, in every language of the report. */
export type ChosenWords = Readonly<Record<Language, readonly Line[]>>;

/** An entry as its readers see it: every fact its author signed, and the words where they are shown and are the ones committed to. Names are the
 *  accord's ids, which both sides signed. Null where the bytes are no entry. */
export function chosenWords(suite: VerifySuite, { terms, parties }: Accord, { entry, disclosure }: OpenedEntry): ChosenWords | null {
  if (entry === undefined) return null;
  const { header } = entry.act;
  const opened =
    disclosure === null || header.body === undefined
      ? undefined
      : openDisclosure({ suite, commitment: header.body, disclosure, kind: header.kind });
  const author = parties.find((party) => party.key === header.party);
  const act = {
    header,
    body: opened?.ok === true ? opened.value : undefined,
    placedAt: parseUnixSeconds(entry.placement.time),
    ...(author === undefined ? {} : { authorLanguage: author.file.language }),
    exercise: terms.mode === "exercise",
    partyName: (key: string) => parties.find((party) => party.key === key)?.id ?? key,
    channelName: (number: number) => terms.channels.find((channel) => channel.number === number)?.id ?? String(number),
  };
  return { en: renderAct(act, "en"), zh: renderAct(act, "zh") };
}
