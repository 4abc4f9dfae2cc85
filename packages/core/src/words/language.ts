/** Languages in which Openline speaks. Texts that people write may be in any language of their line. */
export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

export function parseLanguage(text: string): Language {
  const found = LANGUAGES.find((language) => language === text);
  if (found === undefined) throw new RangeError(`language: one of ${LANGUAGES.join(", ")} expected, not "${text}"`);
  return found;
}
