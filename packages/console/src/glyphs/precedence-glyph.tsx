import type { Precedence } from "@openline/core";
import type { ReactNode } from "react";

/** Filled, with the code letter inside, which is the same in every language. */
const SHAPES: Readonly<Record<Precedence, { readonly letter: string; readonly shape: ReactNode; readonly y: number }>> = {
  FLASH: { letter: "Z", shape: <path d="M12 1l11 11-11 11L1 12z" />, y: 16 },
  IMMEDIATE: { letter: "O", shape: <path d="M12 2l11 20H1z" />, y: 20 },
  PRIORITY: { letter: "P", shape: <path d="M3 3h18v18H3z" />, y: 16 },
  ROUTINE: { letter: "R", shape: <circle cx="12" cy="12" r="10.5" />, y: 16 },
};

export function PrecedenceGlyph({ precedence }: { readonly precedence: Precedence }): ReactNode {
  const { letter, shape, y } = SHAPES[precedence];
  return (
    <svg className={`glyph precedence ${precedence}`} viewBox="0 0 24 24" aria-hidden="true">
      {shape}
      <text x="12" y={y} textAnchor="middle">
        {letter}
      </text>
    </svg>
  );
}
