/**
 * A table page by page: each begins after the last row of the one before, so that memory stays flat and rows that are added meanwhile
 * move nothing. `read` gives at most `size` rows after that one; undefined stands for the beginning.
 */
export async function* keysetPages<Row>(
  size: number,
  read: (after: Row | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  for (let last: Row | undefined; ; ) {
    const page = await read(last);
    if (page.length > 0) yield page;
    if (page.length < size) return;
    last = page.at(-1);
  }
}
