import type { Turns } from './ports.ts';

/** Work that waits for the work before it; what fails does not hold up what follows. */
export class OneByOne implements Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
