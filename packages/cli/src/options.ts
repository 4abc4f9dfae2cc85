import { InvalidArgumentError } from "commander";
import { type Language, type UnixSeconds, LANGUAGES, parseDate, parseTime } from "@openline/core";
import { EXIT, Ended } from "./exit.ts";

/** A time on the command line: RFC 3339 in UTC, or a date, which is its 00:00Z. */
export function timeOption(text: string): UnixSeconds {
  try {
    return text.length === 10 ? parseDate(text) : parseTime(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : "a time such as 2023-09-28T12:00:00Z");
  }
}

export function languageOption(text: string): Language {
  const found = LANGUAGES.find((language) => language === text);
  if (found === undefined) throw new InvalidArgumentError(`one of ${LANGUAGES.join(", ")}`);
  return found;
}

/** `LOG/INDEX`: a party id, or `<party>@<incarnation>`, and a position. */
export function entryOption(text: string): { readonly log: string; readonly index: number } {
  const match = /^([a-z][a-z0-9-]{1,31}(?:@[0-9a-f]{16})?)\/(0|[1-9][0-9]{0,15})$/.exec(text);
  if (match?.[1] === undefined) throw new InvalidArgumentError("LOG/INDEX, such as usa/17");
  return { log: match[1], index: Number(match[2]) };
}

/** The 80 digits of an accord as somebody read them, in whatever groups; without the spaces. */
export function digitsOption(text: string): string {
  const digits = text.replaceAll(/\s/g, "");
  if (!/^\d{80}$/.test(digits))
    throw new Ended(EXIT.usage, `80 digits are needed, all sixteen groups, and these are ${digits.length} characters`);
  return digits;
}

/** `NUMBER`, or `NUMBER/VERSION`: a draft, and perhaps one of its versions. */
export function draftOption(text: string): { readonly number: number; readonly version: number | undefined } {
  const match = /^([1-9][0-9]{0,8})(?:\/([1-9][0-9]{0,8}))?$/.exec(text);
  if (match?.[1] === undefined) throw new InvalidArgumentError("a draft, such as 3, or a version of it, such as 3/2");
  return { number: Number(match[1]), version: match[2] === undefined ? undefined : Number(match[2]) };
}

/** A number from 1, such as that of a version. */
export function countOption(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError("a number from 1");
  return Number(text);
}

/** Collects an option that may be given several times. */
export const several =
  <T>(read: (text: string) => T) =>
  (text: string, before: readonly T[] | undefined): readonly T[] => [...(before ?? []), read(text)];

/** `host:port` to listen on, with brackets around an IPv6 address; port 0: any free one. */
export function addressOption(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]{1,253})):([0-9]{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) throw new InvalidArgumentError("host:port, such as 127.0.0.1:9464");
  return { host, port };
}
