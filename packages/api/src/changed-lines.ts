import { type Language, type Line, catalogueOf } from "@openline/core";
import { diffWordsWithSpace } from "diff";

/** A piece of a line: in both versions, only in the earlier one, or only in the later one. */
export interface Piece {
  readonly text: string;
  readonly is: "both" | "gone" | "new";
}

/** One line of a rendering that says something else. `new` and `gone` lines have one piece each. */
export interface ChangedLine {
  readonly is: "changed" | "new" | "gone";
  readonly label: string;
  readonly lang: string | undefined;
  readonly pieces: readonly Piece[];
}

/** What the later rendering of an act says otherwise, line by line and within a line word by word: what is new or changed in the order of the
 *  later one, then what is gone. Lines are told apart by label, and by their number where several have one label. */
export function changedLines(before: readonly Line[], after: readonly Line[], language: Language): readonly ChangedLine[] {
  const [was, is] = [keyed(before), keyed(after)];
  const changed = [...is].flatMap(([key, line]): readonly ChangedLine[] => {
    const { label, lang, text } = line;
    const old = was.get(key);
    if (old === undefined) return [{ is: "new", label, lang, pieces: [{ text, is: "new" }] }];
    return old.text === text ? [] : [{ is: "changed", label, lang, pieces: words(old, line, language) }];
  });
  const gone = [...was].flatMap(([key, { label, lang, text }]): readonly ChangedLine[] =>
    is.has(key) ? [] : [{ is: "gone", label, lang, pieces: [{ text, is: "gone" }] }],
  );
  return [...changed, ...gone];
}

/** Times are compared as a whole: nobody reads them figure by figure. */
function words(before: Line, after: Line, language: Language): readonly Piece[] {
  const { drafted, notAfter } = catalogueOf(language).labels;
  if (after.label === drafted || after.label === notAfter) {
    return [
      { text: before.text, is: "gone" },
      { text: after.text, is: "new" },
    ];
  }
  const intlSegmenter = new Intl.Segmenter(after.lang ?? language, { granularity: "word" });
  const parts = diffWordsWithSpace(before.text, after.text, { intlSegmenter });
  return parts.map(({ value, added, removed }) => ({ text: value, is: added ? "new" : removed ? "gone" : "both" }));
}

/** Lines by label, and by their number where several have one label. */
function keyed(lines: readonly Line[]): ReadonlyMap<string, Line> {
  const count = new Map<string, number>();
  return new Map(
    lines.map((line) => {
      const number = (count.get(line.label) ?? 0) + 1;
      count.set(line.label, number);
      return [`${line.label} ${number}`, line];
    }),
  );
}
