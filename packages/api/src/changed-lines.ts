import { type Language, type Line, catalogueOf } from "@openline/core";
import { diffWordsWithSpace } from "diff";

/** A piece of a line: in both versions, only in the earlier one, or only in the later one. */
export interface Piece {
  readonly text: string;
  readonly is: "both" | "gone" | "new";
}

export interface ChangedLine {
  readonly label: string;
  readonly lang: string | undefined;
  readonly pieces: readonly Piece[];
}

/** What the later rendering says otherwise, line by line and within a line word by word. */
export function compare(before: readonly Line[], after: readonly Line[], language: Language): readonly ChangedLine[] {
  const [was, is] = [keyed(before), keyed(after)];
  const changed = [...is].flatMap(([key, line]): readonly ChangedLine[] => {
    const old = was.get(key);
    if (old?.text === line.text) return [];
    return [{ label: line.label, lang: line.lang, pieces: old === undefined ? [whole(line, "new")] : words(old, line, language) }];
  });
  const gone = [...was].flatMap(([key, line]): readonly ChangedLine[] =>
    is.has(key) ? [] : [{ label: line.label, lang: line.lang, pieces: [whole(line, "gone")] }],
  );
  return [...changed, ...gone];
}

const whole = ({ text }: Line, is: Piece["is"]): Piece => ({ text, is });

/** Times are compared as a whole: nobody reads them figure by figure. */
function words(before: Line, after: Line, language: Language): readonly Piece[] {
  const { drafted, notAfter } = catalogueOf(language).labels;
  if (after.label === drafted || after.label === notAfter) return [whole(before, "gone"), whole(after, "new")];
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
