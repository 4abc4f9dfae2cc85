import type { Draft, LineSummary } from "@openline/api";
import { type Language, type Line, decodeHeader, openDisclosure, readBackCode, refusable, renderAct, toHex } from "@openline/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { fromText } from "../../node/bytes.ts";

/** A draft as whoever releases it reads it: rendered here from the bytes that are signed, whatever the node says of them. */
export interface Reading {
  readonly payload: Uint8Array;
  /** Id of the form of a notification. */
  readonly form: string | undefined;
  readonly digest: string;
  readonly readBackCode: string;
  readonly lines: readonly Line[];
}

/** Undefined where the bytes are no act, or their words are not those that were committed to. */
export function readingOf(draft: Draft, line: LineSummary, language: Language): Reading | undefined {
  const payload = fromText(draft.shown.payload);
  const read = refusable(() => decodeHeader(payload));
  if (!read.ok) return undefined;
  const header = read.value;
  const opened = header.body === undefined ? undefined : bodyOf(draft, header.body);
  if (opened !== undefined && !opened.ok) return undefined;
  const authorLanguage = line.parties.find(({ id }) => id === line.party)?.language;
  const lines = renderAct(
    {
      header,
      body: opened?.value,
      ...(authorLanguage === undefined ? {} : { authorLanguage }),
      exercise: line.mode === "exercise",
      partyName: () => line.party,
      channelName: (number) => line.channels.find((channel) => channel.number === number)?.id ?? String(number),
    },
    language,
  );
  return { payload, form: header.facts.form, digest: toHex(sha256(payload)), readBackCode: readBackCode({ sha256 }, payload), lines };
}

const bodyOf = ({ shown }: Draft, commitment: Parameters<typeof openDisclosure>[0]["commitment"]) =>
  openDisclosure({ suite: { sha256 }, commitment, disclosure: fromText(shown.disclosure ?? ""), kind: undefined });
