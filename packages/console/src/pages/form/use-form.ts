import type { DraftSummary, LineSummary } from "@openline/api";
import {
  type Cbor,
  type Completeness,
  type Form,
  PRECEDENCES,
  type Precedence,
  completeness,
  formById,
  parseChannelNumber,
  parsePostId,
  parseUnixSeconds,
  readField,
} from "@openline/core";
import { useState } from "react";
import { useActing } from "../../acting/acting.tsx";
import type { Outcome } from "../../acting/outcome.ts";
import { useTyped } from "../../acting/typed.ts";
import { useLive, useNow } from "../../node/use-live.tsx";

export interface FormBeingWritten {
  /** Of those that the accord names, those whose fields this console knows. */
  readonly forms: readonly Form[];
  readonly form: Form | undefined;
  readonly choose: (id: string) => void;
  readonly channels: LineSummary["channels"];
  readonly channel: LineSummary["channels"][number] | undefined;
  readonly setChannel: (id: string) => void;
  readonly precedence: Precedence;
  readonly setPrecedence: (text: string) => void;
  /** What was typed for a field; items of a list stand on lines. */
  readonly typed: (key: string) => string;
  readonly type: (key: string, text: string) => void;
  /** The finding that both sides compute, as it would be if it were placed now. */
  readonly finding: Completeness;
  readonly last: Outcome | undefined;
  readonly recalled: (draft: DraftSummary) => Promise<void>;
  /** Undefined while it cannot be sent; that it is incomplete is no reason. */
  readonly send: (() => void) | undefined;
}

/** A notification that is being written. What was typed stays with this tab, each form for itself. */
export function useForm(line: LineSummary): FormBeingWritten {
  const { client } = useLive();
  const { key, say: saySigned, post } = useActing();
  const now = useNow();
  const held = line.parties.find(({ id }) => id === line.party)?.posts.find(({ id }) => id === post)?.channels ?? [];
  const channels = line.channels.filter(({ id }) => held.includes(id));
  const forms = line.forms.flatMap((id) => formById(id) ?? []);
  const chosen = useTyped(`form ${line.line}`);
  const form = forms.find(({ id }) => id === chosen.text) ?? forms[0];
  const kept = useTyped(`form ${line.line} ${form?.id ?? ""}`);
  const typed = kept.text === "" ? {} : parseTyped(JSON.parse(kept.text));
  const chosenChannel = useTyped(`form ${line.line} channel`);
  const channel = channels.find(({ id }) => id === chosenChannel.text) ?? channels[0];
  const chosenPrecedence = useTyped(`form ${line.line} precedence`);
  const precedence = PRECEDENCES.find((item) => item === chosenPrecedence.text) ?? "PRIORITY";
  const [last, setLast] = useState<Outcome>();
  const [sent, setSent] = useState("");
  const [sending, setSending] = useState(false);

  const fields = new Map<string, Cbor>();
  for (const item of form?.fields ?? []) {
    const value = readField(item.value, typed[item.key] ?? "");
    if (value !== undefined) fields.set(item.key, value);
  }
  const sendOn = async (number: number, id: string): Promise<void> => {
    setSending(true);
    const said = {
      kind: "notification" as const,
      channel: parseChannelNumber(number),
      precedence,
      from: parsePostId(post),
      facts: { form: id },
    };
    const found = await saySigned(said, { body: new Map([["fields", fields]]), recall: true });
    setSending(false);
    setLast(found);
    if (found === undefined || "code" in found) return;
    setSent(kept.text);
    kept.forget();
  };
  const recalled = async ({ draft, version }: DraftSummary): Promise<void> => {
    kept.set(sent);
    setLast(undefined);
    await client.withdrawDraft(line.line, draft, { version });
  };
  const may = "standing" in key && key.standing === "in-force" && fields.size > 0 && !sending;
  return {
    forms,
    form,
    choose: chosen.set,
    channels,
    channel,
    setChannel: chosenChannel.set,
    precedence,
    setPrecedence: chosenPrecedence.set,
    typed: (name) => typed[name] ?? "",
    type: (name, text) => kept.set(JSON.stringify({ ...typed, [name]: text })),
    finding: completeness(form, fields, { placedAt: parseUnixSeconds(now) }),
    last,
    recalled,
    send: may && channel !== undefined && form !== undefined ? () => void sendOn(channel.number, form.id) : undefined,
  };
}

/** This page wrote it. */
const parseTyped = (value: unknown): Readonly<Record<string, string>> => value as Readonly<Record<string, string>>;
