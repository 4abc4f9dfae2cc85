import { type DraftSummary, codeOf } from "@openline/api";
import { type Said, asksForTwo } from "@openline/core";
import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useLive, useShown } from "../node/use-live.tsx";
import { type Acting, type KeyState, type Outcome, UNAVAILABLE, whyNot } from "./outcome.ts";
import type { Signer } from "./signer.ts";

const ActingContext = createContext<Acting | undefined>(undefined);

export function useActing(): Acting {
  const acting = useContext(ActingContext);
  if (acting === undefined) throw new Error("a screen stands inside ActingPost");
  return acting;
}

/** Until the directory has answered, it is asked this often. */
const ASK_MS = 1000;

/** What signs is no part of what is drawn first. */
const signing = (): Promise<typeof import("./signer.ts")> => import("./signer.ts");

/** Everything below may speak for the post that is signed in here. */
export function ActingPost({ children }: { readonly children: ReactNode }): ReactNode {
  const { session } = useLive();
  const [key, setKey] = useState<KeyState>({ standing: "making", kid: "" });
  const signer = useSigner(setKey);
  const { line, other } = useShown();
  const done = useRef(new Set<string>());
  const say = useCallback<Acting["say"]>(
    async (said, { body, once, recall } = {}) => {
      if (signer === undefined) return UNAVAILABLE;
      if (other !== undefined) return OTHER_POST;
      if (once !== undefined && done.current.has(once)) return undefined;
      if (once !== undefined) done.current.add(once);
      const channel = line?.channels.find(({ number }) => number === said.channel);
      const outcome = await outcomeOf(async () => {
        if (asksForTwo(channel, said.kind)) return { kept: (await signer.keep(said, body)).draft };
        return recall === true && !isUrgent(said) ? letGo(await signer.letGo(said, body)) : { placed: await signer.place(said, body) };
      });
      if (once !== undefined && "code" in outcome) done.current.delete(once);
      return outcome;
    },
    [signer, line, other],
  );
  const acting = useMemo((): Acting => {
    const signing = async (run: (by: Signer) => Promise<Outcome>): Promise<Outcome> => {
      if (other !== undefined) return OTHER_POST;
      return signer === undefined ? UNAVAILABLE : outcomeOf(() => run(signer));
    };
    const release: Acting["release"] = (draft) => signing(async (by) => letGo(await by.release(draft)));
    return { key: other === undefined ? key : { code: "other-post" }, say, release, post: session.post };
  }, [key, say, signer, session.post, other]);
  return <ActingContext value={acting}>{children}</ActingContext>;
}

const isUrgent = ({ precedence }: Said): boolean => precedence === "FLASH" || precedence === "IMMEDIATE";

const letGo = ({ draft, placed }: DraftSummary): Outcome => (placed === null ? { leaving: draft } : { placed });

const OTHER_POST: Outcome = { code: "other-post", detail: "" };

async function outcomeOf(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    return whyNot(error);
  }
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
      const found = await opened.standing().catch((error: unknown) => ({ code: codeOf(error) }));
      if (gone) return;
      setKey("code" in found ? found : { standing: found.standing, kid: opened.kid });
      if ("code" in found || found.standing === "waiting") timer = setTimeout(() => void look(opened), ASK_MS);
    };
    signing()
      .then((loaded) => loaded.Signer.open({ client, line, post: session.post }))
      .then(
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
