import { useEffect, useState } from "react";
import { useLive } from "../../node/use-live.tsx";

/** The node's clock in whole minutes, POSIX seconds: the picture of years is not drawn anew each second. */
export function useMinute(): number {
  const live = useLive();
  const [minute, setMinute] = useState(() => minuteOf(live.now()));
  useEffect(() => {
    const timer = setInterval(() => setMinute(minuteOf(live.now())), 1000);
    return () => clearInterval(timer);
  }, [live]);
  return minute;
}

const minuteOf = (seconds: number): number => seconds - (seconds % 60);
