import { describe, expect, test } from "vitest";
import {
  ActIds,
  type ChannelState,
  type Language,
  type Placed,
  type Reason,
  LANGUAGES,
  READINGS,
  REASON_VERDICT,
  formatTime,
  parseChannelId,
  parseChannelNumber,
  parseLeafHash,
  parseLogIndex,
  parseTime,
  parseUnixSeconds,
  renderChannel,
  renderReading,
  renderReason,
  renderReasonView,
  renderText,
} from "../../src/index.ts";
import type { PrincipalOutcome, Principals } from "../../src/channel/principals.ts";
import type { ReasonCode } from "../../src/channel/verdict.ts";
import { PRINCIPAL_PARAMETERS } from "../../src/words/catalogue.ts";
import { headerOf } from "./samples.ts";

const since = parseTime("2022-08-05T12:00:00Z");
const at = parseTime("2023-09-28T12:00:00Z");

/** What `debtor.ts` and `state.ts` give with each code. */
const PARAMS: Readonly<Record<ReasonCode, readonly Reason["params"][]>> = {
  "not-yet": [
    { fromAt: at + 86_400, toAt: null },
    { fromAt: null, toAt: null },
  ],
  lapsed: [{ fromAt: since, toAt: since + 1 }],
  withdrawn: [{ fromAt: since, toAt: null }],
  cancelled: [{ reviewAt: null }, { reviewAt: at + 9 * 86_400 }],
  suspended: [{ reviewAt: null }, { reviewAt: at }],
  silent: [{ lastAt: null }, { lastAt: since }],
  "not-received": [{ precedence: "FLASH" }],
  "acknowledgement-overdue": [{ startAt: since, precedence: "FLASH", tries: 2, timesDisputed: true }],
  "answer-overdue": [{ startAt: since, precedence: "ROUTINE", tries: 1, timesDisputed: false }],
  "call-request-overdue": [{ startAt: since, precedence: "PRIORITY", tries: 3, timesDisputed: false }],
  "test-missed": [{ slotAt: since, missed: 4 }],
  "overdue-lapsed": ["acknowledgement", "answer", "call-request"].map((clock) => ({ clock, deadlineAt: since })),
  "no-proof": [
    { provenAt: null, window: 90 * 86_400 },
    { provenAt: since, window: 90 * 86_400 },
  ],
  proof: [{ provenAt: since, untilAt: since + 90 * 86_400 }],
};

const NOBODY: ReadonlySet<string> = new Set(["not-yet", "lapsed"]);
const reasonOf = (code: ReasonCode, params: Reason["params"]): Reason => ({
  code,
  by: NOBODY.has(code) ? undefined : 1,
  since,
  entry: undefined,
  params,
});
const CODES: readonly ReasonCode[] = Object.keys(REASON_VERDICT).map((code) => code as ReasonCode);
const contextOf = (language: Language): { language: Language; at: number; partyName: (party: number) => string } => ({
  language,
  at,
  partyName: (party) => (language === "zh" ? ["甲方", "乙方"] : ["A", "B"])[party] ?? "",
});

const placed: Placed = {
  log: {
    id: "0".repeat(16),
    party: 0,
    incarnation: 0,
    times: [],
    named: new Map(),
    notHeld: new Map(),
    listed: new Map(),
    ring: undefined,
    lastControl: null,
    origin: "",
    actIds: new ActIds(),
  } as unknown as Placed["log"],
  index: 0,
  leaf: parseLeafHash("0".repeat(64)),
  header: headerOf("call-request", { channel: parseChannelNumber(1) }),
  placement: { index: parseLogIndex(0), time: since, heads: [], ahead: [], control: null },
};
const OPEN = { value: "open", since: 0, act: undefined, acts: [], forms: new Map<string, Placed>() } as const;
const principalsOf = (outcome: PrincipalOutcome): Principals =>
  outcome === "none"
    ? { request: undefined, outcome, by: undefined, at: undefined, act: undefined }
    : { request: placed, outcome, by: 1, at: since + 3600, act: placed };

const NAMES: ReadonlySet<string> = new Set(CODES);
test("every reason code is tried", () => expect(new Set(Object.keys(PARAMS))).toEqual(NAMES));

describe.each(LANGUAGES)("%s", (language) => {
  test.each(CODES)("%s", (code) => {
    for (const params of PARAMS[code]) {
      const text = renderReason(reasonOf(code, params), contextOf(language));
      expect(text).toMatch(/[.。]$/);
      expect(text).not.toMatch(/undefined|NaN|null|\{/);
      if (!NOBODY.has(code)) expect(text).toContain(language === "zh" ? "乙方" : "B");
      if (language === "zh")
        expect(text.replaceAll(/\b\d{6}Z [A-Z]{3} \d{2}\b|\d{4}-\d\d-\d\dT[\d:]+Z|[RPOZ]级/g, "")).not.toMatch(/[A-Za-z]/);
    }
  });

  test.each(CODES)("%s, read from a view of it", (code) => {
    for (const params of PARAMS[code]) {
      const reason = reasonOf(code, params);
      const by = reason.by === undefined ? null : "b";
      const times = Object.entries(params).map(([key, value]) => [
        key,
        key.endsWith("At") && typeof value === "number" ? formatTime(parseUnixSeconds(value)) : value,
      ]);
      const view = { code, by, since: formatTime(since), params: { ...Object.fromEntries(times), principals: { outcome: "none" } } };
      const context = { ...contextOf(language), partyName: (id: string) => (id === "b" ? contextOf(language).partyName(1) : "") };
      expect(renderReasonView(view, context)).toBe(renderReason(reason, contextOf(language)));
      expect(renderReasonView({ ...view, code: "later" }, context)).toBeUndefined();
    }
  });

  test.each(Object.keys(PRINCIPAL_PARAMETERS))("principals: %s", (outcome) => {
    const text = renderReason(reasonOf("suspended", { reviewAt: null }), {
      ...contextOf(language),
      principals: principalsOf(outcome as PrincipalOutcome),
    });
    expect(text).not.toMatch(/undefined|\{/);
    expect(text.startsWith(renderReason(reasonOf("suspended", { reviewAt: null }), contextOf(language)))).toBe(true);
  });

  test.each(READINGS)("reading: %s", (reading) => {
    for (const result of ["supported", "contradicted", "not-decided"] as const)
      expect(renderReading({ reading, result, evidence: [placed] }, language).text).toContain("1");
  });
});

test("the longest silence of the archetype", () => {
  const reason = reasonOf("cancelled", { reviewAt: null });
  expect(renderReason(reason, contextOf("en"))).toBe("Suspended by B since 5 August 2022 (419 days); they call it cancelled.");
  expect(renderReason(reason, contextOf("zh"))).toBe("乙方自2022年8月5日起暂停（419天）；该方称之为取消安排。");
});

test("within a day a time is a date-time group and an age", () => {
  const reason = { ...reasonOf("answer-overdue", { precedence: "FLASH", tries: 1, timesDisputed: false }), since: at - 461 };
  expect(renderReason(reason, contextOf("en"))).toBe(
    "B owes an answer, overdue since 281152Z SEP 23 (00:07:41); precedence FLASH (Z), tries: 1; their node holds the request.",
  );
});

test("a channel in one block", () => {
  const reason = reasonOf("cancelled", { reviewAt: null });
  const state: ChannelState = {
    id: parseChannelId("thc"),
    at,
    verdict: "suspended",
    reasons: [reason],
    responsible: [1],
    debtors: [],
    basis: { value: "in-force", from: 0, to: null, withdrawal: undefined },
    standing: {
      value: "cancelled",
      by: [1],
      since,
      days: 419,
      parties: [OPEN, { ...OPEN, forms: new Map([["live-training-short-notice", placed]]) }],
    },
    reach: [],
    watch: { missed: new Map(), whileSuspended: 0, lastTest: undefined, overdue: [] },
    principals: principalsOf("declined"),
    closed: new Map([[0, at + 3600]]),
    evidence: [],
    ourAccount: false,
    restsOnUnsure: true,
  };
  const lines = renderChannel(state, {
    ...contextOf("en"),
    channelName: "Theatre commanders' talk",
    validUntil: parseUnixSeconds(at + 60),
  });
  expect(renderText(lines, "en")).toBe(
    [
      "Channel: Theatre commanders' talk (thc)",
      "State: (=) suspended",
      "Reason: Suspended by B since 5 August 2022 (419 days); they call it cancelled.",
      "Standing: cancelled until further notice; 051200Z AUG 22 (2022-08-05T12:00:00Z); 419 days",
      "Forms suspended: B; Live training at short notice (live-training-short-notice)",
      "Hours: A; closed by agreement until 281300Z SEP 23 (2023-09-28T13:00:00Z)",
      "Responsible: B",
      "Principals: Last principal request: by A, 5 August 2022; declined by B, 5 August 2022.",
      "As of: 281200Z SEP 23 (2023-09-28T12:00:00Z)",
      "Valid until: 281201Z SEP 23 (2023-09-28T12:01:00Z)",
      "Caution: This state rests on details not firmly sourced.",
    ].join("\n"),
  );
});
