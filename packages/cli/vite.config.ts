import { defineConfig } from "vite";

/** The command as few files: what Node reads one by one takes longer than most commands. Packages stay outside whose code is native, or
 *  that only a node that runs needs. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ["openline-source", "node", "import", "module", "default"] },
  ssr: {
    noExternal: true,
    external: ["sodium-native", "fastify", "@fastify/swagger", "prom-client"],
    resolve: { conditions: ["openline-source", "node", "import", "module", "default"] },
  },
  build: {
    ssr: true,
    outDir: "dist/bundle",
    emptyOutDir: true,
    target: "node24",
    minify: false,
    rolldownOptions: {
      input: {
        main: "src/main.ts",
        "sqlite-worker": "../node/src/store/sqlite-worker.ts",
        "ed25519-thread": "../node/src/crypto/ed25519-thread.ts",
        "log-file-process": "../node/src/watch/log-file-process.ts",
        "party-process": "../node/src/measure/party-process.ts",
      },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
  logLevel: "warn",
});
