import type { Paging } from "@openline/api";
import { Asked } from "./problems.ts";

/** Items on a page that does not say how many. */
const PAGE = 100;

/** One page of a list that is in order of its keys: those after the cursor, which is the key of the last item of the page before. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { cursor, limit = PAGE }: Paging,
): { readonly items: readonly T[]; readonly next: string | null } {
  const after = cursor === undefined ? undefined : decoded(cursor);
  const ordered = items.map((item) => ({ item, key: keyOf(item) })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const rest = after === undefined ? ordered : ordered.filter(({ key }) => key > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const next = last !== undefined && rest.length > page.length ? Buffer.from(last.key).toString("base64url") : null;
  return { items: page.map(({ item }) => item), next };
}

function decoded(cursor: string): string {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.toString("base64url") !== cursor) throw new Asked("bad-request", "cursor: as the page before gave it");
  return bytes.toString();
}
