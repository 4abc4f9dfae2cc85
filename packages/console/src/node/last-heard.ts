/** When this console last heard its node, POSIX seconds of the node's clock. The only thing of a node that is kept: a console that
 *  loads without its node says since when. */
const KEY = "openline-heard";

export const keepHeard = (at: number): void => localStorage.setItem(KEY, String(at));

export function lastHeard(): number | undefined {
  const text = localStorage.getItem(KEY) ?? "";
  return /^[0-9]{1,12}$/.test(text) ? Number(text) : undefined;
}
