import { createHash } from "node:crypto";

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** SHA-256(0x00 || entry), RFC 9162 §2.1.1. */
export const leafHash = (entry: Uint8Array): Uint8Array => sha256(Uint8Array.of(0), entry);

/** An RFC 9162 tree that only grows, written again here so that the stores are not tested with the code that uses them. */
export class GrowingTree {
  /** Roots of the perfect subtrees from left to right, with their number of leaves. */
  readonly #peaks: { leaves: number; hash: Uint8Array }[] = [];

  append(leaf: Uint8Array): void {
    let peak = { leaves: 1, hash: leaf };
    for (let left = this.#peaks.at(-1); left?.leaves === peak.leaves; left = this.#peaks.at(-1)) {
      this.#peaks.pop();
      peak = { leaves: 2 * peak.leaves, hash: sha256(Uint8Array.of(1), left.hash, peak.hash) };
    }
    this.#peaks.push(peak);
  }

  /** 32 bytes; the empty tree is SHA-256(""). */
  root(): Uint8Array {
    const hashes = this.#peaks.map(({ hash }) => hash);
    return hashes.length === 0 ? sha256() : hashes.reduceRight((right, left) => sha256(Uint8Array.of(1), left, right));
  }
}
