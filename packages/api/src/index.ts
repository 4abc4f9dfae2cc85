export * from "./problem.ts";
export * from "./values.ts";
export * from "./lines.ts";
export * from "./acts.ts";
export * from "./states.ts";
export * from "./entries.ts";
export * from "./bearers.ts";
export * from "./client.ts";
