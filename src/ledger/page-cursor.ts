/** Walks ordered pages item by item, waiting only between pages. */
export class PageCursor<Item> {
  readonly #pages: AsyncIterator<readonly Item[]>;
  #page: readonly Item[] = [];
  #at = 0;

  constructor(pages: AsyncIterable<readonly Item[]>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  /** The next items for as long as they are accepted; the first that is not stays for the next call. */
  async takeWhile(accepts: (item: Item) => boolean): Promise<readonly Item[]> {
    const taken: Item[] = [];
    for (;;) {
      for (; this.#at < this.#page.length; this.#at += 1) {
        const item = this.#page[this.#at];
        if (item === undefined || !accepts(item)) return taken;
        taken.push(item);
      }
      const next = await this.#pages.next();
      if (next.done) return taken;
      this.#page = next.value;
      this.#at = 0;
    }
  }

  /** Lets the source go, read to its end or not. */
  async close(): Promise<void> {
    await this.#pages.return?.();
  }
}
