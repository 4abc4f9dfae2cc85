import { assert } from "../errors.ts";

/** Sentences with parameters: `{name}` stands for a text. There are no plurals and no formats: numbers and times arrive as
 *  words of the language (`moment.ts`), so that a sentence cannot be wrong for one of them. */
const PARAMETER = /\{([A-Za-z]+)\}/g;

/** Names of the parameters of a template, each once, in order. */
export function parametersOf(template: string): readonly string[] {
  return [...new Set([...template.matchAll(PARAMETER)].map(([, name = ""]) => name))];
}

/** A parameter that the caller does not give is a bug. What a parameter holds is never read as a template. */
export function fill(template: string, parameters: Readonly<Record<string, string>>): string {
  return template.replaceAll(PARAMETER, (_, name: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    assert(value !== undefined, `no parameter {${name}} for "${template}"`);
    return value;
  });
}
