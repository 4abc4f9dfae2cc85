import { type Static, Type } from "typebox";
import { EntryShown } from "./entries.ts";
import { Next, Paging } from "./paging.ts";
import { EntryPlace, Time } from "./values.ts";

/** `GET /api/v1/lines/{line}/debts`: what anybody owes anybody, the most urgent first; what rings here is marked. */
export const DebtsQuery = Type.Object({ ...Paging.properties }, { additionalProperties: false });
export type DebtsQuery = Static<typeof DebtsQuery>;

export const DebtView = Type.Object(
  {
    clock: Type.Union([Type.Literal("acknowledgement"), Type.Literal("answer"), Type.Literal("call-request")]),
    /** The party that owes. */
    by: Type.String(),
    /** From when its clock runs, or from when it was held where that waits for a resumption; and from when, inclusive, it is overdue; null: its end is
     *  not known, or no clock runs. */
    since: Time,
    due: Type.Union([Time, Type.Null()]),
    overdue: Type.Boolean(),
    /** `arrived`: it waits for an officer's acknowledgement here. `overdue`: a clock has run out, ours or theirs. */
    rings: Type.Union([Type.Literal("arrived"), Type.Literal("overdue"), Type.Null()]),
    /** What the debtor has signed that ends it as soon as it is held; it does not ring there meanwhile. */
    pending: Type.Union([EntryPlace, Type.Null()]),
    /** What it is owed for. */
    entry: EntryShown,
  },
  { title: "Debt" },
);
export type DebtView = Static<typeof DebtView>;

/** `unheld`: what people of this party have said that no other node holds yet, in order, at most 20, on the first page: no clock runs for it. */
export const Debts = Type.Object({ at: Time, debts: Type.Array(DebtView), unheld: Type.Array(EntryShown), next: Next }, { title: "Debts" });
export type Debts = Static<typeof Debts>;
