/** Rows of the lists and tables of a screen, in reading order: of each, the first thing that can have the focus. */
function rows(): readonly HTMLElement[] {
  const found = new Map<Element, HTMLElement>();
  for (const item of document.querySelectorAll<HTMLElement>("main :is(li, tbody tr) :is(a[href], button:not(:disabled))")) {
    const row = item.closest("li, tbody tr");
    if (row !== null && !found.has(row) && item.checkVisibility()) found.set(row, item);
  }
  return [...found.values()];
}

export const isRow = (target: EventTarget | null): boolean => target instanceof HTMLElement && rows().includes(target);

/** Moves the focus by so many rows; where no row has it, to the first. */
export function moveRow(by: 1 | -1): void {
  const found = rows();
  const here = found.findIndex((row) => row === document.activeElement);
  (here < 0 ? found[0] : found[here + by])?.focus();
}

/** Moves the focus to the first or last row of the list that has it. */
export function moveToEnd(end: "first" | "last"): void {
  const here = document.activeElement?.closest("ul, ol, tbody");
  const inList = rows().filter((row) => here?.contains(row));
  inList.at(end === "first" ? 0 : -1)?.focus();
}
