import type { ParsedQuery } from '../../contract/api.ts';
import type { ChangeFilter, ChangeList, ChangeListItem } from '../../contract/changes.ts';
import type { Queryable, Row } from '../database.ts';
import { tenant } from '../tenant.ts';
import { cellsAnswer, changeConditions } from './change-cells.ts';
import { cellConditions, sameOnChanges, searchConditions } from './change-filter.ts';
import { type ItemRow, itemColumns, itemOf } from './change-items.ts';
import {
  besideCursor,
  type ChangeOrder,
  type Cursor,
  decodeCursor,
  encodeCursor,
  keyColumn,
  orderBy,
} from './change-order.ts';
import { allOf, type Bind, Parameters } from './parameters.ts';

interface PageQuery extends ChangeOrder {
  readonly filter: ChangeFilter;
  readonly limit: number;
  readonly cursor: Cursor | undefined;
}

type PageRow = ItemRow & { readonly key: string | number; readonly ordinal: number };

interface Page {
  /** In the list's order. */
  readonly rows: readonly PageRow[];
  /** There are more in the direction of walking. */
  readonly isCut: boolean;
}

interface Counts {
  /** Changes that the filters leave. */
  readonly total: number;
  /** Those of them before the cursor. */
  readonly before: number;
}

export async function listChanges(
  database: Queryable,
  query: ParsedQuery<'listChanges'>,
): Promise<ChangeList> {
  const { sort, order, limit, cursor: text, ...filter } = query;
  const cursor = text === undefined ? undefined : decodeCursor({ sort, order }, text);
  const wanted = { sort, order, filter, limit, cursor };
  const { page, counts } = await readPage(database, wanted);
  return shown(wanted, page, counts);
}

/** Every change of the selection in order; each page is a query of its own, from where the last one ended. */
export async function* exportChanges(
  database: Queryable,
  { sort, order, ...filter }: ParsedQuery<'exportChanges'>,
): AsyncGenerator<readonly ChangeListItem[]> {
  const limit = 1_000;
  const { total, all } = await countSelected(database, { sort, order, filter, limit, cursor: undefined });
  const isFew = searchConditions(filter, () => '').length > 0 || isSelective({ total, all, limit });
  for (let cursor: Cursor | undefined; ; ) {
    const wanted = { sort, order, filter, limit, cursor };
    const page = isFew ? (await collect(database, wanted)).page : await walk(database, wanted);
    const last = page.rows.at(-1);
    if (last === undefined) return;
    yield page.rows.map(itemOf);
    if (!page.isCut) return;
    cursor = { side: 'after', key: last.key, ordinal: last.ordinal };
  }
}

function shown(query: PageQuery, { rows, isCut }: Page, { total, before }: Counts): ChangeList {
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

async function readPage(
  database: Queryable,
  query: PageQuery,
): Promise<{ readonly page: Page; readonly counts: Counts }> {
  // Words are looked for in every change anyway, so what they find is collected and counted at once.
  if (searchConditions(query.filter, () => '').length > 0) return collect(database, query);
  const { total, all } = await countSelected(database, query);
  if (isSelective({ total, all, limit: query.limit })) return collect(database, query);
  const [page, before] = await Promise.all([walk(database, query), countBefore(database, query)]);
  return { page, counts: { total, before } };
}

/**
 * Walking the order until a page is full looks at `all / total` changes for each that it finds; collecting looks at `total`.
 * The planner would have to guess that number, and guesses badly where filters depend on each other.
 */
function isSelective({ total, all, limit }: { total: number; all: number; limit: number }): boolean {
  return total < all && total * total < limit * all;
}

async function countSelected(
  database: Queryable,
  { filter }: PageQuery,
): Promise<{ readonly total: number; readonly all: number }> {
  const { bind, values } = new Parameters();
  const ofCell = allOf([...cellConditions(filter, bind).values()]);
  const own = changeConditions(filter, bind);
  const total = cellsAnswer(filter)
    ? `coalesce(sum(cell.changes) FILTER (WHERE ${ofCell}), 0)::bigint`
    : `(SELECT count(*) FROM reentry.change AS change WHERE change.tenant_id = ${tenant} AND ${allOf([...own, ...inCells(filter, bind)])})`;
  const [counts] = await database.query<{ total: number; all: number }>(
    `SELECT ${total} AS total, coalesce(sum(cell.changes), 0)::bigint AS all
     FROM reentry.change_cell AS cell WHERE cell.tenant_id = ${tenant}`,
    values,
  );
  return counts ?? { total: 0, all: 0 };
}

/** The filters that are values of a cell, on `change AS change`, so that an index that names the cell answers them. */
function inCells(filter: ChangeFilter, bind: Bind): readonly string[] {
  const ofCell = [...cellConditions(filter, bind).values()];
  if (ofCell.length === 0) return [];
  return [
    `change.cell IN (SELECT cell.cell FROM reentry.change_cell AS cell WHERE cell.tenant_id = ${tenant} AND ${allOf(ofCell)})`,
  ];
}

async function countBefore(database: Queryable, query: PageQuery): Promise<number> {
  const { filter, cursor } = query;
  if (cursor === undefined) return 0;
  const { bind, values } = new Parameters();
  const place = [`change.${keyColumn(query)}`, 'change.ordinal', bind] as const;
  const conditions = [
    `change.tenant_id = ${tenant}`,
    besideCursor(query, cursor, 'before', place),
    ...changeConditions(filter, bind),
    ...inCells(filter, bind),
  ];
  const [row] = await database.query<{ before: number }>(
    `SELECT count(*) AS before FROM reentry.change AS change WHERE ${allOf(conditions)}`,
    values,
  );
  return row?.before ?? 0;
}

/** Follows the index of the order. */
async function walk(database: Queryable, query: PageQuery): Promise<Page> {
  const { filter, cursor, limit } = query;
  const { bind, values } = new Parameters();
  const key = `change.${keyColumn(query)}`;
  const conditions = [
    `change.tenant_id = ${tenant}`,
    ...changeConditions(filter, bind),
    ...sameOnChanges(filter, bind),
    ...(cursor ? [besideCursor(query, cursor, cursor.side, [key, 'change.ordinal', bind])] : []),
  ];
  const rows = await database.query<PageRow>(
    `SELECT ${itemColumns}, ${key} AS key, change.ordinal FROM reentry.change AS change WHERE ${allOf(conditions)}
     ${orderBy(query, key, 'change.ordinal', cursor?.side === 'before')} LIMIT ${bind(limit + 1)}`,
    values,
  );
  return pageOf(query, rows);
}

/** Collects the keys of all changes that the filters leave, then sorts and counts those. */
async function collect(
  database: Queryable,
  query: PageQuery,
): Promise<{ readonly page: Page; readonly counts: Counts }> {
  const { filter, cursor, limit } = query;
  const { bind, values } = new Parameters();
  const conditions = [
    `change.tenant_id = ${tenant}`,
    ...changeConditions(filter, bind),
    ...inCells(filter, bind),
  ];
  const place = ['key', 'ordinal', bind] as const;
  const back = cursor?.side === 'before';
  const rows = await database.query<Row & Counts>(
    `WITH hit AS MATERIALIZED (
       SELECT change.${keyColumn(query)} AS key, change.ordinal
       FROM reentry.change AS change WHERE ${allOf(conditions)}
     ), page AS MATERIALIZED (
       SELECT * FROM hit WHERE ${cursor ? besideCursor(query, cursor, cursor.side, place) : 'true'}
       ${orderBy(query, 'key', 'ordinal', back)} LIMIT ${bind(limit + 1)}
     ), counts AS (
       SELECT count(*) AS total,
         count(*) FILTER (WHERE ${cursor ? besideCursor(query, cursor, 'before', place) : 'false'}) AS before
       FROM hit
     )
     SELECT counts.total, counts.before, ${itemColumns}, page.key, page.ordinal
     FROM counts LEFT JOIN page ON true
     LEFT JOIN reentry.change AS change ON change.tenant_id = ${tenant} AND change.ordinal = page.ordinal
     ${orderBy(query, 'page.key', 'page.ordinal', back)}`,
    values,
  );
  const { total = 0, before = 0 } = rows[0] ?? {};
  return { page: pageOf(query, rows.filter(isFound)), counts: { total, before } };
}

/** Where a page is empty, one row still tells the counts. */
function isFound<Found extends Row>(row: Found): row is Found & PageRow {
  return row.key !== null;
}

function pageOf({ limit, cursor }: PageQuery, all: readonly PageRow[]): Page {
  const rows = all.slice(0, limit);
  return { rows: cursor?.side === 'before' ? rows.toReversed() : rows, isCut: all.length > limit };
}
