export { limits } from "@openline/core";
export * from "./noble-suite.ts";
