import { type ActPlaced, ApiProblem, codeOf } from "@openline/api";
import type { Body, Said } from "@openline/core";

/** How far this browser's key has come. `waiting`: the directory has not given it its post. */
export type KeyState =
  | { readonly standing: "making" | "unknown" | "waiting" | "in-force" | "ended" | "revoked"; readonly kid: string }
  | { readonly code: string };

/** What became of an act: where it stands, or a code and a sentence of why not. */
export type Outcome =
  | { readonly placed: ActPlaced }
  /** It waits for a second person. */
  | { readonly kept: number }
  /** This draft was let go of: it is placed when the seconds for a recall are over. */
  | { readonly leaving: number }
  | { readonly code: string; readonly detail: string };

export const UNAVAILABLE: Outcome = { code: "unavailable", detail: "" };

/** Why something was not done. A problem of the API says more than that, and is no outcome itself. */
export const whyNot = (error: unknown): Outcome => ({
  code: codeOf(error),
  detail: error instanceof ApiProblem ? error.problem.detail : "",
});

export interface Acting {
  readonly key: KeyState;
  /** Signs and places an act, or keeps it as a draft where the accord asks for a second person. Says something once: a second call with
   *  the same `once` while the first is under way, or after it was placed, does nothing. `recall`: what is not urgent can be recalled for some seconds. */
  readonly say: (
    said: Said,
    options?: { readonly body?: Body | undefined; readonly once?: string; readonly recall?: true },
  ) => Promise<Outcome | undefined>;
  /** Releases, as that person, exactly the bytes that were read. */
  readonly release: (draft: { readonly draft: number; readonly version: number; readonly payload: Uint8Array }) => Promise<Outcome>;
  readonly post: string;
}
