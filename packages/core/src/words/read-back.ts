import { concatBytes, toHex } from "../encoding/bytes.ts";
import { domain } from "../entry/act.ts";
import type { Sha256 } from "../log/tree.ts";
import type { Language } from "./language.ts";

/** The read-back code of an act: six groups of five figures, `41720 93385 …`, that two people compare by voice or on paper.
 *  Figures only, so that it is the same in every language and script; the fifth of each group checks the other four and the
 *  group's place. It finds what was misheard or mixed up; proof is the signature. Source: docs/spec/read-back.md. */

const GROUPS = 6;
const FIGURES = 4;

/** `payload` is the header that the act's signatures cover; through its commitment the code speaks for the words as well. */
export function readBackCode(suite: Sha256, payload: Uint8Array): string {
  const digest = toHex(suite.sha256(concatBytes(domain("read-back"), payload)));
  const figures = (BigInt(`0x${digest}`) % 10n ** BigInt(GROUPS * FIGURES)).toString().padStart(GROUPS * FIGURES, "0");
  const groups = Array.from({ length: GROUPS }, (_, i) => {
    const group = figures.slice(i * FIGURES, (i + 1) * FIGURES);
    return group + String(checkFigure(group, i + 1));
  });
  return groups.join(" ");
}

/** A code as somebody heard or typed it. `groups` are the numbers, from 1, of those that cannot be right. */
export type ReadBackCheck =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly why: "not-figures" | "length" | "check"; readonly groups: readonly number[] };

/** Reads a code: ASCII or full-width figures; spaces, hyphens and line ends anywhere. */
export function checkReadBack(text: string): ReadBackCheck {
  const figures = text
    .replaceAll(/[ \u3000\t\r\n-]/g, "")
    .replaceAll(/[０-９]/g, (figure) => String.fromCharCode(figure.charCodeAt(0) - 0xfee0));
  if (!/^[0-9]*$/.test(figures)) return { ok: false, why: "not-figures", groups: [] };
  if (figures.length !== GROUPS * (FIGURES + 1)) return { ok: false, why: "length", groups: [] };
  const groups = Array.from({ length: GROUPS }, (_, i) => figures.slice(i * (FIGURES + 1), (i + 1) * (FIGURES + 1)));
  const wrong = groups.flatMap((group, i) => (checkFigure(group, i + 1) === 0 ? [] : [i + 1]));
  return wrong.length === 0 ? { ok: true, code: groups.join(" ") } : { ok: false, why: "check", groups: wrong };
}

const SPOKEN: Readonly<Record<Language, readonly string[]>> = {
  en: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "niner"],
  zh: ["洞", "幺", "两", "三", "四", "五", "六", "拐", "八", "勾"],
};

/** How a code is read out, one group to a text. */
export function spell(code: string, language: Language): readonly string[] {
  const words = SPOKEN[language];
  return code.split(" ").map((group) =>
    Array.from(group)
      .map((figure) => words[Number(figure)] ?? figure)
      .join(language === "zh" ? "" : " "),
  );
}

/** Damm's quasigroup of order 10: any one wrong figure, and any two neighbours exchanged, give another result. */
const DAMM: readonly string[] = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
];

/** Beginning with the group's number lets no group stand in another's place. 0 over a whole group: it can be right. */
function checkFigure(group: string, place: number): number {
  return Array.from(group).reduce((row, figure) => Number(DAMM[row]?.[Number(figure)]), place);
}
