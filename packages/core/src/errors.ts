/** Three kinds of failure, never mixed (house rule): a *refusal* is returned, a *fault* is thrown as `OpenlineError`,
 *  a *bug* is an `AssertionError` that nobody catches. Source: docs/spec/refusals.md. */

/** Every reason for which a party's bytes or acts are refused. Closed: adding one is a change of the protocol.
 *  Each stands in at least one invalid vector under `vectors/`. */
export const REFUSAL_CODES = [
  // bytes
  "oversized", // longer than the limit for its kind
  "truncated", // ends before its encoding does, or goes on after it
  "non-canonical", // decodes, but is not the one deterministic encoding of its value
  "unsorted", // map keys out of order or doubled
  "malformed", // the encoding is right and the shape is not the specified one
  "unsupported-version", // header version other than 1
  "unknown-kind", // a kind of a later version: held and shown as such, never an entry of its own
  // belonging
  "wrong-line", // made for another line
  "wrong-party", // author is not a party of the accord, or not the log's owner
  "wrong-index", // placed at an index other than its position
  "wrong-chain", // does not name its log's latest control act
  "wrong-head", // names a head that is not a head of the named log, or goes back
  "foreign-mode", // live act on an exercise line, or the other way round
  // authority
  "unknown-key", // signed by a key its log never enrolled
  "revoked-key", // signed by a key revoked at an earlier index
  "weak-key", // a key that is not canonical, of small order or not torsion-free
  "reused-key", // a key or 8-byte key id enrolled before
  "key-not-possessed", // enrolled without its own signature over the enrolment
  "wrong-signature", // does not verify
  "not-authorised", // the key may not sign this kind, post or channel
  "two-persons-required", // the rule asks for author and releaser with different commitments
  // time
  "future-dated", // placed more than 60 s after the receiver's clock
  "time-goes-back", // placed before the entry before it in the same log
  "late-placed", // placed after the time its author allowed
  // content
  "replayed", // act id seen before in this party's logs
  "bad-facts", // facts missing, unknown or of the wrong shape for the kind
  "unknown-reference", // refers to nothing held
  "wrong-reference", // refers to an entry that this kind cannot refer to
  "missing-disclosure", // the body did not arrive within the held clock
  "wrong-disclosure", // the body does not match its commitment
  "bad-body", // the body does not fit its kind
  "not-in-force", // the channel is not in force
  "unknown-channel", // the accord has no such channel
  "unknown-post", // the accord has no such post on the channel
  "over-rate", // above the agreed number per hour or day
  // log
  "wrong-root", // entries do not give the signed root
  "smaller-head", // a head smaller than one already held
  "fork", // two heads of one incarnation that cannot both be true
  "unknown-log", // names a log that the line does not have
  // files and accord
  "wrong-accord", // accord files disagree, or are not signed by enough root holders
  "wrong-contribution", // a secret contribution that does not open or does not match its commitment
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Why something was refused. `detail` is for people reading a log, never parsed. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly detail: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const refuse = (code: RefusalCode, detail: string): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: { code, detail },
});

/** Carries a refusal up through a parser to the one place that returns it. It never leaves `refusable`. */
export class RefusedInput extends Error {
  override readonly name = "RefusedInput";
  readonly refusal: Refusal;
  constructor(code: RefusalCode, detail: string) {
    super(`${code}: ${detail}`);
    this.refusal = { code, detail };
  }
}

/** Runs a parser over untrusted input; what it refuses becomes a returned refusal, everything else is a bug and goes on. */
export function refusable<T>(parse: () => T): Result<T> {
  try {
    return ok(parse());
  } catch (error) {
    if (error instanceof RefusedInput) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

/** The same where reading takes files: what is refused on the way becomes a returned refusal. */
export async function refusableAsync<T>(parse: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await parse());
  } catch (error) {
    if (error instanceof RefusedInput) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

/** Our own disk, network, clock or configuration is unwell. */
export const FAULT_CODES = [
  "storage", // a write or sync failed: the process must stop
  "folder-in-use", // another process holds the folder
  "not-a-folder", // no node lives in this folder
  "second-place", // the second durable place is lost or ahead of the store
  "damaged", // stored bytes are not what was written
  "locked", // a key file does not open with the passphrase or credential given
  "not-running", // no node runs for the line
  "exposed", // a key file or folder that others may read
  "usage", // the caller asked for something that cannot be
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

export class OpenlineError extends Error {
  override readonly name = "OpenlineError";
  readonly code: FaultCode;
  readonly retryable: boolean;
  constructor(code: FaultCode, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** States what must hold for the program to be right. A failure is a bug and stops the process. */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new AssertionError(why);
}

/** For the end of an exhaustive switch: compiles only when every case has been handled. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${String(value)}`);
}
