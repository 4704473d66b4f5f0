import { Buffer } from 'node:buffer';
import type { ParsedQuery } from '../../contract/api.ts';
import { AppError } from '../../core/errors.ts';
import { storedText } from '../../core/evidence/stored-text.ts';
import type { Bind } from './parameters.ts';

type Sort = ParsedQuery<'listChanges'>['sort'];

/** An order of changes. Of equal ones the ordinal decides: it is the index of an entry, so no two changes have the same. */
export type ChangeOrder = Pick<ParsedQuery<'listChanges'>, 'sort' | 'order'>;

/** A place between two changes: right after (or before) the one with this key, whether or not it still exists. */
export interface Cursor {
  readonly side: 'after' | 'before';
  readonly key: string | number;
  readonly ordinal: number;
}

const keys: Readonly<Record<Sort, { readonly column: string; readonly type: string }>> = {
  merged: { column: 'merged_at', type: 'text' },
  risk: { column: 'risk_score', type: 'double precision' },
  size: { column: 'lines', type: 'bigint' },
};

export function keyColumn({ sort }: ChangeOrder): string {
  return keys[sort].column;
}

/** `ORDER BY` of the key's and the ordinal's expressions; against the order where one walks back from a cursor. */
export function orderBy({ order }: ChangeOrder, key: string, ordinal: string, back: boolean): string {
  const direction = (order === 'desc') === back ? 'ASC' : 'DESC';
  return `ORDER BY ${key} ${direction}, ${ordinal} ${direction}`;
}

/** True of the changes that come before the cursor in the order, or after it. */
export function besideCursor(
  { sort, order }: ChangeOrder,
  cursor: Cursor,
  which: 'before' | 'after',
  [key, ordinal, bind]: readonly [key: string, ordinal: string, bind: Bind],
): string {
  // The change that the cursor names lies before a cursor after it.
  const strict = cursor.side === which;
  const sign = `${(which === 'after') === (order === 'asc') ? '>' : '<'}${strict ? '' : '='}`;
  return `(${key}, ${ordinal}) ${sign} (${bind(cursor.key)}::${keys[sort].type}, ${bind(cursor.ordinal)}::bigint)`;
}

export function encodeCursor({ sort, order }: ChangeOrder, { side, key, ordinal }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, order, side, key, ordinal]), 'utf8').toString('base64url');
}

/** Error: INPUT_INVALID where it is none of ours, or of a list in another order. */
export function decodeCursor(wanted: ChangeOrder, text: string): Cursor {
  const [sort, order, side, key, ordinal, ...rest] = parsed(text);
  if (
    (side !== 'after' && side !== 'before') ||
    !isKey(wanted.sort, key) ||
    !isIndex(ordinal) ||
    rest.length > 0
  )
    throw new AppError('INPUT_INVALID', { detail: 'the cursor is not one that a list gave' });
  if (sort !== wanted.sort || order !== wanted.order)
    throw new AppError('INPUT_INVALID', { detail: 'the cursor belongs to a list in another order' });
  return { side, key: typeof key === 'string' ? storedText(key) : key, ordinal };
}

function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isKey(sort: Sort, key: unknown): key is string | number {
  if (sort === 'merged') return typeof key === 'string';
  return sort === 'risk' ? Number.isFinite(key) : isIndex(key);
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
