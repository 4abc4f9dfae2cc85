import {
  type Header,
  type Refusal,
  type Result,
  KINDS,
  checkWords,
  decodeHeader,
  limits,
  ok,
  openDisclosure,
  refusable,
  refuse,
  unfitFacts,
} from "@openline/core";
import type { NodeOptions } from "../node-options.ts";
import type { Content } from "./draft-place.ts";

/** What can be kept as a draft: an act of a post of ours on this line, with its words, both readable. It need not be fit to be signed. */
export function readContent({ suite, accord, party }: NodeOptions, { payload, disclosure }: Content): Result<Header> {
  if (payload.length > limits.entryBytesMax) return refuse("oversized", `header of ${payload.length} bytes`);
  const read = refusable(() => decodeHeader(payload));
  if (!read.ok) return read;
  const { line, party: author, kind, body } = read.value;
  if (line !== accord.line) return refuse("wrong-line", `made for line ${line}`);
  if (author !== party.key) return refuse("wrong-party", `made for party ${author}`);
  if (kind === undefined) return refuse("unknown-kind", "this node does not know the kind");
  if (KINDS[kind].by !== "post") return refuse("not-authorised", `no post signs ${kind}`);
  if (body === undefined) return disclosure === undefined ? read : refuse("wrong-disclosure", "the act has no body");
  if (disclosure === undefined) return refuse("missing-disclosure", "a draft comes with its words");
  const opened = openDisclosure({ suite, commitment: body, disclosure, kind: undefined });
  return opened.ok ? read : opened;
}

/** What keeps this version from being signed, as far as can be said before anybody has: its words, its facts, its time. */
export function problemIn({ suite }: NodeOptions, { payload, disclosure }: Content): Refusal | undefined {
  const checked = refusable(() => {
    const { kind, facts, body } = decodeHeader(payload);
    if (kind === undefined) return undefined;
    const unfit = unfitFacts(kind, facts);
    if (unfit !== undefined) return refuse("bad-facts", unfit).refusal;
    if (body === undefined || disclosure === undefined) return undefined;
    const words = openDisclosure({ suite, commitment: body, disclosure, kind: undefined });
    if (!words.ok) return words.refusal;
    checkWords(kind, words.value);
    return undefined;
  });
  return checked.ok ? checked.value : checked.refusal;
}

/** A remark is read by people: plain text that hides nothing, as in a body. */
export function readRemark(text: string): Result<string> {
  const body = new Map([["text", new Map([["en", text]])]]);
  const read = refusable(() => checkWords("note", body));
  return read.ok ? ok(text) : read;
}
