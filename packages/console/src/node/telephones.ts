import type { Telephone } from "@openline/api";

/** The party's telephone list as this browser last had it: what a watch turns to when its node is gone must not have to be asked for then. */
const KEY = "openline-telephones";

export const keepTelephones = (telephones: readonly Telephone[]): void => localStorage.setItem(KEY, JSON.stringify(telephones));

/** Undefined: no node has given this browser one. */
export function keptTelephones(): readonly Telephone[] | undefined {
  const text = localStorage.getItem(KEY);
  return text === null ? undefined : parseTelephones(JSON.parse(text));
}

/** This page wrote it, from an answer that the node had checked against the schema. */
const parseTelephones = (value: unknown): readonly Telephone[] => value as readonly Telephone[];
