/** The same items; the next one is asked for while this one is used. */
export async function* readAhead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let coming = iterator.next();
  try {
    for (let item = await coming; !item.done; item = await coming) {
      coming = iterator.next();
      // Whoever awaits it meets its failure; a reader that stops early does not.
      coming.catch(() => undefined);
      yield item.value;
    }
  } finally {
    await iterator.return?.();
  }
}
