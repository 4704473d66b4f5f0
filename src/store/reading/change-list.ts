import type { ParsedQuery } from '../../contract/api.ts';
import type { ChangeList, ChangeListItem } from '../../contract/changes.ts';
import type { Queryable } from '../database.ts';
import { searchConditions } from './change-filter.ts';
import { itemOf } from './change-items.ts';
import { type Cursor, decodeCursor, encodeCursor } from './change-order.ts';
import {
  type CountedPage,
  collect,
  countSelected,
  follow,
  type PageQuery,
  type PageRow,
  type Reading,
  readPage,
} from './change-page.ts';
import { Parameters } from './parameters.ts';

export async function listChanges(database: Reading, query: ParsedQuery<'listChanges'>): Promise<ChangeList> {
  const { sort, order, limit, cursor: text, ...filter } = query;
  const cursor = text === undefined ? undefined : decodeCursor({ sort, order }, text);
  const wanted = { sort, order, filter, limit, cursor };
  return shown(wanted, await readPage(database, wanted));
}

function shown(query: PageQuery, { page, counts: { total, before } }: CountedPage): ChangeList {
  const { rows, isCut } = page;
  const back = query.cursor?.side === 'before';
  const offset = back ? before - rows.length : before;
  const [first, last] = [rows[0], rows.at(-1)];
  const link = (side: Cursor['side'], row: PageRow | undefined, exists: boolean) =>
    row && exists ? encodeCursor(query, { side, key: row.key, ordinal: row.ordinal }) : null;
  return {
    items: rows.map(itemOf),
    total,
    offset: Math.max(0, offset),
    next: link('after', last, back || isCut),
    previous: link('before', first, back ? isCut : before > 0),
  };
}

/** Every change of the selection in order; each page is a query of its own, from where the last one ended. */
export async function* exportChanges(
  database: Queryable,
  { sort, order, ...filter }: ParsedQuery<'exportChanges'>,
): AsyncGenerator<readonly ChangeListItem[]> {
  const limit = 1_000;
  const isFew = await leavesFew(database, filter, limit);
  for (let cursor: Cursor | undefined; ; ) {
    const wanted = { sort, order, filter, limit, cursor };
    const page = isFew ? (await collect(database, wanted)).page : await follow(database, wanted);
    const last = page.rows.at(-1);
    if (last === undefined) return;
    yield page.rows.map(itemOf);
    if (!page.isCut) return;
    cursor = { side: 'after', key: last.key, ordinal: last.ordinal };
  }
}

/**
 * Following the order until a page is full looks at `all / total` changes for each that it finds; collecting looks at `total`, for
 * each page anew.
 */
async function leavesFew(database: Queryable, filter: PageQuery['filter'], limit: number): Promise<boolean> {
  if (searchConditions(filter, () => '').length > 0) return true;
  const { bind, values } = new Parameters();
  const [counts] = await database.query<{ total: number; all: number }>(
    `SELECT (${countSelected(filter, bind)}) AS total, (${countSelected({}, bind)}) AS all`,
    values,
  );
  const { total = 0, all = 0 } = counts ?? {};
  return total < all && total * total < limit * all;
}
