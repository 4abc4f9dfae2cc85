/** The acts an exercise may play and the keys each may have. Source: exercises/README.md, "Events, by act". */

interface ActSpec {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** May stand on the line itself, without `channel`. */
  readonly onLine?: true;
}

const spec = (required: string, optional: string): ActSpec => ({ required: words(required), optional: words(optional) });
const lineSpec = (required: string, optional: string): ActSpec => ({ ...spec(required, optional), onLine: true });
const words = (text: string): readonly string[] => text.split(" ").filter((word) => word !== "");

const REPLY = spec("ref", "reason");
const SUSPENSION = spec("", "scope ground conditions review effective");
const CALL = spec("ref", "reason windows");
const TALKS = spec("ref", "reason");
const INCIDENT = "title characterisation position";
const UPDATE = spec("ref", "fields precedence to");

/** Keys every event may have. A reader of the record loses nothing by a text or a reference more, so these two are
 *  open to every act, also where the table gives only `reason` or only `id`. */
export const EVENT_KEYS: readonly string[] = words("on party act channel id ref source sure from text");

const ACTS = {
  message: spec("text", "to precedence subject wantsAnswer"),
  answer: spec("text", "to precedence subject wantsAnswer"),
  acknowledge: REPLY,
  decline: REPLY,
  correction: REPLY,
  translation: REPLY,
  clarify: REPLY,
  clarification: REPLY,
  "holding-reply": spec("ref until", ""),
  test: spec("", "quality"),
  "test-answer": spec("ref", "quality"),
  suspend: SUSPENSION,
  resume: SUSPENSION,
  cancel: SUSPENSION,
  withdraw: SUSPENSION,
  "call-request": spec("for to", ""),
  "call-accept": CALL,
  "call-counter": CALL,
  "call-decline": CALL,
  ring: CALL,
  "ring-answer": CALL,
  "call-record": CALL,
  "talks-propose": spec("", "place position to"),
  "talks-accept": TALKS,
  "talks-counter": TALKS,
  "talks-decline": TALKS,
  "talks-postpone": TALKS,
  "talks-cancel": TALKS,
  readout: TALKS,
  "joint-readout": TALKS,
  "talks-held": spec("", "with"),
  "incident-open": lineSpec("", INCIDENT),
  "incident-account": lineSpec("ref", INCIDENT),
  "incident-point": lineSpec("ref", INCIDENT),
  "incident-close": lineSpec("ref", INCIDENT),
  notification: spec("", "form fields precedence to"),
  "notification-update": UPDATE,
  "notification-cancel": UPDATE,
  "passed-to-units": UPDATE,
  statement: lineSpec("text", "way"),
  note: lineSpec("text", "way"),
  "service-note": lineSpec("text", "way"),
  observed: lineSpec("text", "way"),
} as const;

export type ExerciseAct = keyof typeof ACTS;

/** The act of this name; `undefined` when an exercise cannot play it. */
export function parseExerciseAct(text: string): ExerciseAct | undefined {
  return Object.hasOwn(ACTS, text) ? (text as ExerciseAct) : undefined;
}

export const specOfAct = (act: ExerciseAct): ActSpec => ACTS[act];
