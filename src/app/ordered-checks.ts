/**
 * Checks that run side by side while their outcomes are used one by one, in the order in which the checks were begun:
 * whoever uses them need not know that they ran at once. After a failure nothing more is used.
 */
export class OrderedChecks {
  readonly #limit: number;
  /** One for each outcome that was not used yet, oldest first. */
  readonly #waiting: Promise<void>[] = [];
  #last: Promise<void> = Promise.resolve();

  /** `limit` is how many may wait; `add` tells when there are more. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Undefined while there is room, else fulfilled when there is; rejects as `end` does. */
  add<Outcome>(check: Promise<Outcome>, use: (outcome: Outcome) => void): Promise<void> | undefined {
    const used = Promise.all([check, this.#last]).then(([outcome]) => {
      use(outcome);
      void this.#waiting.shift();
    });
    // Whoever waits for room or for the end meets the failure; one who stopped for another reason need not.
    used.catch(() => undefined);
    this.#last = used;
    this.#waiting.push(used);
    return this.#waiting.at(-1 - this.#limit);
  }

  /** Fulfilled when every outcome was used; rejects with the first failure of a check or of a use. */
  end(): Promise<void> {
    return this.#last;
  }
}
