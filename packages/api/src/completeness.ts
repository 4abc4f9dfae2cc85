import { type Static, Type } from "typebox";

/** The completeness finding of a notification, as docs/spec/forms.md §4 says it. It refuses nothing. */
export const CompletenessShown = Type.Object(
  {
    status: Type.Union([Type.Literal("complete"), Type.Literal("incomplete"), Type.Literal("not-checked")]),
    missing: Type.Array(Type.String()),
    late: Type.Union([Type.Object({ leadTimeS: Type.Number(), givenS: Type.Number() }), Type.Null()]),
    /** `code`: one of the closed reasons; `expected`: the codes of which one was expected. */
    wrong: Type.Array(Type.Object({ key: Type.String(), code: Type.String(), expected: Type.Array(Type.String()) })),
  },
  { title: "Completeness" },
);
export type CompletenessShown = Static<typeof CompletenessShown>;
