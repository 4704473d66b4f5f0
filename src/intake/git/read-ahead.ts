/** Starts items before they are asked for, `ahead` at a time; gives the results in order. */
export async function* readAhead<Item, Result>(
  items: Iterable<Item>,
  ahead: number,
  start: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  let block: Promise<Result>[] = [];
  let next: Promise<Result>[] = [];
  for (const item of items) {
    const result = start(item);
    // Where an earlier one fails, nobody comes to see the failure of this one.
    result.catch(() => undefined);
    next.push(result);
    if (next.length < ahead) continue;
    for (const result of block) yield await result;
    block = next;
    next = [];
  }
  for (const result of [...block, ...next]) yield await result;
}
