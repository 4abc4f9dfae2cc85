import { type Static, Type } from "typebox";

/** Values that several routes share. Times are RFC 3339 in UTC, hashes lower-case hex, bytes base64url without padding. */

export const Time = Type.String({ pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z$" });
export const Hash = Type.String({ pattern: "^[0-9a-f]{64}$" });
export const LineId = Type.String({ pattern: "^[0-9a-f]{32}$" });
export const LogLabel = Type.String({ pattern: "^[a-z][a-z0-9-]{1,31}(@[0-9a-f]{16})?$" });
/** The longest act with the longest body, in base64url, and room beside. */
export const Bytes = Type.String({ pattern: "^[A-Za-z0-9_-]*$", maxLength: 2_000_000 });

/** A text for each language. */
export const Texts = Type.Record(Type.String(), Type.String());

/** Where an entry stands: a party id for that party's current log, `<party>@<incarnation>` for a closed one. */
export const EntryPlace = Type.Object({ log: LogLabel, index: Type.Integer({ minimum: 0 }), leaf: Hash }, { title: "EntryPlace" });
export type EntryPlace = Static<typeof EntryPlace>;

/** Which line a request is about: its id, or its party where this node serves one line of that party only. */
export const LineParams = Type.Object({ line: Type.String({ minLength: 1, maxLength: 64 }) });
export type LineParams = Static<typeof LineParams>;
