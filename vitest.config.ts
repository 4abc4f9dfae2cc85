import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { type TestProjectInlineConfiguration, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const cores = availableParallelism();
const conditions = ["openline-source", "node", "import", "module", "default"];

type TestOptions = NonNullable<TestProjectInlineConfiguration["test"]>;
const project = (timeout: number, test: TestOptions): TestProjectInlineConfiguration => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { ...test, testTimeout: timeout, hookTimeout: timeout, environment: "node" },
});

/** What `npm run check` runs. Its files share modules and what has been compiled of them, else a third of their time: no file leaves
 *  another anything, as `--sequence.shuffle.files` shows. */
const unit = project(60_000, {
  name: "unit",
  include: ["packages/*/test/**/*.test.ts"],
  isolate: false,
  maxWorkers: Math.max(2, cores - 1),
  sequence: { groupOrder: 1 },
});

/** Starts real processes and kills them. Most of that time is waiting for clocks, disks and other processes, so one file more than there
 *  are cores runs at once. */
const processes = project(180_000, {
  name: "process",
  include: ["tests/**/*.test.ts"],
  maxWorkers: Math.max(3, cores - 1),
  sequence: { groupOrder: 0 },
  // Where the command itself keeps what it has compiled: a process that is killed at once has no time to compile.
  env: { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/openline-compiled", import.meta.url)) },
});

/** What takes longest begins first, else it runs at the end with nothing beside it; a fresh clone knows no times. */
const LONGEST = ["docs", "cli", "start", "faults/disk", "console-call", "store-kill"].map((name) => `/tests/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return found === -1 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

/** Vitest has an order of its own for that. */
const shuffled = process.argv.some((word) => word.startsWith("--sequence.shuffle"));
const sequence = shuffled ? {} : { sequencer: LongestFirst };

export default defineConfig({ test: { projects: [unit, processes], sequence } });
