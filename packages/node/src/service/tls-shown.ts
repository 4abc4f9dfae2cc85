import { secondsOf, waysOf } from "@openline/core";
import { type TlsIdentity, pinOfIdentity } from "../bearers/tls/certificate.ts";
import { type NodeKeys, tlsIdentities } from "../keys.ts";
import type { Node } from "../node.ts";

interface Known {
  readonly identity: TlsIdentity;
  readonly pin: string;
}

/** Which of its TLS identities a node shows: the latest one whose key it has told its peers to expect by now. */
export class TlsShown {
  readonly #node: Node;
  #known: readonly [Known, ...Known[]];

  private constructor(node: Node, known: readonly [Known, ...Known[]]) {
    this.#node = node;
    this.#known = known;
  }

  /** Undefined where the node has no TLS key at all. Throws `OpenlineError` `damaged` for one that cannot be read. */
  static of(node: Node, keys: Pick<NodeKeys, "tls" | "later">): TlsShown | undefined {
    const [first, ...more] = tlsIdentities(keys).map(knownOf);
    return first === undefined ? undefined : new TlsShown(node, [first, ...more]);
  }

  /** One more, made while the node runs. */
  add(identity: TlsIdentity): void {
    const [first, ...more] = this.#known;
    this.#known = [first, ...more, knownOf(identity)];
  }

  now(): TlsIdentity {
    const { record, options } = this.#node;
    const { pins } = waysOf(record, options.accord.parties.indexOf(options.party), secondsOf(options.world.clock.now()));
    return (this.#known.findLast(({ pin }) => pins.now.includes(pin)) ?? this.#known[0]).identity;
  }
}

const knownOf = (identity: TlsIdentity): Known => ({ identity, pin: pinOfIdentity(identity) });
