import { defineConfig, mergeConfig } from "vite";
import pages from "./vite.config.ts";

/** The page of `openline start`, in a folder of its own: no node serves it. */
export default mergeConfig(pages, defineConfig({ build: { outDir: "dist/start", rolldownOptions: { input: "start.html" } } }));
