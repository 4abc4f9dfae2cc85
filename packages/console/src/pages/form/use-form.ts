import type { LineSummary } from "@openline/api";
import {
  type Completeness,
  type Form,
  PRECEDENCES,
  type Precedence,
  completeness,
  formById,
  parseChannelNumber,
  parsePostId,
  parseUnixSeconds,
} from "@openline/core";
import { useActing } from "../../acting/acting.tsx";
import { useNow } from "../../node/use-live.tsx";
import { type Typed, useTyped } from "../../typed/use-typed.tsx";
import { type TypedFields, useTypedFields } from "./typed-fields.ts";
import { type Sending, useSending } from "./use-sending.ts";

export interface FormBeingWritten extends Sending, TypedFields {
  /** Of those that the accord names, those whose fields this console knows. */
  readonly forms: readonly Form[];
  readonly form: Form | undefined;
  readonly choose: (id: string) => void;
  readonly channels: LineSummary["channels"];
  readonly channel: LineSummary["channels"][number] | undefined;
  readonly setChannel: (id: string) => void;
  readonly precedence: Precedence;
  readonly setPrecedence: (text: string) => void;
  /** What was chosen of the three, as it is kept. */
  readonly chosen: { readonly form: Typed; readonly channel: Typed; readonly precedence: Typed };
  /** The finding that both sides compute, as it would be if it were placed now. */
  readonly finding: Completeness;
}

/** A notification that is being written, each form for itself. */
export function useForm(line: LineSummary): FormBeingWritten {
  const { post } = useActing();
  const now = useNow();
  const held = channelsOf(line, post);
  const channels = line.channels.filter(({ id }) => held.includes(id));
  const forms = line.forms.flatMap((id) => formById(id) ?? []);
  const chosen = useTyped("form");
  const form = forms.find(({ id }) => id === chosen.text) ?? forms[0];
  const typed = useTypedFields(`form ${form?.id ?? "none"}`, form);
  const chosenChannel = useTyped("form channel");
  const channel = channels.find(({ id }) => id === chosenChannel.text) ?? channels[0];
  const chosenPrecedence = useTyped("form precedence");
  const precedence = PRECEDENCES.find((item) => item === chosenPrecedence.text) ?? "PRIORITY";
  const said =
    channel === undefined || form === undefined
      ? undefined
      : {
          kind: "notification" as const,
          channel: parseChannelNumber(channel.number),
          precedence,
          from: parsePostId(post),
          facts: { form: form.id },
        };
  const sending = useSending(line, typed, said);
  return {
    ...typed,
    ...sending,
    forms,
    form,
    choose: chosen.set,
    channels,
    channel,
    setChannel: chosenChannel.set,
    precedence,
    setPrecedence: chosenPrecedence.set,
    chosen: { form: chosen, channel: chosenChannel, precedence: chosenPrecedence },
    finding: completeness(form, typed.fields, { placedAt: parseUnixSeconds(now) }),
  };
}

/** Channels for which a post of ours speaks. */
export const channelsOf = (line: LineSummary, post: string): readonly string[] =>
  line.parties.find(({ id }) => id === line.party)?.posts.find(({ id }) => id === post)?.channels ?? [];
