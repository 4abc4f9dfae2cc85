/** Where a process stops for ever: at its n-th step outside itself, before or after that step has taken effect. */
export interface StopAt {
  readonly step: number;
  readonly when: "before" | "after";
}

/** One run of a node's program on its machine, from start to death. All it does to the world goes through `step`; once it is dead
 *  no step takes effect and none returns, as if the power had gone at that await. */
export class Process {
  alive = true;
  steps = 0;
  readonly #stopAt: StopAt | undefined;
  readonly #died: (why: string) => void;

  constructor(stopAt: StopAt | undefined, died: (why: string) => void) {
    this.#stopAt = stopAt;
    this.#died = died;
  }

  kill(why: string): void {
    if (!this.alive) return;
    this.alive = false;
    this.#died(why);
  }

  async step<T>(effect: () => T | Promise<T>): Promise<T> {
    if (!this.alive) return never();
    const stops = this.#stopAt?.step === ++this.steps ? this.#stopAt.when : undefined;
    if (stops === "before") {
      this.kill(`stopped before step ${this.steps}`);
      return never();
    }
    const step = this.steps;
    const result = await effect();
    if (stops === "after") this.kill(`stopped after step ${step}`);
    return this.alive ? result : never();
  }
}

const never = async <T>(): Promise<T> => new Promise<T>(() => undefined);
