import type { AccordView, AmendmentView } from "@openline/core";
import { visibleLine } from "@openline/core";
import type { FileChange } from "@openline/node/operate";

/** An accord in force, in words: which terms, what is being changed, whose turn it is and what to do. */
export function accordLines({ inForce, amendments }: AccordView, own: string, dir: string): readonly string[] {
  const changed = inForce.some(({ entry, file }) => entry !== null || file !== null);
  const open = amendments.filter(({ next }) => next !== null);
  return [
    ...(changed ? ["", "Terms in force:", ...inForce.map(inForceLine)] : []),
    ...open.flatMap((amendment) => ["", ...amendmentLines(amendment, own, dir)]),
  ];
}

const inForceLine = ({ party, terms, entry, since, file }: AccordView["inForce"][number]): string => {
  const from = entry === null ? "those of the ceremony" : `since ${since ?? ""} (${entry})`;
  return `  ${party}: ${terms.slice(0, 16)}, ${from}${file === null ? "" : `; its own party file by ${file}`}`;
};

function amendmentLines(amendment: AmendmentView, own: string, dir: string): readonly string[] {
  const { entry, by, placed, next, purpose } = amendment;
  const mine = next?.by.includes(own) === true;
  const others = (next?.by ?? []).filter((party) => party !== own).join(" and ");
  return [
    `${entry}: ${purpose === "terms" ? "terms" : "own party file"} proposed by ${by}, ${placed}`,
    ...(mine ? ["Your turn:", ...todo(amendment, dir).map((line) => `  ${line}`)] : []),
    ...(others === "" ? [] : [`Waiting for ${others}: ${awaited(amendment)}`]),
  ];
}

/** What our own people do next. */
function todo({ entry, next, here }: AmendmentView, dir: string): readonly string[] {
  const keys = "--directory-key A --directory-key B";
  switch (next?.step) {
    case "accept":
      if (!here) return ["its words have not come yet"];
      return [
        `openline accord show --dir ${dir} --changes    says what would be another than now`,
        `openline accord digest --dir ${dir} --entry ${entry}    shows 80 digits: the other side reads theirs aloud`,
        `openline accord accept --dir ${dir} --digits "WHAT THEY READ" ${keys}`,
      ];
    case "confirm":
      return [`openline accord confirm --dir ${dir} ${keys}`];
    case "take-back":
      return [
        "each side has accepted the other's terms, and only one can be confirmed. Agree whose; the other side takes its own back:",
        `openline accord propose --dir ${dir} --take-back ${keys}`,
      ];
    case "hold":
    case "in-force":
      return ["nothing by hand: the node does it as soon as it runs"];
    case undefined:
      return [];
  }
}

function awaited({ next }: AmendmentView): string {
  switch (next?.step) {
    case "accept":
      return "they compare the digits and accept";
    case "confirm":
      return "they confirm";
    case "take-back":
      return "one of the two takes its own back";
    case "hold":
      return "their node takes it";
    case "in-force":
      return "their node goes over by itself";
    case undefined:
      return "";
  }
}

/** Each place at which the terms would be others, on three lines. */
export function changeLines(changes: readonly FileChange[]): readonly string[] {
  if (changes.length === 0) return ["  nothing"];
  const side = (mark: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : [`    ${mark} ${visibleLine(text)}`];
  return changes.flatMap(({ path, before, after }) => [`  ${visibleLine(path)}`, ...side("-", before), ...side("+", after)]);
}
