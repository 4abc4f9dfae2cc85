import { type Static, Type } from "typebox";
import { EntryShown } from "./entries.ts";
import { Next, Paging } from "./paging.ts";
import { Time } from "./values.ts";

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
    /** What it is owed for. */
    entry: EntryShown,
  },
  { title: "Debt" },
);
export type DebtView = Static<typeof DebtView>;

export const Debts = Type.Object({ at: Time, debts: Type.Array(DebtView), next: Next }, { title: "Debts" });
export type Debts = Static<typeof Debts>;
