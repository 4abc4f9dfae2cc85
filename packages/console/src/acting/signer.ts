import { type ActPlaced, type KeyStanding, type LineSummary, type NodeClient } from "@openline/api";
import {
  type Body,
  type Kid,
  type Said,
  encodeAct,
  fromHex,
  millisOf,
  parseKid,
  parseLineId,
  parsePartyKey,
  parseTime,
  possessionMessage,
  prepareSaid,
  secondsOf,
  toHex,
  toSign,
} from "@openline/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { type KeptKey, keptKey } from "./key-store.ts";

/** Signs for one post of one line with the key that this browser keeps. The node never holds it. */
export class Signer {
  readonly kid: Kid;
  readonly post: string;
  readonly #key: KeptKey;
  readonly #client: NodeClient;
  readonly #line: LineSummary;

  private constructor(
    key: KeptKey,
    { client, line, post }: { readonly client: NodeClient; readonly line: LineSummary; readonly post: string },
  ) {
    this.kid = parseKid(toHex(sha256(key.publicKey).subarray(0, 8)));
    this.post = post;
    this.#key = key;
    this.#client = client;
    this.#line = line;
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
    const asked = { post: this.post, key: base64url(this.#key.publicKey), possession: base64url(possession) };
    await this.#client.askKey(this.#line.line, asked);
    return { kid: this.kid, standing: "waiting", posts: [this.post], until: null };
  }

  /** Makes an act, signs exactly its bytes, and hands it in. Resolves when it is durable. Throws `ApiProblem`. */
  async place(said: Said, body?: Body): Promise<ActPlaced> {
    const signing = await this.#client.signing(this.#line.line);
    const now = millisOf(parseTime(signing.now));
    const by = {
      suite: { sha256 },
      random: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
      line: parseLineId(signing.line),
      party: parsePartyKey(signing.partyKey),
      now,
      logTime: parseTime(signing.logTime),
    };
    const { payload, disclosure } = prepareSaid(by, said, body);
    const accordDigest = fromHex(signing.accordDigest);
    const { message, signed } = toSign(payload, { kid: this.kid, role: "author", time: secondsOf(now), accordDigest });
    const act = encodeAct(payload, [signed(await this.#sign(message))]);
    return this.#client.submit(this.#line.line, {
      act: base64url(act),
      ...(disclosure === undefined ? {} : { disclosure: base64url(disclosure) }),
    });
  }

  async #sign(message: Uint8Array): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.sign("Ed25519", this.#key.privateKey, new Uint8Array(message)));
  }
}

function base64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
