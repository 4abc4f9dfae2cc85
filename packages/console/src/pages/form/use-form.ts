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

export interface FormBeingWritten extends Sending, Pick<TypedFields, "typed" | "type" | "fields" | "kept"> {
  /** Of those that the accord names, those whose fields this console knows. */
  readonly forms: readonly Form[];
  readonly form: Form | undefined;
  readonly chooseForm: (id: string) => void;
  readonly channels: LineSummary["channels"];
  readonly channel: LineSummary["channels"][number] | undefined;
  readonly setChannel: (id: string) => void;
  readonly precedence: Precedence;
  readonly setPrecedence: (text: string) => void;
  /** Which form was chosen, as it is kept. */
  readonly chosenForm: Typed;
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
  const channel = channels.find(({ id }) => id === typed.channel) ?? channels[0];
  const precedence = typed.precedence ?? "PRIORITY";
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
  const sending = useSending(typed, said);
  return {
    ...typed,
    ...sending,
    forms,
    form,
    chooseForm: chosen.set,
    channels,
    channel,
    setChannel: (id) => typed.choose({ channel: id }),
    precedence,
    setPrecedence: (text) => typed.choose({ precedence: PRECEDENCES.find((item) => item === text) }),
    chosenForm: chosen,
    finding: completeness(form, typed.fields, { placedAt: parseUnixSeconds(now) }),
  };
}

/** Channels for which a post of ours speaks. */
export const channelsOf = (line: LineSummary, post: string): readonly string[] =>
  line.parties.find(({ id }) => id === line.party)?.posts.find(({ id }) => id === post)?.channels ?? [];
