/** `openline up` whose node has a store or a second place that fails, or dies, at one of its writes. The ports are wrapped here: the
 *  product has no switch for it. `OPENLINE_FAULT` is `{"port": "commit" or "swap", "call": 1…, "end": …}`. */
import { OpenlineError } from "@openline/core";
import { Node, type SecondPlace, type Store } from "@openline/node";
import { runOpenline } from "../../packages/cli/src/program.ts";

/** What becomes of the write: the process is killed before or after it, or it rejects without or although it was written. */
const ENDS = ["killed-before", "killed-after", "failed", "failed-but-written"] as const;
export type End = (typeof ENDS)[number];
export interface PlantedFault {
  readonly port: "commit" | "swap";
  /** Which call since the node was opened, from 1 on. */
  readonly call: number;
  readonly end: End;
}

const fault = JSON.parse(process.env["OPENLINE_FAULT"] ?? "") as PlantedFault;

/** Runs one write of a port, or lets it go wrong. After a failed one every later one fails, as the ports promise. */
class Writes {
  #calls = 0;
  #failed = false;

  async write(port: PlantedFault["port"], written: () => Promise<void>): Promise<void> {
    const its = port === fault.port && ++this.#calls === fault.call;
    if (this.#failed) throw new OpenlineError("storage", "a write has failed before");
    if (!its) return written();
    if (fault.end === "killed-before") die();
    if (fault.end !== "failed") await written();
    if (fault.end === "killed-after") die();
    this.#failed = true;
    throw new OpenlineError("storage", `${port} ${fault.call}: input/output error`);
  }
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("killed");
}

const writes = new Writes();

/** Private fields are reached on the object itself only. */
function wrapped<T extends object>(port: T, own: Partial<T>): T {
  return new Proxy(port, {
    get: (target, key) => {
      const value: unknown = Reflect.get(key in own ? own : target, key);
      return typeof value === "function" && !(key in own) ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}

const open = Node.open.bind(Node);
Node.open = (options) => {
  const { store, second } = options;
  const failing: Pick<Store, "commit"> = { commit: (batch) => writes.write("commit", () => store.commit(batch)) };
  const place: Pick<SecondPlace, "swap"> = {
    swap: (log, expected, next) => writes.write("swap", () => second.swap(log, expected, next)),
  };
  return open({ ...options, store: wrapped(store, failing), second: wrapped(second, place) });
};

process.exitCode = await runOpenline(process.argv);
