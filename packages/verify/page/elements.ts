/** An element with text and elements inside. Text is never read as markup: what a stranger's file says stays text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>>,
  ...inside: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

const MARKS = { good: "M4 12.5 9.5 18 20 6.5", bad: "M6 6 18 18M18 6 6 18" } as const;

/** A tick or a cross in a ring, beside the word that says the same. */
export function svg(mark: keyof typeof MARKS): SVGSVGElement {
  const make = <K extends keyof SVGElementTagNameMap>(name: K, attributes: Readonly<Record<string, string>>): SVGElementTagNameMap[K] => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const line = { fill: "none", stroke: "currentColor", "stroke-width": "2.5" };
  const picture = make("svg", { viewBox: "-3 -3 30 30", "aria-hidden": "true" });
  picture.append(make("circle", { ...line, cx: "12", cy: "12", r: "13" }), make("path", { ...line, d: MARKS[mark] }));
  return picture;
}
