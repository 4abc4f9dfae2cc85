/** One step at a time, in the order of asking. A step that fails does not hold up the next. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(step: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(step);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
