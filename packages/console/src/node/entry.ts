import type { EntryShown } from "@openline/api";
import { KINDS, type KindName, PRECEDENCES, type Precedence } from "@openline/core";

/** Another entry that says something of one: its acknowledgement, its answer. */
export interface Reply {
  readonly log: string;
  readonly index: number;
  readonly kind: KindName | undefined;
  readonly placed: string;
  readonly by: string;
  readonly post: string | null;
}

/** A holding reply, and until when it promises an answer. */
export interface HoldingReply extends Reply {
  readonly replyBy: string;
}

/** An entry as a screen shows it. */
export interface Said {
  readonly log: string;
  readonly index: number;
  readonly leaf: string;
  readonly kind: KindName | undefined;
  /** What it is called where `kind` is of a later version. */
  readonly kindText: string;
  readonly party: string;
  readonly channel: string | null;
  readonly precedence: Precedence | undefined;
  readonly placed: string;
  readonly from: string | null;
  readonly refs: readonly string[];
  /** How a ring was answered, as its author says. */
  readonly outcome: string | null;
  /** Words of its body by name, each a text or texts by language; null: none, withheld or not held. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** The form of a notification, and its fields by key. */
  readonly form: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What both sides find of a notification; null: it is none. */
  readonly completeness: object | null;
  /** Of a notification: its fields with those of its updates over them, and the updates. */
  readonly fieldsNow: Readonly<Record<string, unknown>>;
  readonly updates: readonly Reply[];
  readonly withheld: boolean;
  readonly held: readonly { readonly by: string; readonly at: string }[];
  readonly acknowledgement: Reply | null;
  readonly holdingReply: HoldingReply | null;
  readonly answer: Reply | null;
  readonly refusal: string | null;
  readonly readBackCode: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** An entry is open at its end, as later versions add to it: what is not of the shape known here is as if it were not there. */
export function parseSaid(entry: EntryShown): Said {
  const fields: Fields = entry;
  return {
    log: entry.log,
    index: entry.index,
    leaf: entry.leaf,
    kind: kindOf(fields["kind"]),
    kindText: textOf(fields["kind"]) ?? "",
    party: textOf(fields["party"]) ?? "",
    channel: textOf(fields["channel"]) ?? null,
    precedence: PRECEDENCES.find((item) => item === fields["precedence"]),
    placed: entry.placed,
    from: textOf(fields["from"]) ?? null,
    refs: listOf(fields["refs"]).flatMap((ref) => textOf(ref) ?? []),
    outcome: textOf(fieldsOf(fields["facts"])?.["outcome"]) ?? null,
    body: fieldsOf(fields["body"]) ?? null,
    form: textOf(fieldsOf(fields["facts"])?.["form"]) ?? null,
    fields: fieldsOf(fieldsOf(fields["body"])?.["fields"]) ?? {},
    completeness: fieldsOf(fields["completeness"]) ?? null,
    fieldsNow: fieldsOf(fields["fieldsNow"]) ?? {},
    updates: listOf(fields["updates"]).flatMap((update) => replyOf(update) ?? []),
    withheld: fields["bodyWithheld"] === true,
    held: listOf(fields["held"]).flatMap(heldOf),
    acknowledgement: replyOf(fields["acknowledgement"]),
    holdingReply: holdingReplyOf(fields["holdingReply"]),
    answer: replyOf(fields["answer"]),
    refusal: textOf(fields["refusal"]) ?? null,
    readBackCode: textOf(fields["readBackCode"]) ?? "",
  };
}

/** Texts of a word by language; a plain text stands under no language. */
export function textsOf(word: unknown): readonly { readonly lang: string | undefined; readonly text: string }[] {
  if (typeof word === "string") return [{ lang: undefined, text: word }];
  return Object.entries(fieldsOf(word) ?? {}).flatMap(([lang, text]) => (typeof text === "string" ? [{ lang, text }] : []));
}

export const placeOf = ({ log, index }: { readonly log: string; readonly index: number }): string => `${log}:${index}`;

const fieldsOf = (value: unknown): Fields | undefined => (isFields(value) ? value : undefined);
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const isKind = (value: string): value is KindName => Object.hasOwn(KINDS, value);
const kindOf = (value: unknown): KindName | undefined => (typeof value === "string" && isKind(value) ? value : undefined);

function heldOf(value: unknown): readonly { readonly by: string; readonly at: string }[] {
  const fields = fieldsOf(value);
  const [by, at] = [textOf(fields?.["by"]), textOf(fields?.["at"])];
  return by === undefined || at === undefined ? [] : [{ by, at }];
}

function holdingReplyOf(value: unknown): HoldingReply | null {
  const [reply, replyBy] = [replyOf(value), textOf(fieldsOf(value)?.["replyBy"])];
  return reply === null || replyBy === undefined ? null : { ...reply, replyBy };
}

function replyOf(value: unknown): Reply | null {
  const fields = fieldsOf(value);
  const [log, placed, by] = [textOf(fields?.["log"]), textOf(fields?.["placed"]), textOf(fields?.["by"])];
  const index = fields?.["index"];
  if (log === undefined || placed === undefined || by === undefined || typeof index !== "number") return null;
  return { log, index, placed, by, kind: kindOf(fields?.["kind"]), post: textOf(fields?.["post"]) ?? null };
}
