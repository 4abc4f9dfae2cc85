import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const conditions = ["openline-source", "node", "import", "module", "default"];

/** `unit` is what `npm run check` runs in seconds; `process` starts real processes and kills them. */
const project = (name: string, include: string[], testTimeout: number) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { name, include, testTimeout, hookTimeout: testTimeout, environment: "node" as const },
});

export default defineConfig({
  test: {
    // Most of the time of the process tests is waiting for disks and other processes: two files at once also on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [project("unit", ["packages/*/test/**/*.test.ts"], 60_000), project("process", ["tests/**/*.test.ts"], 180_000)],
  },
});
