import { type ActPlaced, ApiProblem, type DraftSummary, type KeyStanding, type LineSummary, type NodeClient } from "@openline/api";
import {
  type Body,
  type Composing,
  type Kid,
  type Said,
  draftNotAfter,
  encodeAct,
  fromHex,
  millisOf,
  parseKid,
  parseLineId,
  parsePartyKey,
  parseTime,
  possessionMessage,
  prepareSaid,
  toHex,
  toSign,
} from "@openline/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { toText } from "../node/bytes.ts";
import { type KeptKey, keptKey } from "./key-store.ts";
import { type Prepared, type Unanswered, unansweredInBrowser, unansweredInPage } from "./unanswered.ts";

/** Signs for one post of one line with the key that this browser keeps. The node never holds it. */
export class Signer {
  readonly kid: Kid;
  readonly post: string;
  readonly #key: KeptKey;
  readonly #client: NodeClient;
  readonly #line: LineSummary;
  readonly #inPage: Unanswered = unansweredInPage();
  readonly #inBrowser: Unanswered;

  private constructor(
    key: KeptKey,
    { client, line, post }: { readonly client: NodeClient; readonly line: LineSummary; readonly post: string },
  ) {
    this.kid = parseKid(toHex(sha256(key.publicKey).subarray(0, 8)));
    this.post = post;
    this.#key = key;
    this.#client = client;
    this.#line = line;
    this.#inBrowser = unansweredInBrowser(`${line.line} ${post} ${this.kid}`);
  }

  static async open(of: { readonly client: NodeClient; readonly line: LineSummary; readonly post: string }): Promise<Signer> {
    return new Signer(await keptKey(`${of.line.line} ${of.post}`), of);
  }

  /** What the record has of this key; it is asked for where nobody has heard of it. */
  async standing(): Promise<KeyStanding> {
    const found = await this.#client.keyStanding(this.#line.line, this.kid);
    if (found.standing !== "unknown") return found;
    const { partyKey } = await this.#client.signing(this.#line.line);
    const possession = await this.#sign(possessionMessage(this.#line.line, partyKey, this.#key.publicKey));
    const asked = { post: this.post, key: toText(this.#key.publicKey), possession: toText(possession) };
    await this.#client.askKey(this.#line.line, asked);
    return { kid: this.kid, standing: "waiting", posts: [this.post], until: null };
  }

  /** Makes an act, signs exactly its bytes, and hands it in. Resolves when it is durable. Throws `ApiProblem`. */
  async place(said: Said, body?: Body): Promise<ActPlaced> {
    return this.#answered(said, body, ({ act, disclosure }) => this.#client.submit(this.#line.line, { act, ...disclosure }));
  }

  /** Keeps an act at the node as a draft that its author has signed: it waits for a second person. Throws `ApiProblem`. */
  async keep(said: Said, body?: Body): Promise<DraftSummary> {
    return this.#answered(said, body, (prepared) => this.#keep(prepared), draftNotAfter);
  }

  /** Keeps an act at the node, signed, which places it when the seconds in which it can be recalled are over. Throws `ApiProblem`. */
  async letGo(said: Said, body?: Body): Promise<DraftSummary> {
    const step = async (prepared: Prepared): Promise<DraftSummary> => {
      const kept = await this.#keep(prepared);
      return kept.state === "waiting" ? this.#client.placeDraft(this.#line.line, kept.draft, { version: kept.version }) : kept;
    };
    return this.#answered(said, body, step, draftNotAfter);
  }

  /** Signs, as its second person, exactly the bytes that were read, and lets go of them. Throws `ApiProblem`. */
  async release({
    draft,
    version,
    payload,
  }: {
    readonly draft: number;
    readonly version: number;
    readonly payload: Uint8Array;
  }): Promise<DraftSummary> {
    return this.#client.releaseDraft(this.#line.line, draft, { version, act: await this.#signed(payload, "releaser") });
  }

  /** The same bytes again are the same draft, however far it has come. */
  async #keep({ payload, act, disclosure }: Prepared): Promise<DraftSummary> {
    const made = await this.#client.newDraft(this.#line.line, { payload, ...disclosure });
    return made.state === "writing" ? this.#client.signDraft(this.#line.line, made.draft, { version: made.version, act }) : made;
  }

  /** Takes a step with what says this, made now, or before where that step had no answer. What has words is kept before it is handed in. */
  async #answered<T>(
    said: Said,
    body: Body | undefined,
    step: (prepared: Prepared) => Promise<T>,
    until?: typeof draftNotAfter,
  ): Promise<T> {
    const key = JSON.stringify([said, body], (_, value: unknown) => (value instanceof Map ? [...value] : value));
    const unanswered = body === undefined ? this.#inPage : this.#inBrowser;
    const prepared = (await unanswered.find(key)) ?? (await this.#prepare(said, body, until));
    await unanswered.keep(key, prepared);
    try {
      const answer = await step(prepared);
      void unanswered.forget(key);
      return answer;
    } catch (error) {
      if (error instanceof ApiProblem && error.status >= 400 && error.status < 500) await unanswered.forget(key);
      throw error;
    }
  }

  async #prepare(said: Said, body: Body | undefined, until: typeof draftNotAfter | undefined): Promise<Prepared> {
    const by = await this.#by();
    const { payload, disclosure } = prepareSaid(by, until === undefined ? said : { ...said, notAfter: until(by) }, body);
    const act = await this.#signed(payload, "author");
    return { payload: toText(payload), act, disclosure: disclosure === undefined ? {} : { disclosure: toText(disclosure) } };
  }

  async #by(): Promise<Omit<Composing, "accordDigest">> {
    const signing = await this.#client.signing(this.#line.line);
    return {
      suite: { sha256 },
      random: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
      line: parseLineId(signing.line),
      party: parsePartyKey(signing.partyKey),
      now: millisOf(parseTime(signing.now)),
      logTime: parseTime(signing.logTime),
    };
  }

  /** An act over a payload with this key's one signature, base64url. */
  async #signed(payload: Uint8Array, role: "author" | "releaser"): Promise<string> {
    const { now, accordDigest } = await this.#client.signing(this.#line.line);
    const { message, signed } = toSign(payload, { kid: this.kid, role, time: parseTime(now), accordDigest: fromHex(accordDigest) });
    return toText(encodeAct(payload, [signed(await this.#sign(message))]));
  }

  async #sign(message: Uint8Array): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.sign("Ed25519", this.#key.privateKey, new Uint8Array(message)));
  }
}
