import { nameIn } from "../../frame/text.tsx";
import { useShown } from "../../node/use-live.tsx";
import { useSpeech } from "../../words/language.tsx";

/** A channel's name in the reader's language; undefined for what stands on the line itself. */
export function useChannelName(id: string | null): ReturnType<typeof nameIn> | undefined {
  const { language } = useSpeech();
  const { line } = useShown();
  const channel = line?.channels.find((item) => item.id === id);
  return channel === undefined ? undefined : nameIn(channel.name, language);
}
