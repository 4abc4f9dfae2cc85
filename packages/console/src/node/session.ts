import type { Session } from "@openline/api";

/** What `/api/v1/session` answers: somebody who is signed in, or a code that says why not. */
export type SignedIn = { readonly session: Session } | { readonly code: string };

const SESSION = "/api/v1/session";

/** Who is signed in here. Rejects only when the node did not answer. */
export const whoIsIn = async (): Promise<SignedIn> => signedIn(await fetch(SESSION));

/** Signs in by the secret of a link; it works once. */
export const signIn = async (secret: string): Promise<SignedIn> =>
  signedIn(await fetch(SESSION, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ secret }) }));

async function signedIn(response: Response): Promise<SignedIn> {
  const answer: unknown = await response.json();
  return response.ok ? { session: parseSession(answer) } : { code: codeOf(answer) };
}

function codeOf(answer: unknown): string {
  const code = typeof answer === "object" && answer !== null && "code" in answer ? answer.code : undefined;
  return typeof code === "string" ? code : "unavailable";
}

/** The node checked its answer against the schema when it wrote it. */
const parseSession = (answer: unknown): Session => answer as Session;
