import type { KindName } from "@openline/core";

/** What a verb of the command says: one kind of act, what it refers to, and which words and facts it takes. */
export interface Verb {
  /** `call request` is a command of the group `call`. */
  readonly name: string;
  readonly kind: KindName;
  readonly about: string;
  readonly ref: "none" | "optional" | "required";
  readonly takes: readonly WordOption[];
  /** Of those, what must be given. */
  readonly needs?: readonly WordOption[];
}

/** Options beside those of every verb; `acting/options.ts` says what each becomes. */
export type WordOption =
  | "subject"
  | "reason"
  | "ground"
  | "condition"
  | "duties"
  | "until"
  | "effective"
  | "review"
  | "scope"
  | "window"
  | "wants-answer"
  | "term"
  | "quality"
  | "text-id"
  | "read-back"
  | "outcome"
  | "way"
  | "place"
  | "at"
  | "post"
  | "agenda"
  | "participant"
  | "certified"
  | "form"
  | "field";

const verb = (name: string, kind: KindName, about: string, ref: Verb["ref"], takes: readonly WordOption[] = []): Verb => ({
  name,
  kind,
  about,
  ref,
  takes,
});
const TALKS = ["window", "place", "agenda", "participant", "reason"] as const;

/** Every acting verb. An act of a kind that none of them makes goes in by `openline act KIND --file`. */
export const VERBS: readonly Verb[] = [
  verb("send", "message", "send a message", "optional", ["subject", "wants-answer"]),
  {
    ...verb("notify", "notification", "send a notification by a form of the accord", "none", [
      "form",
      "field",
      "effective",
      "wants-answer",
    ]),
    needs: ["form"],
  },
  verb("acknowledge", "acknowledge", "say that an officer has seen it", "required"),
  verb("answer", "answer", "answer it", "required", ["subject", "wants-answer"]),
  { ...verb("holding-reply", "holding-reply", "received, reply follows, no position implied", "required", ["until"]), needs: ["until"] },
  verb("decline", "decline", "decline to answer, with a reason", "required", ["reason"]),
  verb("clarify", "clarify", "ask what a word means", "required", ["term"]),
  verb("clarification", "clarification", "say what a word means", "required"),
  verb("correct", "correction", "correct what was said; nothing is edited", "required", ["subject"]),
  verb("translate", "translation", "attach a translation", "required", ["certified"]),
  verb("withdraw-request", "withdraw-request", "withdraw one's own request", "required", ["reason"]),
  verb("test", "test", "test a channel", "none", ["text-id"]),
  verb("test-answer", "test-answer", "answer a test", "required", ["quality", "read-back"]),
  verb("suspend", "suspend", "suspend a channel, or forms on it", "none", [
    "ground",
    "condition",
    "duties",
    "scope",
    "effective",
    "review",
  ]),
  verb("resume", "resume", "end one's own suspension", "none", ["ground", "scope", "effective"]),
  verb("cancel", "cancel", "cancel all sessions until further notice", "none", ["ground", "condition", "duties", "effective", "review"]),
  verb("withdraw", "withdraw", "withdraw from a channel", "none", ["ground", "effective"]),
  verb("conditions-report", "conditions-report", "report on the conditions of a suspension", "required", ["outcome"]),
  verb("call request", "call-request", "ask for a call", "none", ["window", "reason"]),
  verb("call accept", "call-accept", "accept a call", "required", ["window"]),
  verb("call counter", "call-counter", "offer other times for a call", "required", ["window", "reason"]),
  verb("call decline", "call-decline", "decline a call, with a reason", "required", ["reason"]),
  verb("call answer", "ring-answer", "answer a ring", "required", ["outcome"]),
  verb("call record", "call-record", "enter that a call took place", "required", ["outcome", "participant"]),
  verb("talks propose", "talks-propose", "propose talks", "none", TALKS),
  verb("talks counter", "talks-counter", "offer other terms for talks", "required", TALKS),
  verb("talks accept", "talks-accept", "accept talks", "required", TALKS),
  verb("talks decline", "talks-decline", "decline talks", "required", TALKS),
  verb("talks postpone", "talks-postpone", "postpone talks", "required", TALKS),
  verb("talks cancel", "talks-cancel", "cancel one session", "required", TALKS),
  verb("talks held", "talks-held", "enter that talks took place", "optional", TALKS),
  verb("talks readout", "readout", "enter one's own account of talks", "optional", TALKS),
  verb("note", "note", "enter a note of one's own", "optional"),
  { ...verb("serve", "served", "enter that an entry was served another way", "required", ["way", "place", "at", "post"]), needs: ["way"] },
  verb("confirm-served", "confirm-served", "confirm what the other side says was served", "required"),
  verb("dispute-served", "dispute-served", "dispute what the other side says was served", "required", ["reason"]),
  {
    ...verb("observe", "observed", "enter what the other side did off this line", "optional", ["outcome", "way", "place", "at", "post"]),
    needs: ["way"],
  },
];
