import type { Paging } from "./paging.ts";

/** The pages of a list, one after the other. Rejects where one of them cannot be had. */
export async function pagesOf<T extends { readonly next: string | null }>(page: (paging: Paging) => Promise<T>): Promise<readonly T[]> {
  const pages: T[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const answer = await page(cursor === undefined ? {} : { cursor });
    pages.push(answer);
    cursor = answer.next;
  }
  return pages;
}
