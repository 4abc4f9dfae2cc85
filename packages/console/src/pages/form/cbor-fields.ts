import type { Cbor, FormFields } from "@openline/core";

/** Fields as the API shows them, maps as objects, read back into what an act carries. */
export const cborFields = (fields: Readonly<Record<string, unknown>>): FormFields =>
  new Map(Object.entries(fields).map(([key, value]): [string, Cbor] => [key, cborOf(value)]));

function cborOf(value: unknown): Cbor {
  if (Array.isArray(value)) return value.map(cborOf);
  if (typeof value === "object" && value !== null) return new Map(cborFields({ ...value }));
  return typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value) ? parseScalar(value) : null;
}

const parseScalar = (value: unknown): Cbor => value as Cbor;
