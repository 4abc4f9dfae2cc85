import { type ReactNode, createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { useLive } from "../node/use-live.tsx";
import { mutedUntil } from "./muted.ts";
import { type Ringing, Sound, type SoundShown } from "./sound.ts";

const SoundContext = createContext<Sound | undefined>(undefined);

/** Everything below may sound. */
export function Sounding({ children }: { readonly children: ReactNode }): ReactNode {
  const live = useLive();
  const [sound] = useState(() => new Sound());
  useEffect(() => {
    sound.muted = () => mutedUntil(live.now()) !== undefined;
    sound.start();
    return () => sound.stop();
  }, [sound, live]);
  return <SoundContext value={sound}>{children}</SoundContext>;
}

export function useSound(): Sound {
  const sound = useContext(SoundContext);
  if (sound === undefined) throw new Error("a screen stands inside Sounding");
  return sound;
}

export function useSoundShown(): SoundShown {
  const sound = useSound();
  return useSyncExternalStore(sound.watch, () => sound.shown);
}

/** Sounds for what rings now. */
export function useRinging(alarms: readonly Ringing[]): void {
  const sound = useSound();
  const names = alarms.map(({ id }) => id).join(" ");
  // `alarms` is made anew each time a screen is drawn; `names` says which they are.
  useEffect(() => sound.ring(alarms), [sound, names]);
}
