import { toHex } from "@openline/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { inBrowserStore } from "../node/browser-store.ts";
import { type Sealed, isSealed, seal, unseal } from "../node/sealed.ts";

/** An act that its author has signed, and what goes with it. All base64url. */
export interface Prepared {
  readonly payload: string;
  readonly act: string;
  readonly disclosure: { readonly disclosure?: string };
}

/** What was signed and got no answer, by what it says: said again it is the same act, so that it is never placed twice. */
export interface Unanswered {
  find(said: string): Promise<Prepared | undefined>;
  keep(said: string, prepared: Prepared): Promise<void>;
  forget(said: string): Promise<void>;
}

interface SealedAct extends Sealed {
  /** POSIX milliseconds, of this machine. */
  readonly at: number;
}

/** By then it is past the time by which it may be placed. */
const KEPT_MS = 86_400_000;

/** For as long as the page is open: acts without words, which nobody waits for a disk to keep. */
export function unansweredInPage(): Unanswered {
  const here = new Map<string, Prepared>();
  return {
    find: async (said) => here.get(said),
    keep: async (said, prepared) => void here.set(said, prepared),
    forget: async (said) => void here.delete(said),
  };
}

/** Sealed in this browser: a reload does not make another act of the same words. Where the browser keeps nothing, they last as long as the
 *  page. `whose`: line, post and key. */
export function unansweredInBrowser(whose: string): Unanswered {
  const here = unansweredInPage();
  const nameOf = (said: string): string => toHex(sha256(new TextEncoder().encode(`${whose} ${said}`)));
  return {
    async find(said) {
      const name = nameOf(said);
      const known = await here.find(name);
      if (known !== undefined) return known;
      const found = await inBrowserStore<unknown>("unanswered", "readonly", (store) => store.get(name)).catch(ignore);
      if (!isKept(found) || Date.now() - found.at > KEPT_MS) return undefined;
      const text = await unseal(name, found);
      return text === undefined ? undefined : parsePrepared(text);
    },
    async keep(said, prepared) {
      const name = nameOf(said);
      await here.keep(name, prepared);
      const put = async (): Promise<unknown> => {
        const sealed: SealedAct = { ...(await seal(name, JSON.stringify(prepared))), at: Date.now() };
        return inBrowserStore("unanswered", "readwrite", (store) => store.put(sealed, name));
      };
      await put().catch(ignore);
    },
    async forget(said) {
      const name = nameOf(said);
      await here.forget(name);
      await inBrowserStore("unanswered", "readwrite", (store) => store.delete(name)).catch(ignore);
    },
  };
}

const isKept = (value: unknown): value is SealedAct => isSealed(value) && "at" in value && typeof value.at === "number";
/** This console sealed it. */
const parsePrepared = (text: string): Prepared => JSON.parse(text) as Prepared;
const ignore = (): void => undefined;
