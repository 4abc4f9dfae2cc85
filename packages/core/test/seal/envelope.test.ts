import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Encapsulation,
  decapsulate,
  equalBytes,
  fromHex,
  markOf,
  markOfKey,
  openEnvelope,
  parseEnvelope,
  parseLeafHash,
  parseLineId,
  parsePartyKey,
  toHex,
} from "@openline/core";
import { nativeSuite } from "@openline/node";

interface End {
  readonly seed: string;
  readonly psk: string | null;
  readonly line: string;
  readonly from: string;
  readonly to: string;
  readonly prekey: string | null;
}
interface Case {
  readonly comment: string;
  readonly input: { readonly receiver: End; readonly after: string | null; readonly envelope: string };
  readonly expect: { readonly frame: string; readonly heard: readonly string[] } | { readonly refusal: string };
}
const { cases } = JSON.parse(readFileSync(new URL("../../../../vectors/sealing/envelopes.json", import.meta.url), "utf8")) as {
  cases: readonly Case[];
};

/** A receiver that has one key, and remembers the encapsulations that it has opened. */
class Receiver {
  readonly #end: End;
  #known: Encapsulation | undefined;
  constructor(end: End) {
    this.#end = end;
  }
  open(bytes: Uint8Array): Case["expect"] {
    const suite = nativeSuite;
    const read = parseEnvelope(bytes);
    if (!read.ok) return { refusal: read.refusal.code };
    const { id, mark, enc } = read.value;
    const seed = fromHex(this.#end.seed);
    const { line, from, to, prekey, psk } = this.#end;
    const context = {
      line: parseLineId(line),
      from: parsePartyKey(from),
      to: parsePartyKey(to),
      prekey: prekey === null ? null : parseLeafHash(prekey),
    };
    const known = this.#known !== undefined && equalBytes(markOf(this.#known.exporter, id), mark) ? this.#known : undefined;
    const begun =
      enc !== undefined && equalBytes(markOfKey(suite, suite.xwingPublic(seed), id), mark)
        ? decapsulate(suite, { seed, enc, context, psk: psk === null ? null : fromHex(psk) })
        : undefined;
    const encapsulation = enc === undefined ? known : begun;
    const opened = encapsulation === undefined ? undefined : openEnvelope(suite, encapsulation.exporter, read.value);
    if (opened === undefined) return { refusal: "unopened" };
    this.#known = encapsulation;
    return { frame: toHex(opened.frame), heard: opened.heard };
  }
}

describe("vectors/sealing/envelopes.json", () => {
  test.each(cases.map((item) => [item.comment, item] as const))("%s", (_, { input, expect: expected }) => {
    const receiver = new Receiver(input.receiver);
    if (input.after !== null) expect(receiver.open(fromHex(input.after))).toHaveProperty("frame");
    expect(receiver.open(fromHex(input.envelope))).toEqual(expected);
  });

  test("has at least as many cases that do not open", () => {
    const closed = cases.filter((item) => "refusal" in item.expect).length;
    expect(closed).toBeGreaterThanOrEqual(cases.length - closed);
  });
});
