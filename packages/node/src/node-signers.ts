import { type Hand, type Kid, type RingKey, type Suite, OpenlineError, kidOf } from "@openline/core";
import type { NodeKeys } from "./keys.ts";

interface Signer {
  readonly kid: Kid;
  readonly seed: Uint8Array;
}

/** What a log says of keys: the ring's keys by kid. */
type Ring = Pick<ReadonlyMap<Kid, RingKey>, "get">;

/** The keys with which a node signs its own acts: the one of its party file, and those made since. Which of them counts, the log says. */
export class NodeSigners {
  readonly #suite: Suite;
  #signers: readonly Signer[];

  constructor(suite: Suite, { node, later }: Pick<NodeKeys, "node" | "later">) {
    this.#suite = suite;
    this.#signers = [node, ...(later?.node ?? [])].map((seed) => this.#signerOf(seed));
  }

  /** One more, made while the node runs; used once its log has enrolled it. */
  add(seed: Uint8Array): void {
    const signer = this.#signerOf(seed);
    if (!this.#signers.some(({ kid }) => kid === signer.kid)) this.#signers = [...this.#signers, signer];
  }

  /** The newest key that counts for the next entry of the log with this ring. `without`: a key that is about to be revoked. */
  signerIn(ring: Ring, without?: Kid): Kid | undefined {
    return this.#counting(ring, without)?.kid;
  }

  /** The hand that signs the next entry. Throws `OpenlineError` `damaged` where no key here counts any more. */
  handIn(ring: Ring): Hand {
    const signer = this.#counting(ring, undefined);
    if (signer === undefined)
      throw new OpenlineError(
        "damaged",
        "node.keys holds no key that counts in this node's log: put back the copy made after the last one was added",
      );
    const { kid, seed } = signer;
    return { kid, role: "node", sign: (message) => this.#suite.signEd25519(seed, message) };
  }

  #counting(ring: Ring, without: Kid | undefined): Signer | undefined {
    return this.#signers.findLast(({ kid }) => {
      const key = ring.get(kid);
      return kid !== without && key?.may === "node" && key.revokedAt === null;
    });
  }

  #signerOf(seed: Uint8Array): Signer {
    return { kid: kidOf(this.#suite, this.#suite.ed25519Public(seed)), seed };
  }
}
