import { type Language, visibleLine } from "@openline/core";
import { type ReportSections, filled, packReportSections, recordReportSections } from "@openline/verify";
import type { CheckedFile } from "./checking.ts";
import type { Chosen } from "./chosen-files.ts";
import { element, svg } from "./elements.ts";
import { PAGE_WORDS, type PageWords } from "./words.ts";

/** What stands below the buttons: nothing yet, a check under way, or a report. */
export type Standing =
  | { readonly is: "nothing" }
  | { readonly is: "checking"; readonly name: string }
  | {
      readonly is: "refused";
      readonly why: Extract<Chosen, { readonly is: "not-one" | "too-long" | "not-readable" }>;
      readonly limit: number;
    }
  | { readonly is: "done"; readonly name: string; readonly found: CheckedFile };

export function standingView(standing: Standing, language: Language): readonly HTMLElement[] {
  const words = PAGE_WORDS[language];
  switch (standing.is) {
    case "nothing":
      return [element("p", { class: "dim" }, words.nothing)];
    case "checking":
      return [element("p", {}, filled(words.checking, { name: standing.name }))];
    case "refused":
      return [verdictView("bad", [refusedLine(standing, words)])];
    case "done":
      return doneView(standing.name, standing.found, language);
  }
}

function refusedLine({ why, limit }: Extract<Standing, { readonly is: "refused" }>, words: PageWords): string {
  switch (why.is) {
    case "not-one":
      return words.notOne;
    case "too-long":
      return filled(words.tooLong, { name: why.name, limit });
    case "not-readable":
      return filled(words.notReadable, { name: why.name });
  }
}

function doneView(name: string, found: CheckedFile, language: Language): readonly HTMLElement[] {
  const words = PAGE_WORDS[language];
  if (found.is === "stopped") return [verdictView("bad", [words.stopped])];
  const sections = found.is === "pack" ? packReportSections(found.report, language) : recordReportSections(found.report, language);
  return [
    verdictView(found.report.ok ? "good" : "bad", [...sections.verdict, visibleLine(name)]),
    ...section(words.notProven, sections.notProven),
    ...section(words.proven, sections.proven),
    ...section(words.found, foundLines(sections)),
  ];
}

const foundLines = ({ found, signatures }: ReportSections): readonly string[] => [...found, signatures];

function verdictView(mark: "good" | "bad", [first = "", ...more]: readonly string[]): HTMLElement {
  return element("div", { class: `verdict ${mark}` }, element("h2", {}, svg(mark), first), ...more.map((line) => element("p", {}, line)));
}

function section(heading: string, lines: readonly string[]): readonly HTMLElement[] {
  if (lines.length === 0) return [];
  return [element("h2", {}, heading), element("ul", {}, ...lines.map((line) => element("li", { dir: "auto" }, line)))];
}
