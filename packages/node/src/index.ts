export { limits } from "@openline/core";
export * from "./crypto/native-suite.ts";
export * from "./store/store.ts";
export { MemoryDisk, MemoryStore, type CommitFault } from "./store/memory.ts";
export { MemorySecondPlace, type SecondPlace, type SignedUpTo } from "./store/second-place.ts";
export { FileSecondPlace } from "./store/file-second-place.ts";
export { openSqlite, openSqliteReadOnly } from "./store/sqlite.ts";
