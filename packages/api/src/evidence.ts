import { type Static, Type } from "typebox";

const PLACE = "[a-z][a-z0-9-]{1,31}(@[0-9a-f]{16})?:[0-9]{1,15}";

/** Entries of one pack that one request names. */
const PACK_ENTRIES_MAX = 50;

/** `GET /api/v1/lines/{line}/evidence`: an evidence pack of these entries, the bytes as docs/spec/evidence-pack.md fixes them. */
export const EvidenceQuery = Type.Object(
  {
    entry: Type.String({
      pattern: `^${PLACE}(,${PLACE}){0,${PACK_ENTRIES_MAX - 1}}$`,
      description: "the entries, `log:index`, with commas between them",
    }),
  },
  { additionalProperties: false },
);
export type EvidenceQuery = Static<typeof EvidenceQuery>;
