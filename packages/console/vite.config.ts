import { defineConfig } from "vite";

/** One page, its script and its style, under names that say what they hold. Nothing is inlined: the node's content policy lets
 *  only what this origin serves run. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ["openline-source", "browser", "import", "module", "default"] },
  build: { outDir: "dist/pages", emptyOutDir: true, target: "es2024", assetsInlineLimit: 0, modulePreload: false },
  logLevel: "warn",
});
