import type { Body } from "../entry/body.ts";
import type { Header } from "../entry/act.ts";
import type { Cbor } from "../encoding/cbor.ts";
import { type Completeness, type FormFields, completeness, mergeFields } from "../forms/completeness.ts";
import { formById } from "../forms/registry.ts";
import { type LeafHash, parseUnixSeconds } from "../ids.ts";
import type { Placed } from "../record/log-track.ts";
import type { LineRecord } from "../record/record.ts";
import { effectAt, logOrder } from "../record/times.ts";

interface At {
  readonly at: number;
  /** The disclosed body of an entry. */
  readonly words: (leaf: string) => Body | undefined;
}

/** The completeness finding of a notification with its updates that have effect at `at`: what both parties see. It is about words and no
 *  part of the state. Source: docs/spec/forms.md. */
export function notificationFinding(record: LineRecord, notification: Placed, context: At): Completeness {
  const { fields } = notificationNow(record, notification, context);
  return findingOf(notification, fields);
}

/** What a notification says at `at`: its fields with those of its updates over them, and the updates that have effect, in its author's log order.
 *  Nobody else changes what it says. */
export function notificationNow(
  record: LineRecord,
  notification: Placed,
  context: At,
): { readonly fields: FormFields; readonly updates: readonly Placed[] } {
  const updates = updatesOf(record, notification).filter((act) => effectAt(record, act, context.at) <= context.at);
  const fields = [notification, ...updates].map((act) => fieldsOf(context.words(act.leaf))).reduce(mergeFields);
  return { fields, updates };
}

/** Updates by its own author, of it or of one of its updates, in log order, whatever the order in which they came. */
function updatesOf(record: LineRecord, notification: Placed): readonly Placed[] {
  const own: Placed[] = [];
  for (const act of record.byLeaf.values()) {
    if (act.header === undefined || act.header.kind !== "notification-update" || act.log.party !== notification.log.party) continue;
    own.push(act);
  }
  const thread = new Set([notification.leaf]);
  const updates: Placed[] = [];
  for (const act of own.toSorted(logOrder)) {
    if (!act.header.refs.some((ref) => thread.has(ref))) continue;
    thread.add(act.leaf);
    updates.push(act);
  }
  return updates;
}

/** The finding of what is not placed yet, as it would be if it were placed at `at`: of a notification, or of an update together with what
 *  it updates. Undefined: it is neither, or the record does not hold what it updates,
 *  or that is another party's, of which nobody else changes anything. */
export function draftFinding(
  record: LineRecord,
  { header, body }: { readonly header: Header; readonly body: Body | undefined },
  context: At,
): Completeness | undefined {
  if (header.kind === "notification")
    return completeness(formOf(header), fieldsOf(body), { placedAt: parseUnixSeconds(Math.floor(context.at)) });
  if (header.kind !== "notification-update") return undefined;
  const notification = updated(record, header.refs);
  if (notification === undefined || record.accord.parties[notification.log.party]?.key !== header.party) return undefined;
  return findingOf(notification, mergeFields(notificationNow(record, notification, context).fields, fieldsOf(body)));
}

/** An update of an update is one of its notification, however long the chain. */
function updated(record: LineRecord, refs: readonly LeafHash[]): Placed | undefined {
  const asked = new Set(refs);
  for (const leaf of asked) {
    const act = record.byLeaf.get(leaf);
    if (act?.header === undefined) continue;
    if (act.header.kind === "notification") return act;
    if (act.header.kind === "notification-update") for (const ref of act.header.refs) asked.add(ref);
  }
  return undefined;
}

const findingOf = ({ header, placement }: Placed, fields: FormFields): Completeness =>
  completeness(formOf(header), fields, { placedAt: parseUnixSeconds(placement.time) });

const formOf = ({ facts: { form } }: Header) => (form === undefined ? undefined : formById(form));

function fieldsOf(body: Body | undefined): ReadonlyMap<string, Cbor> {
  const fields = body?.get("fields");
  return new Map(fields instanceof Map ? [...fields].map(([key, value]): [string, Cbor] => [String(key), value]) : []);
}
