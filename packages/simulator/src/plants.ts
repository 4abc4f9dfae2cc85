import { type LineRecord, type LogId, type Suite, EMPTY_FRONTIER, appendLeaves, equalBytes, fromHex, rootOf } from "@openline/core";
import type { Batch, Node, NodeOptions, SecondPlace, Store } from "@openline/node";
import type { Fitting, Machine } from "./machine.ts";
import type { Options } from "./options.ts";

/** A bug planted in the first party's program, to see that the laws find it. It lives here alone: what a node is given through its
 *  ports is wrapped, or one of its methods is turned; nothing in the node can switch it on. */
export interface Plant {
  readonly is: string;
  readonly fitting: Fitting;
  /** What a seed must have in it for the bug to matter. */
  readonly options?: (options: Options) => Options;
}

type StoreChange = (store: Store, machine: Machine) => Partial<Pick<Store, "commit" | "entries">>;

const onStore = (change: StoreChange): Fitting => ({
  options: (options, machine) => ({ ...options, store: Object.assign(options.store, change(options.store, machine)) }),
});
const onSecond = (change: (second: SecondPlace, options: NodeOptions) => Partial<SecondPlace>): Fitting => ({
  options: (options) => ({ ...options, second: Object.assign(options.second, change(options.second, options)) }),
});
const onSuite = (change: (suite: Suite, machine: Machine) => Partial<Suite>): Fitting => ({
  options: (options, machine) => ({ ...options, suite: { ...options.suite, ...change(options.suite, machine) } }),
});
const onNode = (opened: (node: Node, machine: Machine) => void): Fitting => ({ opened });

const quietly = async (promise: Promise<unknown>): Promise<void> => {
  await promise.catch(() => undefined);
};
const often = (perDay: number): { readonly perDay: number; readonly lasts: readonly [number, number] } => ({
  perDay,
  lasts: [60_000, 1_800_000],
});
const slowDisk = (options: Options): Options => ({ ...options, habits: { ...options.habits, slow: 0.5, slowMaxMs: 2000 } });
const theirs = (batch: Batch, machine: Machine): boolean =>
  batch.entries?.some(({ log }) => !machine.plan.laws.ownLog(machine, log)) === true;

export const PLANTS: Readonly<Record<string, Plant>> = {
  "acknowledges-before-sync": {
    is: "a commit resolves before it is on disk",
    options: slowDisk,
    fitting: onStore((store) => {
      const commit = store.commit.bind(store);
      return { commit: async (batch) => void quietly(commit(batch)) };
    }),
  },
  "sync-error-ignored": {
    is: "an error of the disk is passed over",
    options: (options) => ({ ...options, syncError: often(12) }),
    fitting: onStore((store) => {
      const commit = store.commit.bind(store);
      return { commit: async (batch) => quietly(commit(batch)) };
    }),
  },
  "own-batch-dropped": {
    is: "one write in a hundred is promised and not made",
    fitting: onStore((store, machine) => {
      const commit = store.commit.bind(store);
      return { commit: async (batch) => (machine.plan.chance.happens(0.01) ? undefined : commit(batch)) };
    }),
  },
  "receipt-before-durable": {
    is: "entries of the other side are named while they are being written",
    options: slowDisk,
    fitting: onStore((store, machine) => {
      const commit = store.commit.bind(store);
      return { commit: async (batch) => (theirs(batch, machine) ? void quietly(commit(batch)) : commit(batch)) };
    }),
  },
  "receipt-before-body": {
    is: "entries are kept and named, and their bodies are not kept",
    fitting: onStore((store, machine) => {
      const commit = store.commit.bind(store);
      return { commit: async (batch) => commit(theirs(batch, machine) ? withoutBodies(batch) : batch) };
    }),
  },
  "wrong-body-kept": {
    is: "the body of another commitment is kept",
    fitting: onStore((store, machine) => {
      const commit = store.commit.bind(store);
      return { commit: async (batch) => commit(theirs(batch, machine) ? withOtherBodies(batch) : batch) };
    }),
  },
  "end-of-page-lost": {
    is: "a page of entries lacks its last one",
    fitting: onNode((node) => {
      const { store } = node.options;
      const entries = store.entries.bind(store);
      store.entries = async (log, from, count) => (await entries(log, from, count)).slice(0, count > 1 ? -1 : 1);
    }),
  },
  "second-place-not-swapped": {
    is: "a head is signed that the second place does not hold",
    fitting: onSecond(() => ({ swap: async () => undefined })),
  },
  "swap-not-awaited": {
    is: "a head is signed while it is being swapped",
    options: slowDisk,
    fitting: onSecond((second) => {
      const swap = second.swap.bind(second);
      return { swap: async (...args) => void quietly(swap(...args)) };
    }),
  },
  "rollback-unnoticed": {
    is: "a store that was put back is continued",
    options: (options) => ({ ...options, storeBack: often(12) }),
    fitting: {
      options: (options) => ({ ...options, confirmStart: false, second: believing(options) }),
    },
  },
  "both-put-back-unnoticed": {
    is: "a machine that was put back goes on without asking",
    options: (options) => ({ ...options, bothBack: often(12) }),
    fitting: { options: (options) => ({ ...options, confirmStart: false }) },
  },
  "beat-for-a-beat": {
    is: "a beat is answered by a beat",
    fitting: onNode(({ record }) => {
      const offer = record.offer.bind(record);
      record.offer = (entry) => offer(entry).map((judged) => ({ ...judged, entry: asNote(judged.entry) }));
    }),
  },
  "act-placed-twice": {
    is: "an act that stands already is placed again",
    options: (options) => ({ ...options, workload: { ...options.workload, wrong: 0.2 } }),
    fitting: onNode((node) => {
      for (const log of node.record.logs.values()) if (log.party === 0) log.actIds.has = () => false;
    }),
  },
  "places-anything": {
    is: "an own act is placed without being judged",
    options: (options) => ({ ...options, workload: { ...options.workload, wrong: 0.2 } }),
    fitting: onNode(({ record }) => {
      record.preview = () => undefined;
    }),
  },
  "clock-of-the-other": {
    is: "the other side's times are taken for the time of day",
    options: (options) => ({ ...options, clockOffsetMs: 20_000 }),
    fitting: {
      options: (options, machine) => ({ ...options, world: { ...options.world, clock: { now: () => latest(options, machine) } } }),
    },
  },
  "time-goes-back": {
    is: "a clock that is set back dates entries before their predecessors",
    options: (options) => ({ ...options, clockJump: often(12) }),
    fitting: onNode((node) => {
      const tick = node.tick.bind(node);
      node.tick = async () => {
        Object.assign(node.own, { time: 0 });
        return tick();
      };
    }),
  },
  "control-chain-lost": {
    is: "after a restart the latest control act is not known any more",
    options: (options) => ({ ...options, kill: often(12) }),
    fitting: onNode((node, machine) => {
      if (machine.starts > 1) Object.assign(node.own, { control: null });
    }),
  },
  "stale-checkpoint": {
    is: "the signature of the head before is sent with the new head",
    fitting: onSuite((suite, { secrets }) => {
      let before: Uint8Array | undefined;
      return {
        signEd25519: (seed, message) => {
          const signature = suite.signEd25519(seed, message);
          if (!equalBytes(seed, secrets.keys.log.ed25519)) return signature;
          const stale = before ?? signature;
          before = signature;
          return stale;
        },
      };
    }),
  },
  "signatures-unverified": {
    is: "every signature is good",
    options: (options) => ({ ...options, rogue: "breaks-rules" }),
    fitting: onSuite(() => ({ verifyEd25519: () => true })),
  },
  "missing-at-once": {
    is: "a body that has not come with its entry is refused without waiting",
    options: (options) => ({ ...options, rogue: "withholds-bodies" }),
    fitting: { options: (options) => ({ ...options, accord: impatient(options.accord) }) },
  },
  "state-of-other-terms": {
    is: "a state is computed with another limit of silence than was agreed",
    fitting: {
      options: (options) => ({
        ...options,
        accord: { ...options.accord, terms: { ...options.accord.terms, silentAfter: 700, beat: 120 } },
      }),
    },
  },
  "names-nothing": {
    is: "no receipt is given",
    fitting: onNode(({ record }, machine) => {
      const readTo: LineRecord["readTo"] = record.readTo.bind(record);
      record.readTo = (log: LogId) => (machine.plan.laws.ownLog(machine, log) ? readTo(log) : 0);
    }),
  },
  "no-beats": {
    is: "nothing is said in silence",
    fitting: { options: (options) => ({ ...options, unprompted: false }) },
  },
  "asleep-after-restart": {
    is: "after a restart the node takes no note of time",
    options: (options) => ({ ...options, kill: often(12) }),
    fitting: onNode((node, machine) => {
      if (machine.starts > 1) node.tick = async () => undefined;
    }),
  },
  "mute-after-restart": {
    is: "after a restart nothing leaves",
    options: (options) => ({ ...options, kill: often(12) }),
    fitting: { bearer: (bearer, machine) => (machine.starts > 1 ? { ...bearer, send: async () => undefined } : bearer) },
  },
  "byte-leaves-early": {
    is: "an entry is sent while it is being written",
    fitting: onStore((store, machine) => {
      const commit = store.commit.bind(store);
      return {
        commit: async (batch) => {
          const written = commit(batch);
          for (const { entry } of batch.entries ?? []) for (const bearer of machine.bearers) void bearer.send(entry);
          return written;
        },
      };
    }),
  },
  "queue-without-end": {
    is: "a way that is full is given more",
    options: (options) => ({ ...options, breadths: [{ bytesPerSecond: 3000, mtu: 2000 }], workload: { ...options.workload, large: 0.3 } }),
    fitting: { bearer: (bearer) => ({ ...bearer, credit: () => 1_000_000_000, send: async (frame) => void bearer.send(frame) }) },
  },
};

function withoutBodies({ entries = [], disclosures: _disclosures, ...batch }: Batch): Batch {
  return { ...batch, entries: entries.map(({ disclosure: _disclosure, ...stored }) => stored) };
}

function withOtherBodies({ entries = [], ...batch }: Batch): Batch {
  return {
    ...batch,
    entries: entries.map(({ disclosure, ...stored }) =>
      disclosure === undefined ? stored : { ...stored, disclosure: disclosure.slice(1) },
    ),
  };
}

/** A second place that holds whatever the store has. */
function believing({ store, suite, second }: NodeOptions): SecondPlace {
  const swap = second.swap.bind(second);
  const read = second.read.bind(second);
  return {
    read: async (log) => {
      const size = await store.size(log);
      if (size === 0) return read(log);
      const leaves = (await store.entries(log, 0, Math.min(size, 4096))).map(({ leaf }) => fromHex(leaf));
      return { size: leaves.length, root: rootOf(suite, appendLeaves(suite, EMPTY_FRONTIER, leaves)) };
    },
    swap: async (log, _expected, next) => swap(log, await read(log), next),
  };
}

/** A beat that looks like something to answer. */
function asNote<T extends { readonly act: { readonly header: { readonly kind: unknown } } } | undefined>(entry: T): T {
  if (entry?.act.header.kind !== "beat") return entry;
  return { ...entry, act: { ...entry.act, header: { ...entry.act.header, kind: "note" } } };
}

function latest({ world }: NodeOptions, machine: Machine): ReturnType<NodeOptions["world"]["clock"]["now"]> {
  let now = world.clock.now();
  for (const [log, entries] of machine.disk.written.entries) {
    const last = machine.plan.laws.ownLog(machine, log) ? undefined : entries.at(-1);
    const time = last === undefined ? undefined : machine.plan.laws.entry(last)?.placement.time;
    if (time !== undefined && time * 1000 > now) now = (time * 1000) as typeof now;
  }
  return now;
}

function impatient(accord: NodeOptions["accord"]): NodeOptions["accord"] {
  const held = { FLASH: 0, IMMEDIATE: 0, PRIORITY: 0, ROUTINE: 0 };
  const channels = accord.terms.channels.map((channel) => ({ ...channel, clocks: { ...channel.clocks, held } }));
  return { ...accord, terms: { ...accord.terms, channels } };
}
