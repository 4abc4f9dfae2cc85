import { MemoryLink } from "../bearers/memory.ts";
import type { Node } from "../node.ts";

/** Several nodes of one line in one process, every two joined by a link. */
export class JoinedNodes {
  readonly nodes: readonly Node[];
  readonly links: readonly MemoryLink[];

  private constructor(nodes: readonly Node[], links: readonly MemoryLink[]) {
    this.nodes = nodes;
    this.links = links;
  }

  /** `up` false: exchange is stopped from the beginning. */
  static async join(nodes: readonly Node[], up = true): Promise<JoinedNodes> {
    const links: MemoryLink[] = [];
    for (const [i, first] of nodes.entries()) {
      for (const second of nodes.slice(i + 1)) {
        const link = new MemoryLink(`${first.options.party.id}-${second.options.party.id}`);
        link.up = up;
        const toSecond = link.join(0, (frame, bearer) => first.receive(frame, bearer));
        const toFirst = link.join(1, (frame, bearer) => second.receive(frame, bearer));
        await first.join(toSecond, second.options.party);
        await second.join(toFirst, first.options.party);
        links.push(link);
      }
    }
    return new JoinedNodes(nodes, links);
  }

  /** Stops or starts exchange on every link. */
  set up(up: boolean) {
    for (const link of this.links) link.up = up;
  }

  get up(): boolean {
    return this.links.every((link) => link.up);
  }

  /** Exchanges until nothing is under way and nobody has anything left to say at this instant. */
  async settle(): Promise<void> {
    for (let before = -1, now = this.#entries(); before !== now; now = this.#entries()) {
      before = now;
      for (const node of this.nodes) await node.tick();
      for (const link of this.links) await link.deliver();
    }
  }

  /** Puts an ML-DSA-44 line on every node's last head and hands it round. */
  async seal(): Promise<void> {
    for (const node of this.nodes) await node.seal();
    await this.settle();
  }

  #entries(): number {
    return this.nodes.reduce((sum, { record }) => sum + [...record.logs.values()].reduce((size, log) => size + log.times.length, 0), 0);
  }
}
