import { type Command, Option } from "commander";
import type { Body, Cbor, Facts, TimeWindow, UnixSeconds } from "@openline/core";
import { several, timeOption } from "../options.ts";
import type { Verb, WordOption } from "./verbs.ts";
import { type InLanguage, fieldOption, fieldsOf, qualityOption, shortOption, textOption, textsOf, windowOption } from "./word-options.ts";

/** What an act says, as it is put together from the options given. */
export interface Saying {
  readonly facts: { -readonly [K in keyof Facts]: Facts[K] };
  readonly body: Map<string, Cbor>;
  /** Language of texts that name none. */
  readonly own: string;
}

interface WordSpec {
  readonly option: () => Option;
  readonly put: (saying: Saying, given: unknown) => void;
}

/** One option and what it becomes. Commander hands back what `read` returned, and `true` for a flag. */
function word<T>(flags: string, about: string, read: ((text: string) => T) | "flag", put: (saying: Saying, value: T) => void): WordSpec {
  const option = (): Option => (read === "flag" ? new Option(flags, about) : new Option(flags, about).argParser(read));
  return { option, put: (saying, given) => put(saying, given as T) };
}

/** An option that may be given several times. */
function words<T>(flags: string, about: string, read: (text: string) => T, put: (saying: Saying, values: readonly T[]) => void): WordSpec {
  const option = (): Option => new Option(flags, about).argParser(several(read));
  return { option, put: (saying, given) => put(saying, given as readonly T[]) };
}

const time = (flags: string, about: string, fact: "replyBy" | "effective" | "review" | "saidAt"): WordSpec =>
  word<UnixSeconds>(flags, about, timeOption, ({ facts }, value) => void (facts[fact] = value));
const text = (flags: string, about: string, key: string): WordSpec =>
  words<InLanguage>(flags, about, textOption, ({ body, own }, given) => void body.set(key, textsOf(given, own)));
const list = (flags: string, about: string, key: string): WordSpec =>
  words<InLanguage>(flags, about, textOption, ({ body, own }, given) => {
    body.set(
      key,
      given.map((one) => textsOf([one], own)),
    );
  });
const short = (flags: string, about: string, key: string): WordSpec =>
  word<string>(flags, about, shortOption, ({ body }, value) => void body.set(key, value));

/** What each option of a verb becomes in the act. Texts may be given once for each language, as `zh=…`. */
const WORDS: Readonly<Record<WordOption, WordSpec>> = {
  subject: text("--subject <text>", "what it is about", "subject"),
  reason: text("--reason <text>", "why", "reason"),
  ground: text("--ground <text>", "on which ground", "ground"),
  condition: list("--condition <text>", "what would end it; once for each condition", "conditions"),
  duties: text("--duties <text>", "duties that stay", "duties"),
  until: time("--until <time>", "when the reply follows", "replyBy"),
  effective: time("--effective <time>", "from when it counts, if later than held", "effective"),
  review: time("--review <time>", "when it will be looked at again", "review"),
  at: time("--at <time>", "when it happened", "saidAt"),
  scope: words<string>("--form <form>", "only this form; once for each (default: the whole channel)", shortOption, ({ facts }, forms) => {
    facts.scope = forms;
  }),
  window: words<TimeWindow>("--window <from/to>", "a time offered; once for each", windowOption, ({ facts }, windows) => {
    facts.windows = windows;
  }),
  "wants-answer": word<boolean>("--wants-answer", "an answer is wanted", "flag", ({ facts }) => void (facts.wantsAnswer = true)),
  term: short("--term <word>", "the word in question", "term"),
  quality: word<number>("--quality <1-5>", "how well it was received", qualityOption, ({ body }, value) => void body.set("quality", value)),
  "text-id": short("--text-id <id>", "which text of the bank was sent", "textId"),
  "read-back": short("--read-back <text>", "what was received", "readBack"),
  outcome: word<string>("--outcome <word>", "how it ended", shortOption, ({ facts }, value) => void (facts.outcome = value)),
  way: short("--way <text>", "which way: note verbale, attaché, fax, voice, radio", "way"),
  place: short("--place <text>", "where", "place"),
  post: short("--post <text>", "which post of the other side", "post"),
  agenda: list("--agenda <text>", "an item of the agenda; once for each", "agenda"),
  participant: list("--participant <text>", "who takes part; once for each", "participants"),
  form: word<string>("--form <form>", "id of the form", shortOption, ({ facts }, value) => void (facts.form = value)),
  field: words<readonly [string, string]>(
    "--field <key=value>",
    "a field of the form, once for each; the same key again: a further item of its list",
    fieldOption,
    ({ facts, body }, given) => void body.set("fields", fieldsOf(facts.form, given)),
  ),
  certified: word<boolean>("--certified", "certified by the interpreter", "flag", ({ body }) => void body.set("certified", true)),
};

/** Adds a verb's own options to its command. */
export function addWordOptions(command: Command, { takes, needs }: Verb): void {
  for (const name of takes) {
    const option = WORDS[name].option();
    if (needs?.includes(name) === true) option.makeOptionMandatory();
    command.addOption(option);
  }
}

/** Puts what was given into the act. */
export function sayWords({ takes }: Verb, given: Readonly<Record<string, unknown>>, saying: Saying): void {
  for (const name of takes) {
    const { option, put } = WORDS[name];
    const value = given[option().attributeName()];
    if (value !== undefined) put(saying, value);
  }
}

export const bodyOf = ({ body }: Saying): Body | undefined => (body.size === 0 ? undefined : body);
