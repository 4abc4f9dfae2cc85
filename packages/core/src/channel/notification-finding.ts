import type { Body } from "../entry/body.ts";
import type { Cbor } from "../encoding/cbor.ts";
import { type Completeness, completeness, mergeFields } from "../forms/completeness.ts";
import { formById } from "../forms/registry.ts";
import { parseUnixSeconds } from "../ids.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt } from "../record/times.ts";

/** The completeness finding of a notification with its updates that have effect at `at`: what both parties see. `words` gives
 *  the disclosed body of an entry. It is about words and no part of the state. Source: docs/spec/forms.md. */
export function notificationFinding(
  record: LineRecord,
  notification: Placed,
  context: { readonly at: number; readonly words: (leaf: string) => Body | undefined },
): Completeness {
  const thread = new Set([notification.leaf]);
  let fields = fieldsOf(context.words(notification.leaf));
  for (const act of record.byLeaf.values()) {
    if (act.header === undefined || act.header.kind !== "notification-update" || !act.header.refs.some((ref) => thread.has(ref))) continue;
    thread.add(act.leaf);
    if (effectAt(record, act, context.at) <= context.at) fields = mergeFields(fields, fieldsOf(context.words(act.leaf)));
  }
  const id = notification.header.facts.form;
  const placedAt = parseUnixSeconds(notification.placement.time);
  return completeness(id === undefined ? undefined : formById(id), fields, { placedAt });
}

function fieldsOf(body: Body | undefined): ReadonlyMap<string, Cbor> {
  const fields = body?.get("fields");
  return new Map(fields instanceof Map ? [...fields].map(([key, value]): [string, Cbor] => [String(key), value]) : []);
}
