import type { Draft, DraftSummary, LineSummary } from "@openline/api";
import { type Piece, changedLines } from "@openline/api/changed-lines";
import {
  type Body,
  type Completeness,
  type Header,
  type Language,
  type Line,
  decodeHeader,
  formById,
  openDisclosure,
  refusable,
  renderAct,
  renderFinding,
  renderText,
  visibleLine,
} from "@openline/core";
import { nativeSuite } from "@openline/node/operate";
import { EXIT, Ended, refused } from "../exit.ts";
import { bytesOf } from "./through-node.ts";

/** What is signed, read from the bytes themselves: whatever a node says of them is not believed. */
export interface Reading {
  readonly payload: Uint8Array;
  /** SHA-256 of the payload, hex. */
  readonly digest: string;
  readonly header: Header;
  /** Undefined: it says nothing beside its header. */
  readonly body: Body | undefined;
}

/** Throws `Ended` where the bytes are not what they are said to be. */
export function readingOf({ shown }: Draft): Reading {
  const payload = bytesOf(shown.payload);
  const header = orRefused(refusable(() => decodeHeader(payload)));
  const digest = Buffer.from(nativeSuite.sha256(payload)).toString("hex");
  if (header.body === undefined) return { payload, digest, header, body: undefined };
  if (shown.disclosure === null) throw new Ended(EXIT.refused, "refused: missing-disclosure: the words of this draft are not here");
  const disclosure = bytesOf(shown.disclosure);
  const body = openDisclosure({ suite: nativeSuite, commitment: header.body, disclosure, kind: undefined });
  return { payload, digest, header, body: orRefused(body) };
}

export function rendered({ header, body }: Reading, line: LineSummary, language: Language): readonly Line[] {
  const authorLanguage = line.parties.find(({ id }) => id === line.party)?.language;
  return renderAct(
    {
      header,
      body,
      ...(authorLanguage === undefined ? {} : { authorLanguage }),
      exercise: line.mode === "exercise",
      partyName: () => line.party,
      channelName: (number) => line.channels.find((channel) => channel.number === number)?.id ?? String(number),
    },
    language,
  );
}

/** What the other side will find of a form, once this is placed. It refuses nothing. */
export function found({ shown }: Draft, { header }: Reading, language: Language): readonly Line[] {
  const { form } = header.facts;
  if (shown.completeness === null) return [];
  return renderFinding(form === undefined ? undefined : formById(form), shown.completeness as Completeness, language);
}

const SIGNS = { new: "+", changed: "~", gone: "-" } as const;

/** What the later rendering says otherwise, one line each; within a changed line `[-gone-]`, `{+new+}`. */
export function differences(before: readonly Line[], after: readonly Line[], language: Language): readonly string[] {
  return changedLines(before, after, language).map(({ is, label, pieces }) => {
    const text = pieces.map((piece) => (is === "changed" ? marked(piece) : piece.text)).join("");
    return `${SIGNS[is]} ${renderText([{ label, text }], language)}`;
  });
}

const marked = ({ text, is }: Piece): string => (is === "new" ? `{+${text}+}` : is === "gone" ? `[-${text}-]` : text);

const STATES: Readonly<Record<DraftSummary["state"], string>> = {
  writing: "being written, signed by nobody",
  waiting: "signed by its author, WAITS FOR RELEASE",
  returned: "returned to its author",
  leaving: "LET GO OF, not placed yet",
  released: "RELEASED AND NOT PLACED",
  placed: "placed",
  withdrawn: "withdrawn",
};

/** A draft on one line. */
export function draftLine(draft: DraftSummary): string {
  const { signed, remark, placed, state, recallUntil, refusal } = draft;
  return [
    `draft ${draft.draft}/${draft.version}`,
    draft.state === "waiting" && !draft.twoPersons ? "signed by its author, not placed" : STATES[state],
    draft.precedence,
    draft.kind,
    draft.channel ?? "the line",
    ...(signed === null ? [] : [`author's key ${signed.kid} at ${signed.at}`]),
    ...(placed === null ? [`${draft.late ? "TOO LATE since" : "not after"} ${draft.notAfter}`] : [`as ${placed.log}/${placed.index}`]),
    ...(recallUntil === null ? [] : [`can be recalled until ${recallUntil}`]),
    ...(refusal === null ? [] : [`NOT PLACED: ${refusal.code}: ${visibleLine(refusal.detail)}`]),
    ...(state === "returned" && remark !== null ? [`"${visibleLine(remark.text)}"`] : []),
  ].join("  ");
}

/** What became of a draft that was let go of: where it stands, or until when it can be recalled and how. */
export function letGoLine(draft: DraftSummary, dir: string): string {
  const { placed, recallUntil } = draft;
  if (placed !== null) return `placed as ${placed.log}/${placed.index}, leaf ${placed.leaf}`;
  const recall = `openline draft recall ${draft.draft}/${draft.version} --dir ${visibleLine(dir)}`;
  return `it is placed after ${recallUntil ?? draft.notAfter}; until then: ${recall}`;
}

/** What whoever releases it must know of its channel: an act goes there all the same. */
export function cautions({ channelState, shown, late, notAfter }: Draft): readonly string[] {
  const out: string[] = [];
  if (late) out.push(`CAUTION: it is too late: its author does not stand by it after ${notAfter}; save it again, and sign it again`);
  if (shown.problem !== null) out.push(`CAUTION: it could not be placed: ${shown.problem.code}: ${shown.problem.detail}`);
  if (channelState === null) return out;
  const { id, standing, verdict } = channelState;
  if (verdict === "not-in-force") out.push(`CAUTION: channel ${id} is not in force: nothing but what ends or explains it is placed there`);
  for (const [party, ground] of Object.entries(standing.ground)) {
    const forms = standing.partial[party];
    const what = standing.by.includes(party) ? standing.value : `with ${forms?.join(", ") ?? "forms"} suspended`;
    out.push(
      `CAUTION: ${party} has channel ${id} ${what}${standing.since === null ? "" : ` since ${standing.since}`}. It is carried, held and shown there all the same; ` +
        "an answer is owed only when they have resumed it",
    );
    out.push(...saidBy("their ground", party, ground), ...saidBy("their conditions", party, standing.conditions[party]));
  }
  return out;
}

/** Texts by language, or a list of such. */
function saidBy(what: string, party: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => saidBy(what, party, item));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([language, text]: [string, unknown]) =>
    typeof text === "string" ? [`  ${party}, ${what} (${visibleLine(language)}): ${visibleLine(text)}`] : [],
  );
}

function orRefused<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Parameters<typeof refused>[0] },
): T {
  if (!result.ok) throw refused(result.refusal);
  return result.value;
}
