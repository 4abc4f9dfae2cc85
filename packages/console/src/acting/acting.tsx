import { ApiProblem } from "@openline/api";
import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useLive, useShown } from "../node/use-live.tsx";
import type { Acting, KeyState } from "./outcome.ts";
import { Signer } from "./signer.ts";

const ActingContext = createContext<Acting | undefined>(undefined);

export function useActing(): Acting {
  const acting = useContext(ActingContext);
  if (acting === undefined) throw new Error("a screen stands inside ActingPost");
  return acting;
}

/** Until the directory has answered, it is asked this often. */
const ASK_MS = 1000;

/** Everything below may speak for the post that is signed in here. */
export function ActingPost({ children }: { readonly children: ReactNode }): ReactNode {
  const { session } = useLive();
  const [key, setKey] = useState<KeyState>({ standing: "making", kid: "" });
  const signer = useSigner(setKey);
  const done = useRef(new Set<string>());
  const say = useCallback<Acting["say"]>(
    async (said, { body, once } = {}) => {
      if (signer === undefined) return { code: "unavailable", detail: "" };
      if (once !== undefined && done.current.has(once)) return undefined;
      if (once !== undefined) done.current.add(once);
      try {
        return { placed: await signer.place(said, body) };
      } catch (error) {
        if (once !== undefined) done.current.delete(once);
        return error instanceof ApiProblem ? error.problem : { code: "unavailable", detail: "" };
      }
    },
    [signer],
  );
  const acting = useMemo(() => ({ key, say, post: session.post }), [key, say, session.post]);
  return <ActingContext value={acting}>{children}</ActingContext>;
}

function useSigner(setKey: (state: KeyState) => void): Signer | undefined {
  const { client, session } = useLive();
  const { line } = useShown();
  const [signer, setSigner] = useState<Signer>();
  useEffect(() => {
    if (line === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const look = async (opened: Signer): Promise<void> => {
      const found = await opened
        .standing()
        .catch((error: unknown) => ({ code: error instanceof ApiProblem ? error.problem.code : "unavailable" }));
      if (gone) return;
      setKey("code" in found ? found : { standing: found.standing, kid: opened.kid });
      if ("code" in found || found.standing === "waiting") timer = setTimeout(() => void look(opened), ASK_MS);
    };
    Signer.open({ client, line, post: session.post }).then(
      (opened) => {
        if (gone) return;
        setSigner(opened);
        void look(opened);
      },
      () => setKey({ code: "no-key" }),
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client, line?.line, session.post, setKey]);
  return signer;
}
