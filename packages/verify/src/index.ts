export * from "./noble-suite.ts";
export * from "./finding.ts";
export * from "./report.ts";
export * from "./verify-record.ts";
export type { Files } from "./read-record.ts";
export * from "./pack-report.ts";
export * from "./verify-pack.ts";
export * from "./report-words.ts";
export * from "./report-text.ts";
