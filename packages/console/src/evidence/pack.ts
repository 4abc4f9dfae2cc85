import type { EntryView } from "@openline/core";
import { placeOf } from "../node/entry.ts";

/** One request names so many entries; a state rests on fewer. */
const ENTRIES_MAX = 50;
const ANSWER_MS = 30_000;

/** The evidence pack of these entries as the node makes it; nothing here touches its bytes. A code where it does not. */
export async function fetchPack(
  line: string,
  entries: readonly Pick<EntryView, "log" | "index">[],
): Promise<{ readonly pack: Blob } | { readonly code: string }> {
  const named = encodeURIComponent(entries.slice(0, ENTRIES_MAX).map(placeOf).join(","));
  try {
    const response = await fetch(`/api/v1/lines/${line}/evidence?entry=${named}`, {
      signal: AbortSignal.timeout(ANSWER_MS),
      redirect: "error",
    });
    if (response.ok) return { pack: await response.blob() };
    const answer: unknown = await response.json();
    const code = typeof answer === "object" && answer !== null && "code" in answer ? answer.code : undefined;
    return { code: typeof code === "string" ? code : "unavailable" };
  } catch {
    return { code: "unavailable" };
  }
}

/** Hands a file to the person, as any download is. */
export function saveFile(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
