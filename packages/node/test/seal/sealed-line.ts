import { type Bearer, MemoryLink, Node, type NodeOptions } from "@openline/node";
import { EpochKeys } from "../../src/seal/epoch-keys.ts";
import { MemoryEpochKeys } from "../../src/seal/file-epoch-keys.ts";
import { MemoryNotices } from "../../src/seal/notice-place.ts";
import { sealedBearer } from "../../src/seal/sealed-bearer.ts";
import { Sealing } from "../../src/seal/sealing.ts";
import { Line, kindsOf } from "../node/line.ts";

/** Two real nodes with nothing but envelopes between them. What travels can be lost, doubled and shuffled. */
export class SealedLine {
  readonly line: Line;
  readonly places = [new MemoryEpochKeys(), new MemoryEpochKeys()];
  readonly notices = [new MemoryNotices(), new MemoryNotices()];
  /** Who has no pre-shared key in its key file. */
  readonly lostKey: Set<0 | 1> = new Set();
  readonly sealings: Sealing[] = [];
  readonly nodes: Node[] = [];
  readonly wire: Uint8Array[] = [];
  /** What an unkind way does to each envelope: how often it arrives, and whether late. */
  weather: (envelope: Uint8Array) => readonly ("now" | "late")[] = () => ["now"];
  #late: (() => Promise<void>)[] = [];
  #queue: (() => Promise<void>)[] = [];

  private constructor(line: Line) {
    this.line = line;
  }

  static async open(seed = 1): Promise<SealedLine> {
    const sealed = new SealedLine(await Line.open({ seed }));
    await sealed.start(0);
    await sealed.start(1);
    return sealed;
  }

  /** Opens a node's process over what is durable. */
  async start(position: 0 | 1, place: MemoryEpochKeys = this.places[position]!): Promise<void> {
    const { options, disk } = this.line.players[position]!;
    this.places[position] = place;
    const { suite, world, accord, party } = options;
    const keys = this.lostKey.has(position) ? { ...options.keys, psks: {} } : options.keys;
    const epochKeys = await EpochKeys.open({ suite, place, nodeSeal: keys.seal, random: world.random });
    const sealing = new Sealing({ suite, accord, party, keys, world, epochKeys, notices: this.notices[position]! });
    const stored: NodeOptions = {
      ...options,
      keys,
      sealing,
      store: new (options.store.constructor as new (d: typeof disk) => typeof options.store)(disk),
    };
    const node = await Node.open(stored);
    await sealing.load();
    this.sealings[position] = sealing;
    this.nodes[position] = node;
    const bearer = this.#bearer(position);
    sealing.leads(bearer, accord.parties[1 - position]!);
    await node.join(sealedBearer(bearer, sealing), accord.parties[1 - position]!);
  }

  #bearer(position: 0 | 1): Bearer {
    const end = new MemoryLink("way").join(position, async () => undefined);
    return {
      ...end,
      send: async (envelope) => {
        this.wire.push(envelope);
        for (const when of this.weather(envelope)) {
          const arrive = async (): Promise<void> => {
            const other = position === 0 ? 1 : 0;
            const sealing = this.sealings[other]!;
            const to = { ...end, id: `way:${other}` };
            const frame = sealing.open(envelope, to);
            if (frame !== undefined) await this.nodes[other]!.receive(frame, to);
          };
          (when === "now" ? this.#queue : this.#late).push(arrive);
        }
      },
    };
  }

  async settle(rounds = 6): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) await next();
      this.line.wait(6);
      for (const node of this.nodes) await node.tick();
      this.#queue.push(...this.#late.splice(0));
    }
  }

  kinds(position: 0 | 1): readonly (string | undefined)[] {
    return kindsOf(this.line.players[position]!.disk, this.line.accord.parties[position]!.incarnation);
  }

  /** Sizes and roots of both logs as each side has them. */
  cut(position: 0 | 1): string {
    const { record } = this.nodes[position]!;
    const logs = this.line.accord.parties.map(({ incarnation }) => record.logs.get(incarnation)!.times.length);
    return logs.join();
  }
}
