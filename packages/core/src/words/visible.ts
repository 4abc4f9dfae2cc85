/** What hides or reorders text is shown by its number. Bodies that were checked hold none of the first group (`checkPlain`);
 *  names, codes and bodies that failed the check may. Line feeds stay. */
const HIDDEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\u034f|[\u{17b4}\u{17b5}]|[\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

/** `⟦U+202E⟧` for each hidden character. */
export const visible = (text: string): string => text.replaceAll(HIDDEN, mark);

/** As `visible`, on one line: for labels, names and codes. */
export const visibleLine = (text: string): string => visible(text).replaceAll("\n", mark);

const mark = (character: string): string => `⟦U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟧`;
