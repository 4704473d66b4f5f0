import type { ChangeFilter } from '../../contract/changes.ts';
import type { Database, Queryable, Row } from '../database.ts';
import { tenant } from '../tenant.ts';
import { cellsAnswer, changeConditions, inCells } from './change-cells.ts';
import { allDays, daysAnswer } from './change-charts.ts';
import {
  cellConditions,
  dayConditions,
  namesNumber,
  sameOnChanges,
  searchConditions,
} from './change-filter.ts';
import { type ItemRow, itemColumns } from './change-items.ts';
import { besideCursor, type ChangeOrder, type Cursor, keyColumn, orderBy } from './change-order.ts';
import { allOf, type Bind, Parameters } from './parameters.ts';

export type Reading = Pick<Database, 'query' | 'queryPrepared'>;

export interface PageQuery extends ChangeOrder {
  readonly filter: ChangeFilter;
  readonly limit: number;
  readonly cursor: Cursor | undefined;
}

export type PageRow = ItemRow & { readonly key: string | number; readonly ordinal: number };

export interface Page {
  /** In the list's order. */
  readonly rows: readonly PageRow[];
  /** There are more in the direction of walking. */
  readonly isCut: boolean;
}

export interface Counts {
  /** Changes that the filters leave. */
  readonly total: number;
  /** Those of them before the cursor. */
  readonly before: number;
}

export interface CountedPage {
  readonly page: Page;
  readonly counts: Counts;
}

/** Up to here collecting is cheaper than following the order through changes that the filters do not leave. */
const fewChanges = 500;
/**
 * How many changes the order is followed through for a page, before all that the filters leave are collected: about as long as
 * that takes. Which of the two is shorter the planner would have to guess, and it guesses badly where filters depend on each
 * other, or leave old changes only.
 */
const followedAtMost = `SELECT CASE WHEN total < ${fewChanges} THEN 0 ELSE 2 * total END FROM counts`;

export async function readPage(database: Reading, query: PageQuery): Promise<CountedPage> {
  const { filter } = query;
  // An index gives the few changes of a number.
  if (namesNumber(filter)) return readFew(database, query);
  // Words are looked for in every change anyway, so what they find is collected and counted at once.
  if (searchConditions(filter, () => '').length > 0) return collect(database, query);
  const followed = await followAndCount(database, query, followedAtMost);
  return isWhole(query, followed) ? followed : collect(database, query);
}

async function readFew(database: Reading, query: PageQuery): Promise<CountedPage> {
  const { bind, values } = new Parameters();
  const rows = await database.queryPrepared<PageRow>(pageSelect(query, bind, undefined), values);
  const page = pageOf(query, rows);
  if (query.cursor !== undefined || page.isCut) return followAndCount(database, query, undefined);
  return { page, counts: { total: page.rows.length, before: 0 } };
}

function isWhole({ limit, cursor }: PageQuery, { page, counts: { total, before } }: CountedPage): boolean {
  const beyond = cursor?.side === 'before' ? before : total - before;
  return page.isCut || page.rows.length === Math.min(limit, beyond);
}

/** Follows the index of the order, however far it is. */
export async function follow(database: Queryable, query: PageQuery): Promise<Page> {
  const { bind, values } = new Parameters();
  return pageOf(query, await database.query<PageRow>(pageSelect(query, bind, undefined), values));
}

/** One index is the way to it whatever the values are: that of the order, or that of numbers. */
async function followAndCount(
  database: Reading,
  query: PageQuery,
  atMost: string | undefined,
): Promise<CountedPage> {
  const { filter, cursor } = query;
  const { bind, values } = new Parameters();
  const before = cursor ? countBefore(query, cursor, bind) : 'SELECT 0::bigint';
  const rows = await database.queryPrepared<Row & Counts>(
    `WITH counts AS MATERIALIZED (
       SELECT (${countSelected(filter, bind)}) AS total, (${before}) AS before
     )
     SELECT counts.total, counts.before, page.* FROM counts LEFT JOIN (${pageSelect(query, bind, atMost)}) AS page ON true
     ${orderBy(query, 'page.key', 'page.ordinal', cursor?.side === 'before')}`,
    values,
  );
  return countedPage(query, rows);
}

function pageSelect(query: PageQuery, bind: Bind, atMost: string | undefined): string {
  const { filter, cursor, limit, sort } = query;
  const key = `change.${keyColumn(query)}`;
  const order = orderBy(query, key, 'change.ordinal', cursor?.side === 'before');
  const days = dayConditions(filter, bind);
  // A range of the order's index; the other conditions look at each change of it.
  const range = allOf([
    `change.tenant_id = ${tenant}`,
    ...(cursor ? [besideCursor(query, cursor, cursor.side, [key, 'change.ordinal', bind])] : []),
    ...(sort === 'merged' ? days : []),
  ]);
  const others = [
    ...(sort === 'merged' ? [] : days),
    ...searchConditions(filter, bind),
    ...sameOnChanges(filter, bind),
  ];
  const from =
    atMost === undefined || others.length === 0
      ? `reentry.change AS change WHERE ${range} AND ${allOf(others)}`
      : `(SELECT * FROM reentry.change AS change WHERE ${range} ${order} LIMIT (${atMost})) AS change
         WHERE ${allOf(others)}`;
  return `SELECT ${itemColumns}, ${key} AS key, change.ordinal FROM ${from} ${order} LIMIT ${limit + 1}`;
}

/** A statement that counts what the filters leave, in the smallest table that tells. */
export function countSelected(filter: ChangeFilter, bind: Bind): string {
  const sum = 'SELECT coalesce(sum(changes), 0)::bigint';
  if (cellsAnswer(filter)) {
    const conditions = [`cell.tenant_id = ${tenant}`, ...cellConditions(filter, bind).values()];
    return `${sum} FROM reentry.change_cell AS cell WHERE ${allOf(conditions)}`;
  }
  if (daysAnswer(filter)) return `${sum} FROM (${allDays(filter, bind)}) AS counted`;
  return `SELECT count(*) FROM reentry.change AS change WHERE ${allOf(selected(filter, bind))}`;
}

function countBefore(query: PageQuery, cursor: Cursor, bind: Bind): string {
  const place = [`change.${keyColumn(query)}`, 'change.ordinal', bind] as const;
  const conditions = [besideCursor(query, cursor, 'before', place), ...selected(query.filter, bind)];
  return `SELECT count(*) FROM reentry.change AS change WHERE ${allOf(conditions)}`;
}

/** All filters on `change AS change`, so that an index which names the cell answers most of them. */
function selected(filter: ChangeFilter, bind: Bind): readonly string[] {
  return [`change.tenant_id = ${tenant}`, ...changeConditions(filter, bind), ...inCells(filter, bind)];
}

/** Collects the keys of all changes that the filters leave, then sorts and counts those. */
export async function collect(database: Queryable, query: PageQuery): Promise<CountedPage> {
  const { filter, cursor, limit } = query;
  const { bind, values } = new Parameters();
  const place = ['key', 'ordinal', bind] as const;
  const back = cursor?.side === 'before';
  const rows = await database.query<Row & Counts>(
    `WITH hit AS MATERIALIZED (
       SELECT change.${keyColumn(query)} AS key, change.ordinal
       FROM reentry.change AS change WHERE ${allOf(selected(filter, bind))}
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
  return countedPage(query, rows);
}

function countedPage(query: PageQuery, rows: readonly (Row & Counts)[]): CountedPage {
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
