import { defineConfig } from "vite";

const EVERY_SCREEN =
  /packages\/console\/src\/(acting|frame|glyphs|keys|node|sound|typed|words)\/(?!key-list|two-texts|signer|key-store|unanswered|en\.|zh\.)/;

/** One page, its script and its style, under names that say what they hold. Nothing is inlined: the node's content policy lets
 *  only what this origin serves run. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ["openline-source", "browser", "import", "module", "default"] },
  build: {
    outDir: "dist/pages",
    emptyOutDir: true,
    target: "es2024",
    assetsInlineLimit: 0,
    modulePreload: false,
    // One style for all screens: what would load another one with a screen weighs more than it.
    cssCodeSplit: false,
    // What every screen has stays in one file: cut at what two of them share, less of the libraries is left out and all of it packs worse.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", test: EVERY_SCREEN }] } } },
  },
  logLevel: "warn",
});
