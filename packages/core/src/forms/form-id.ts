/** Whether a text can name a form: ASCII letters, digits, `.`, `_` and `-`, at most 64, the first a letter or digit. A form that nobody ships
 *  has such an id too. Source: docs/spec/forms.md §1. */
export const isFormId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text);

/** Throws `RangeError`. */
export function parseFormId(text: string): string {
  if (!isFormId(text)) throw new RangeError(`form id: letters, digits, ".", "_" and "-" expected, 64 at most, not "${text}"`);
  return text;
}
