import type { EntryShown } from "@openline/api";
import { useEffect, useState } from "react";
import { useLive, useShown } from "../../node/use-live.tsx";

const PAGE = 30;

/** The latest entries of one kind or channel, newest first; asked for again when the record has changed. */
export function useEntries({ kind, channel }: { readonly kind?: string; readonly channel?: string }): {
  readonly entries: readonly EntryShown[] | undefined;
  /** The cursor of what is older; null: nothing is. */
  readonly next: string | null;
  readonly more: () => void;
} {
  const { client } = useLive();
  const { line, turn } = useShown();
  const [limit, setLimit] = useState(PAGE);
  const [found, setFound] = useState<{ readonly entries: readonly EntryShown[]; readonly next: string | null }>();
  useEffect(() => {
    if (line === undefined) return undefined;
    let gone = false;
    const query = { limit, ...(kind === undefined ? {} : { kind }), ...(channel === undefined ? {} : { channel }) };
    // What went wrong stands on the screen already: the states are asked for in the same turn.
    client.entries(line.line, query).then(
      (page) => !gone && setFound(page),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [client, line, turn, kind, channel, limit]);
  return { entries: found?.entries, next: limit >= 200 ? null : (found?.next ?? null), more: () => setLimit(Math.min(200, limit + PAGE)) };
}
