import { type Static, Type } from "typebox";
import { Hash, Time } from "./values.ts";

/** `GET /api/v1/lines/{line}/accord`: the terms that each party's log uses, and the amendments that are under way, whose turn it is with each.
 *  Entries are `LOG/INDEX`. */
const Entry = Type.String();
const OrNull = <T extends Parameters<typeof Type.Array>[0]>(schema: T) => Type.Union([schema, Type.Null()]);

export const TermsInForce = Type.Object(
  { party: Type.String(), terms: Hash, entry: OrNull(Entry), since: OrNull(Time), file: OrNull(Entry) },
  { title: "TermsInForce" },
);

export const AmendmentView = Type.Object(
  {
    entry: Entry,
    placed: Time,
    purpose: Type.Union([Type.Literal("terms"), Type.Literal("party")]),
    by: Type.String(),
    digest: Hash,
    /** The same as 80 digits, to be compared by telephone. */
    digits: Type.String(),
    here: Type.Boolean(),
    accepted: Type.Array(Type.String()),
    confirmed: OrNull(Entry),
    inForce: Type.Array(Type.String()),
    next: OrNull(
      Type.Object({
        step: Type.Union([
          Type.Literal("accept"),
          Type.Literal("confirm"),
          Type.Literal("take-back"),
          Type.Literal("hold"),
          Type.Literal("in-force"),
        ]),
        by: Type.Array(Type.String()),
      }),
    ),
    over: Type.Union([Type.Literal("taken-back"), Type.Literal("overtaken"), Type.Null()]),
  },
  { title: "Amendment" },
);
export type AmendmentView = Static<typeof AmendmentView>;

export const AccordShown = Type.Object({ inForce: Type.Array(TermsInForce), amendments: Type.Array(AmendmentView) }, { title: "Accord" });
export type AccordShown = Static<typeof AccordShown>;
