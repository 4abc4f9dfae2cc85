import { BODY_WORDS, type BodyWord } from "@openline/core";
import { type ReactNode, Suspense, lazy } from "react";
import { Written } from "../../frame/text.tsx";
import { type Said, textsOf } from "../../node/entry.ts";
import { useSpeech } from "../../words/language.tsx";

const FormLines = lazy(async () => ({ default: (await import("../form/form-lines.tsx")).FormLines }));

/** Every text it carries, in every language it has, side by side. */
export function MessageBody({ said, heading: Heading }: { readonly said: Said; readonly heading: "h2" | "h3" }): ReactNode {
  const { say } = useSpeech();
  return (
    <section>
      <Heading>{say("message.original")}</Heading>
      {wordsIn(said).length === 0 && Object.keys(said.fields).length === 0 && (
        <p>{said.withheld ? say("message.withheld") : say("message.noWords")}</p>
      )}
      <BodyTexts said={said} />
      {Object.keys(said.fields).length > 0 && (
        <Suspense fallback={<p role="status">{say("watch.loading")}</p>}>
          <FormLines said={said} />
        </Suspense>
      )}
    </section>
  );
}

const wordsIn = (said: Said) =>
  BODY_WORDS.filter((word) => word !== "fields")
    .map((word) => ({ word, texts: textsOf(said.body?.[word]) }))
    .filter(({ texts }) => texts.length > 0);

/** Its words, each under its name. */
export function BodyTexts({ said }: { readonly said: Said }): ReactNode {
  const { words } = useSpeech();
  return (
    <dl className="body">
      {wordsIn(said).map(({ word, texts }) => (
        <BodyWordTexts key={word} label={words.bodyWords[word]} word={word} texts={texts} />
      ))}
    </dl>
  );
}

interface Texts {
  readonly label: string;
  readonly word: BodyWord;
  readonly texts: ReturnType<typeof textsOf>;
}

function BodyWordTexts({ label, word, texts }: Texts): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={word === "text" ? "columns" : ""}>
        {texts.map(({ lang, text }) => (
          <Written key={lang ?? ""} lang={lang} text={text} />
        ))}
      </dd>
    </div>
  );
}
