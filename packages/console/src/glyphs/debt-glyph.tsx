import type { ReactNode } from "react";

/** An arrow that points to the party that owes: ours is at the start of a line, theirs at its end. */
export function DebtGlyph({ owedBy }: { readonly owedBy: "us" | "them" }): ReactNode {
  return (
    <svg className="glyph debt" viewBox="0 0 24 24" aria-hidden="true">
      <path d={owedBy === "us" ? "M20 12H4M10 6l-6 6 6 6" : "M4 12h16M14 6l6 6-6 6"} />
    </svg>
  );
}
