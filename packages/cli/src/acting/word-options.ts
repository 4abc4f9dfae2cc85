import { readFileSync, statSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { EXIT, Ended } from "../exit.ts";
import { type Cbor, type UnixSeconds, formById, limits, parseTime, readField } from "@openline/core";

/** A text with the language it is in; without one it is in the author's own. */
export interface InLanguage {
  readonly language: string | undefined;
  readonly text: string;
}

/** `zh=…`, or a text in the author's own language. */
export function textOption(value: string): InLanguage {
  const match = /^([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)=([\s\S]*)$/.exec(value);
  return { language: match?.[1], text: (match?.[2] ?? value).normalize("NFC") };
}

/** `[zh=]FILE`: a text of a file. */
export function textFileOption(value: string): InLanguage {
  const { language, text: file } = textOption(value);
  try {
    // A pipe ends; a device such as /dev/zero does not.
    if (file !== "-" && statSync(file).isCharacterDevice()) throw new Error("a device");
    const text = readFileSync(file === "-" ? 0 : file, "utf8");
    return { language, text: text.replaceAll("\r\n", "\n").replace(/\n$/, "").normalize("NFC") };
  } catch {
    throw new InvalidArgumentError(`${file} cannot be read`);
  }
}

/** Texts by language, as a body carries them. The same language twice is refused. */
export function textsOf(given: readonly InLanguage[], own: string): Cbor {
  const texts = new Map<string, Cbor>();
  for (const { language, text } of given) {
    const tag = language ?? own;
    if (texts.has(tag)) throw new Ended(EXIT.usage, `a text in ${tag} is given twice`);
    texts.set(tag, text);
  }
  return texts;
}

/** `FROM/TO`, both RFC 3339. */
export function windowOption(value: string): { readonly from: UnixSeconds; readonly to: UnixSeconds } {
  const [from, to, more] = value.split("/");
  if (from === undefined || to === undefined || more !== undefined)
    throw new InvalidArgumentError("FROM/TO, both such as 2026-01-31T09:00:00Z");
  try {
    return { from: parseTime(from), to: parseTime(to) };
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : "two times");
  }
}

/** Quality of a test, 1 (unreadable) to 5. */
export function qualityOption(value: string): number {
  const quality = Number(value);
  if (!Number.isInteger(quality) || quality < 1 || quality > 5) throw new InvalidArgumentError("1 to 5");
  return quality;
}

/** A short text of the author's own, such as a way or a place. */
export function shortOption(value: string): string {
  if (Buffer.byteLength(value) > limits.shortTextBytesMax) throw new InvalidArgumentError(`longer than ${limits.shortTextBytesMax} bytes`);
  return value.normalize("NFC");
}

/** `KEY=VALUE`, the key in kebab-case. */
export function fieldOption(value: string): readonly [key: string, value: string] {
  const match = /^([a-z][a-z0-9-]{0,63})=([\s\S]*)$/.exec(value);
  if (match?.[1] === undefined) throw new InvalidArgumentError("KEY=VALUE, such as aircraft-count=12");
  return [match[1], match[2] ?? ""];
}

/** Fields as a notification carries them: each read as its form says, and as text where the form does not know it. */
export function fieldsOf(form: string | undefined, given: readonly (readonly [key: string, value: string])[]): Cbor {
  const types = new Map((form === undefined ? undefined : formById(form))?.fields.map(({ key, value }) => [key, value]));
  const fields = new Map<string, Cbor>();
  for (const key of new Set(given.map(([name]) => name))) {
    const typed = given.flatMap(([name, text]) => (name === key ? [text] : [])).join("\n");
    const value = readField(types.get(key) ?? { type: "text" }, typed);
    if (value !== undefined) fields.set(key, value);
  }
  return fields;
}
