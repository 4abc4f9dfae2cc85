export * from "./ids.ts";
export * from "./errors.ts";
export * from "./limits.ts";
export * from "./encoding/bytes.ts";
export * from "./encoding/cbor.ts";
export * from "./encoding/time.ts";
export * from "./crypto/suite.ts";
