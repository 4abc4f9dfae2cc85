import { PRECEDENCES, type Precedence } from "@openline/core";
import { CHECK, TUNES } from "./tunes.ts";

/** An alarm that stands. `id` is equal for as long as it is the same one. */
export interface Ringing {
  readonly id: string;
  readonly precedence: Precedence;
}

/** `blocked`: the browser lets nothing sound, as it does until somebody has pressed a key or clicked. `none`: it cannot sound at all. */
export type Audible = "on" | "blocked" | "none";

export interface SoundShown {
  readonly audible: Audible;
  /** Something sounds, and goes on until it is acknowledged. */
  readonly ringing: boolean;
}

const LOUD = 0.5;
const LOW = 0.1;
const TONE_S = 0.18;
const STEP_S = 0.24;
/** A tone that begins or ends at once cracks. */
const EDGE_S = 0.02;
const LOOK_MS = 500;

/** The sound of this page: made here, from nothing that is fetched. */
export class Sound {
  /** Whether people here have asked for quiet; FLASH sounds all the same, and low. */
  muted: () => boolean = () => false;
  #shown: SoundShown = { audible: "blocked", ringing: false };
  #context: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #alarms: readonly Ringing[] = [];
  #sounded: ReadonlySet<string> = new Set();
  #lastMs = -Infinity;
  readonly #watchers: Set<() => void> = new Set();

  get shown(): SoundShown {
    return this.#shown;
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  start(): void {
    this.#context = opened();
    this.#context?.addEventListener("statechange", this.#look);
    addEventListener("keydown", this.#wake, true);
    addEventListener("pointerdown", this.#wake, true);
    this.#timer = setInterval(this.#look, LOOK_MS);
    this.#look();
  }

  stop(): void {
    removeEventListener("keydown", this.#wake, true);
    removeEventListener("pointerdown", this.#wake, true);
    clearInterval(this.#timer);
    void this.#context?.close();
    this.#context = undefined;
  }

  /** Everything that rings now. */
  ring(alarms: readonly Ringing[]): void {
    this.#alarms = alarms;
    const stands = new Set(alarms.map(({ id }) => id));
    this.#sounded = new Set([...this.#sounded].filter((id) => stands.has(id)));
    this.#look();
  }

  /** One tone, so that whoever sits here knows that they would hear an alarm. */
  check(): void {
    this.#wake();
    this.#play(CHECK, LOUD);
  }

  readonly #wake = (): void => {
    if (this.#context?.state === "suspended") void this.#context.resume().catch(() => undefined);
  };

  /** What is most urgent sounds: at once where it has not sounded yet, then as often as its tune says. What could not sound is not taken
   *  for sounded. */
  readonly #look = (): void => {
    const audible: Audible = this.#context === undefined ? "none" : this.#context.state === "running" ? "on" : "blocked";
    const top = this.#alarms.toSorted((a, b) => PRECEDENCES.indexOf(b.precedence) - PRECEDENCES.indexOf(a.precedence))[0];
    const tune = top === undefined ? undefined : TUNES[top.precedence];
    const silent = top === undefined || tune === undefined || (this.muted() && top.precedence !== "FLASH");
    if (audible === "on" && !silent) {
      const again = tune.everyMs !== undefined && performance.now() - this.#lastMs >= tune.everyMs;
      if (again || !this.#sounded.has(top.id)) {
        this.#play(tune.tones, this.muted() ? LOW : LOUD);
        this.#lastMs = performance.now();
        this.#sounded = new Set([...this.#sounded, top.id]);
      }
    }
    this.#show({ audible, ringing: audible === "on" && !silent && tune.everyMs !== undefined });
  };

  #play(tones: readonly number[], volume: number): void {
    const context = this.#context;
    if (context === undefined) return;
    for (const [i, hertz] of tones.entries()) {
      const from = context.currentTime + i * STEP_S;
      const tone = new OscillatorNode(context, { type: "triangle", frequency: hertz });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(volume, from + EDGE_S);
      gain.gain.setValueAtTime(volume, from + TONE_S - EDGE_S);
      gain.gain.linearRampToValueAtTime(0, from + TONE_S);
      tone.connect(gain).connect(context.destination);
      tone.start(from);
      tone.stop(from + TONE_S);
    }
  }

  #show(shown: SoundShown): void {
    if (shown.audible === this.#shown.audible && shown.ringing === this.#shown.ringing) return;
    this.#shown = shown;
    for (const watcher of this.#watchers) watcher();
  }
}

/** Undefined where this machine or browser has no sound. */
function opened(): AudioContext | undefined {
  try {
    return new AudioContext();
  } catch {
    return undefined;
  }
}
