import type { Verdict } from "@openline/core";
import type { ReactNode } from "react";

/** Outlined, never filled: a filled shape is a precedence. The word always stands beside, so a glyph is hidden from readers. */
const SHAPES: Readonly<Record<Verdict | "not-known", ReactNode>> = {
  open: (
    <>
      <Ring />
      <path d="M7.5 12.5l3 3 6-7" />
    </>
  ),
  unproven: <circle cx="12" cy="12" r="9" strokeDasharray="0.1 4.6" strokeLinecap="round" strokeWidth="2.6" />,
  "not-received": <path d="M20 8a9 9 0 1 0 0 8" />,
  untested: (
    <>
      <Ring />
      <circle cx="12" cy="12" r="1.6" className="dot" />
    </>
  ),
  unanswered: <path d="M6 17h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v4.5zM10.5 20h3M4 21L20 3" />,
  silent: <path d="M12 3a9 9 0 0 0 0 18" />,
  suspended: (
    <>
      <Ring />
      <path d="M9.5 8v8M14.5 8v8" />
    </>
  ),
  "not-in-force": (
    <>
      <Ring />
      <path d="M8.5 8.5l7 7M15.5 8.5l-7 7" />
    </>
  ),
  "not-known": (
    <>
      <circle cx="12" cy="12" r="9" strokeDasharray="4 3" />
      <path d="M9.5 9.8a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.6v.2" />
    </>
  ),
};

export function VerdictGlyph({ verdict }: { readonly verdict: Verdict | "not-known" }): ReactNode {
  return (
    <svg className={`glyph verdict ${verdict}`} viewBox="0 0 24 24" aria-hidden="true">
      {SHAPES[verdict]}
    </svg>
  );
}

function Ring(): ReactNode {
  return <circle cx="12" cy="12" r="9" />;
}
