/** Values as YAML 1.2 text that has one spelling: block lists and maps, every text in JSON quotes, so that nothing in a text
 *  can be read as structure. It writes and never reads: the reader of such a file makes it again and compares. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** Ends in a newline. */
export function yamlText(value: { readonly [key: string]: YamlValue }): string {
  return lines(value)
    .map((line) => `${line}\n`)
    .join("");
}

const PLAIN_KEY = /^[A-Za-z][A-Za-z0-9-]*$/;

function lines(value: YamlValue): readonly string[] {
  if (isList(value)) return value.flatMap(item);
  if (typeof value !== "object" || value === null) return [scalar(value)];
  return Object.entries(value).flatMap(([key, held]) => {
    const name = PLAIN_KEY.test(key) ? key : JSON.stringify(key);
    return isFlat(held) ? [`${name}: ${scalar(held)}`] : [`${name}:`, ...lines(held).map((line) => `  ${line}`)];
  });
}

function item(value: YamlValue): readonly string[] {
  if (isFlat(value)) return [`- ${scalar(value)}`];
  return lines(value).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`));
}

const isList = (value: YamlValue): value is readonly YamlValue[] => Array.isArray(value);
const isFlat = (value: YamlValue): boolean => typeof value !== "object" || value === null || Object.keys(value).length === 0;

function scalar(value: YamlValue): string {
  if (typeof value === "object" && value !== null) return isList(value) ? "[]" : "{}";
  return JSON.stringify(value);
}
