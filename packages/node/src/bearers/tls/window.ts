import { countModulus } from "./framing.ts";
import { tlsLimits } from "./limits.ts";

/** How much may be under way: one frame, or what the other end takes in a second, whichever is more. The rate is measured from what
 *  it counts back; what lies in a socket's buffer is under way, not gone. Source: protocol §5, docs/spec/bearers.md §5. */
export class SendWindow {
  #sent = 0;
  #counted = 0;
  /** Bytes a second. */
  #rate = 0;
  #measuredAt = 0;
  #waiting: { readonly upTo: number; readonly done: () => void }[] = [];

  /** Bytes that may be sent now. */
  get credit(): number {
    return Math.max(0, this.#size - (this.#sent - this.#counted));
  }

  get #size(): number {
    return Math.max(tlsLimits.frameBytesMax, Math.min(tlsLimits.windowBytesMax, Math.floor(this.#rate)));
  }

  /** Whether a frame still fits into what is kept for urgent ones. */
  takes(bytes: number): boolean {
    return this.#sent + bytes - this.#counted <= this.#size + tlsLimits.reserveBytesMax;
  }

  /** A frame goes; `done` is called when the other end has counted it, or when the way is closed. */
  sent(bytes: number, nowMs: number, done: () => void): void {
    // Idle time is no measure of a rate.
    if (this.#sent === this.#counted) this.#measuredAt = nowMs;
    this.#sent += bytes;
    this.#waiting.push({ upTo: this.#sent, done });
  }

  /** The other end says how much has come, modulo 2^31. False: it cannot have had that much. */
  counted(count: number, nowMs: number): boolean {
    const more = (count - (this.#counted % countModulus) + countModulus) % countModulus;
    if (more > this.#sent - this.#counted) return false;
    if (more === 0) return true;
    this.#counted += more;
    const seconds = Math.max(0.001, (nowMs - this.#measuredAt) / 1000);
    this.#measuredAt = nowMs;
    this.#rate = this.#rate * 0.75 + (more / seconds) * 0.25;
    while ((this.#waiting[0]?.upTo ?? Infinity) <= this.#counted) this.#waiting.shift()?.done();
    return true;
  }

  /** Nothing more will be counted. */
  close(): void {
    for (const { done } of this.#waiting) done();
    this.#waiting = [];
  }
}
