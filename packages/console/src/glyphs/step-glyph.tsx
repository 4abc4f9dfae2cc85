import type { ReactNode } from "react";

/** A step of a message's track: empty, not yet; half, said by its author only; full, signed by the other party. */
export function StepGlyph({ proven }: { readonly proven: "not-yet" | "claimed" | "signed" }): ReactNode {
  return (
    <svg className="glyph step" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9" />
      {proven === "signed" && <circle cx="12" cy="12" r="6" className="dot" />}
      {proven === "claimed" && <path className="dot" d="M12 6a6 6 0 0 0 0 12z" />}
    </svg>
  );
}
