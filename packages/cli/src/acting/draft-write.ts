import type { DraftSummary, NodeClient } from "@openline/api";
import { type Body, type Said, type UnixSeconds, draftNotAfter, parseActId, prepareSaid, visibleLine } from "@openline/core";
import { EXIT, Ended } from "../exit.ts";
import type { draftOption } from "../options.ts";
import { base64, composingOf } from "./through-node.ts";

/** How a verb keeps a draft instead of placing an act. */
export interface DraftOptions {
  /** `true`: a new one; otherwise a new version, and the one that it was made from. */
  readonly draft?: true | ReturnType<typeof draftOption>;
  readonly notAfter?: UnixSeconds;
}

/** Keeps what a verb says as a draft, or as a new version of one. Nothing is signed. Throws `ApiProblem`, `Ended`. */
export async function keepDraft(
  client: NodeClient,
  line: string,
  act: { readonly said: Said; readonly body: Body | undefined; readonly options: DraftOptions },
): Promise<DraftSummary> {
  const made = await madeFrom(client, line, act.options.draft);
  const by = await composingOf(client, line);
  const said = { ...act.said, notAfter: act.options.notAfter ?? draftNotAfter(by), ...(made === undefined ? {} : { actId: made.actId }) };
  const { payload, disclosure } = prepareSaid(by, said, act.body);
  const content = { payload: base64(payload), ...(disclosure === undefined ? {} : { disclosure: base64(disclosure) }) };
  return made === undefined ? client.newDraft(line, content) : client.saveDraft(line, made.number, { base: made.version, ...content });
}

/** The version from which another is made; undefined: it is a new draft. */
async function madeFrom(client: NodeClient, line: string, draft: DraftOptions["draft"]) {
  if (draft === undefined || draft === true) return undefined;
  const { number, version } = draft;
  if (version === undefined)
    throw new Ended(
      EXIT.usage,
      `--draft ${number}/VERSION: the version that this is made from; openline draft show ${number} says which stands`,
    );
  return { number, version, actId: parseActId((await client.draft(line, number)).actId) };
}

export const keptLine = ({ draft, version }: DraftSummary, dir: string): string =>
  `kept as draft ${draft}/${version}; its author signs it with: openline draft sign ${draft}/${version} --dir ${visibleLine(dir)} --key FILE`;
