import { describe, expect, test } from "vitest";
import { type ReasonView, type StateView, parseTime, renderShortReasons } from "../../src/index.ts";

const at = parseTime("2023-09-28T12:00:00Z");
const NONE: StateView["principals"] = { lastRequest: null, outcome: "none", by: null, at: null };
const reason = (code: string, by: string | null, params: Readonly<Record<string, unknown>> = {}): ReasonView => ({
  code,
  by,
  since: "2023-05-05",
  params,
});
const short = (
  verdict: string,
  reasons: readonly ReasonView[],
  { language = "en", principals = NONE }: { readonly language?: "en" | "zh"; readonly principals?: StateView["principals"] } = {},
): readonly string[] =>
  renderShortReasons(
    { verdict, reasons, principals },
    { language, at, partyName: (id) => id.toUpperCase(), laterWord: (code) => `later: ${code}` },
  );
const proven = (provenAt: string | null) => ({ provenAt, window: 90 * 86_400 });

describe("few lines that leave no party out", () => {
  test("where neither side is proven one sentence names both, with the last proof of each", () => {
    const neither = [reason("no-proof", "a", proven("2023-02-04T12:00:00Z")), reason("no-proof", "b", proven(null))];
    expect(short("unproven", neither)).toEqual([
      "Nothing refused, and nothing shows that a person would answer. Last proof: A, 236 days ago; B, none.",
    ]);
    expect(short("unproven", neither, { language: "zh" })).toEqual([
      "未见拒绝，但也无任何内容表明有人会答复。最近一次证明：A，236天前；B，没有。",
    ]);
  });

  test("where one side is unproven it alone is named", () => {
    const [text, more] = short("unproven", [reason("no-proof", "b", proven(null)), reason("proof", "a", proven("2023-09-27"))]);
    expect(text).toMatch(/^Nothing refused, and nothing shows that a person of B would answer; no proof since 5 May 2023/);
    expect(more).toBeUndefined();
  });

  test("an open channel says the last proof of both", () => {
    const proof = (by: string) => reason("proof", by, { ...proven("2023-09-28T11:00:00Z"), untilAt: "2023-12-27T11:00:00Z" });
    expect(short("open", [proof("a"), proof("b")])).toEqual(["Last proof: A, 01:00:00 ago; B, 01:00:00 ago."]);
  });

  test("of each party the first reason for the verdict, and none for another verdict", () => {
    const reasons = [
      reason("suspended", "a", { reviewAt: null }),
      reason("cancelled", "b", { reviewAt: null }),
      reason("no-proof", "a", proven(null)),
      reason("no-proof", "b", proven(null)),
    ];
    expect(short("suspended", reasons).map((text) => text.slice(0, 14))).toEqual(["Suspended by A", "Suspended by B"]);
    const late = (by: string) => reason("silent", by, { lastAt: null });
    expect(short("silent", [late("b"), late("b"), late("a")])).toHaveLength(2);
  });

  test("what became of the last principal request stands under every verdict", () => {
    const principals = { ...NONE, outcome: "declined", by: "b", at: "2023-02-05T00:00:00Z" };
    expect(short("unproven", [reason("no-proof", "b", proven(null))], { principals }).at(-1)).toBe(
      "Last call request between principals: declined, B, 5 February 2023.",
    );
    expect(short("open", [], { principals })).toEqual(["Last call request between principals: declined, B, 5 February 2023."]);
    expect(short("open", [])).toEqual([]);
  });

  test("what a later version says is told as such", () => {
    expect(short("doubtful", [reason("doubted", null)])).toEqual(["later: doubted"]);
    expect(short("unproven", [], { principals: { ...NONE, outcome: "postponed" } })).toEqual([]);
  });
});
