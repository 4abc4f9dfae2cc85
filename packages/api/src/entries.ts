import { type Static, Type } from "typebox";
import { Next, Paging } from "./paging.ts";
import { EntryPlace, LogLabel, Time } from "./values.ts";

/** `GET /api/v1/lines/{line}/entries`: entries in words, newest first. A page ends where `next` says how to go on. */
export const EntriesQuery = Type.Object(
  {
    kind: Type.Optional(Type.String()),
    channel: Type.Optional(Type.String()),
    ...Paging.properties,
  },
  { additionalProperties: false },
);
export type EntriesQuery = Static<typeof EntriesQuery>;

export const EntryParams = Type.Object({
  line: Type.String({ minLength: 1, maxLength: 64 }),
  log: LogLabel,
  index: Type.Integer({ minimum: 0 }),
});
export type EntryParams = Static<typeof EntryParams>;

/** One entry as `openline show --json` prints it, docs/operating/command.md. */
export const EntryShown = Type.Object(
  { ...EntryPlace.properties, kind: Type.Optional(Type.String()), placed: Type.String() },
  { title: "Entry", additionalProperties: true },
);
export type EntryShown = Static<typeof EntryShown>;

export const Entries = Type.Object({ entries: Type.Array(EntryShown), next: Next }, { title: "Entries" });
export type Entries = Static<typeof Entries>;

/** `GET /api/v1/lines/{line}/inbox`: what other parties have said and somebody here still owes, the most pressing first. */
export const InboxQuery = Type.Object({ all: Type.Optional(Type.Boolean()), ...Paging.properties }, { additionalProperties: false });
export type InboxQuery = Static<typeof InboxQuery>;

export const Owed = Type.Object(
  {
    clock: Type.Union([Type.Literal("acknowledgement"), Type.Literal("answer"), Type.Literal("call-request")]),
    due: Type.Union([Time, Type.Null()]),
    overdue: Type.Boolean(),
  },
  { title: "Owed" },
);
/** `testWaits`: it is a test, and waits for the answer of an officer here. */
export const InboxItem = Type.Object({ entry: EntryShown, owed: Type.Array(Owed), testWaits: Type.Boolean() }, { title: "InboxItem" });
/** `laterKinds`: how many acts of posts are held whose kind only a later version knows; with `all` they are among the items. */
export const Inbox = Type.Object(
  { at: Time, items: Type.Array(InboxItem), laterKinds: Type.Integer({ minimum: 0 }), next: Next },
  { title: "Inbox" },
);
export type Inbox = Static<typeof Inbox>;
