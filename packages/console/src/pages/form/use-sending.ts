import type { Said } from "@openline/core";
import { useActing } from "../../acting/acting.tsx";
import { type Saying, restoreInto, useSaying } from "../../typed/use-saying.ts";
import { type TypedFields, fieldsLeft } from "./typed-fields.ts";

export interface Sending extends Pick<Saying, "last" | "recalled"> {
  /** Undefined while it cannot be sent; that it is incomplete is no reason. */
  readonly send: (() => void) | undefined;
}

/** Sends what is typed into a form as an act; what was recalled stands in its fields again. `said` undefined: it can be said nowhere. */
export function useSending({ kept, fields }: Pick<TypedFields, "kept" | "fields">, said: Said | undefined): Sending {
  const { key, say: saySigned } = useActing();
  const { last, recalled, say } = useSaying(kept, { rest: fieldsLeft, restore: (text) => restoreInto(kept, text) });
  const sendOn = (act: Said): Promise<void> => say(() => saySigned(act, { body: new Map([["fields", fields]]), recall: true }));
  const may = "standing" in key && key.standing === "in-force" && fields.size > 0 && !kept.saying;
  return { last, recalled, send: may && said !== undefined ? () => void sendOn(said) : undefined };
}
