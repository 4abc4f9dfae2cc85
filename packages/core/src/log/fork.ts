import { equalBytes } from "../encoding/bytes.ts";
import { type LeafPlace, type Proof, rootsFromConsistency, type TreeHead, verifyInclusion } from "./proof.ts";
import { HASH_BYTES, type Sha256 } from "./tree.ts";

/** What may be laid beside two heads to show that both cannot be true. */
export interface ForkEvidence {
  /** Full consistency proof (`fullConsistencyProof`) from the smaller size to the larger. */
  readonly consistency?: Proof;
  /** Two leaves with their inclusion proofs, one under each head. */
  readonly leaves?: {
    readonly index: number;
    readonly first: { readonly leaf: Uint8Array; readonly proof: Proof };
    readonly second: { readonly leaf: Uint8Array; readonly proof: Proof };
  };
}

/** The three ways in which two heads of one incarnation contradict each other, or that nothing has been proven. */
export type ForkFinding = "equal-size" | "consistency" | "leaf" | "nothing-proven";

/** Whether two heads are a fork. The caller has verified both signatures, by one key over one origin.
 *  A proof that merely fails proves nothing: anyone can make one. Never throws. Source: docs/spec/log.md §7. */
export function forkOf(suite: Sha256, first: TreeHead, second: TreeHead, evidence: ForkEvidence = {}): ForkFinding {
  if (first.root.length !== HASH_BYTES || second.root.length !== HASH_BYTES) return "nothing-proven";
  if (first.size === second.size && !equalBytes(first.root, second.root)) return "equal-size";
  if (evidence.consistency !== undefined && contradictsConsistency(suite, first, second, evidence.consistency)) return "consistency";
  if (evidence.leaves !== undefined && contradictsLeaf(suite, first, second, evidence.leaves)) return "leaf";
  return "nothing-proven";
}

/** The larger signed root follows from the proof's hashes, and from the same hashes a smaller root that was not signed. */
function contradictsConsistency(suite: Sha256, a: TreeHead, b: TreeHead, proof: Proof): boolean {
  const [smaller, larger] = a.size < b.size ? [a, b] : [b, a];
  const roots = rootsFromConsistency(suite, { first: smaller.size, second: larger.size }, proof);
  return roots !== undefined && equalBytes(roots.second, larger.root) && !equalBytes(roots.first, smaller.root);
}

function contradictsLeaf(suite: Sha256, a: TreeHead, b: TreeHead, leaves: NonNullable<ForkEvidence["leaves"]>): boolean {
  if (equalBytes(leaves.first.leaf, leaves.second.leaf)) return false;
  const place = (head: TreeHead, leaf: Uint8Array): LeafPlace => ({ index: leaves.index, size: head.size, leaf });
  return (
    verifyInclusion(suite, place(a, leaves.first.leaf), a.root, leaves.first.proof) &&
    verifyInclusion(suite, place(b, leaves.second.leaf), b.root, leaves.second.proof)
  );
}
