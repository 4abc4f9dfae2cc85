import { isAddress } from "../accord/party-file.ts";
import { REFUSAL_CODES } from "../errors.ts";
import { isFormId } from "../forms/form-id.ts";
import { limits } from "../limits.ts";
import type { Facts } from "./facts.ts";
import { KINDS, type KindName, READINGS } from "./kinds.ts";

/** Why an act of this kind cannot mean these facts, for people, or nothing: one that must be there is not, or one of the right shape says
 *  nothing. Judged and not decoded, so that the bytes are held and shown all the same. Source: docs/spec/acts.md §8. */
export function unfitFacts(kind: KindName, facts: Facts): string | undefined {
  const missing = (KINDS[kind].required ?? []).find((name) => facts[name] === undefined);
  if (missing !== undefined) return `${kind} without ${missing}`;
  return unfitWindows(facts) ?? unfitForms(facts) ?? unfitWord(kind, facts) ?? unfitWays(facts);
}

/** Where a node may be called and which keys it shows there: from a time that is said, and no more of them than a party file may name. */
function unfitWays({ addresses, pins, effective }: Facts): string | undefined {
  if (addresses === undefined && pins === undefined) return undefined;
  if (effective === undefined) return "addresses or pins without effective";
  if ((addresses ?? []).length > limits.addressesMax || (pins ?? []).length > limits.certificatesMax) return "too many addresses or pins";
  const strange = addresses?.find((text) => !isAddress(text));
  if (strange !== undefined) return `addresses: no host:port: "${strange}"`;
  const wrong = pins?.find((text) => !/^[0-9a-f]{64}$/.test(text));
  return wrong === undefined ? undefined : `pins: no pin: "${wrong}"`;
}

/** A window may be one moment; it never ends before it begins. */
function unfitWindows({ windows }: Facts): string | undefined {
  if (windows === undefined) return undefined;
  if (windows.length === 0) return "windows: none";
  return windows.some(({ from, to }) => to < from) ? "windows: one ends before it begins" : undefined;
}

function unfitForms({ form, scope }: Facts): string | undefined {
  if (form !== undefined && !isFormId(form)) return `form: no form id: "${form}"`;
  const strange = scope?.find((id) => !isFormId(id));
  return strange === undefined ? undefined : `scope: no form id: "${strange}"`;
}

/** A word of a closed list. */
function unfitWord(kind: KindName, { reading, code, purpose }: Facts): string | undefined {
  if (reading !== undefined && !READINGS.some((item) => item === reading)) return `reading: no reading of open: "${reading}"`;
  if (code !== undefined && !REFUSAL_CODES.some((item) => item === code)) return `code: no refusal: "${code}"`;
  const purposes = PURPOSES.get(kind);
  return purpose === undefined || purposes === undefined || purposes.includes(purpose) ? undefined : `purpose: ${kind} for "${purpose}"`;
}

/** What a proposal is for is judged with the amendment (docs/spec/accord.md §7). */
const PURPOSES: ReadonlyMap<KindName, readonly string[]> = new Map([
  ["key-add", ["node", "directory"]],
  ["prekey", ["direct", "narrow", "hand"]],
]);
