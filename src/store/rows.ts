import { storedText } from '../core/evidence/stored-text.ts';
import type { Queryable, Row } from './database.ts';
import { tenant } from './tenant.ts';

export type ColumnType =
  | 'text'
  | 'text[]'
  | 'boolean'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'double precision'
  | 'bytea';

/** The columns of a table, by the names of the row type's fields (`repoId` is the column `repo_id`). */
export type Columns<Fields> = Readonly<Record<keyof Fields & string, ColumnType>>;

/** All columns under their fields' names. */
export function selectList(columns: Columns<Row>): string {
  return Object.keys(columns)
    .map((field) => `${columnName(field)} AS "${field}"`)
    .join(', ');
}

export interface TableWrite<Fields> {
  /** Qualified; has `tenant_id` beside the columns. */
  readonly table: string;
  readonly columns: Columns<Fields>;
  /** What follows the values: an ON CONFLICT clause, or nothing. */
  readonly onConflict?: string;
}

/** Bounds the size of one statement. */
export const rowsPerStatement = 1_000;

/** Inserts the rows, some hundred a statement; texts in their stored form. */
export async function insertRows<Fields extends object>(
  database: Queryable,
  { table, columns, onConflict = '' }: TableWrite<Fields>,
  rows: readonly Fields[],
): Promise<void> {
  const fields = Object.keys(columns);
  const text = `
    INSERT INTO ${table} (tenant_id, ${fields.map(columnName).join(', ')})
    SELECT $1, ${fields.map((field) => `"${field}"`).join(', ')}
    FROM json_to_recordset($2::json) AS given (${recordDefinition(columns)}) ${onConflict}`;
  for (let at = 0; at < rows.length; at += rowsPerStatement) {
    await database.query(text, [tenant, encodeRows(columns, rows.slice(at, at + rowsPerStatement))]);
  }
}

/** `ON CONFLICT (…) DO UPDATE` of every column that is not a part of the key. */
export function orReplace<Fields>(columns: Columns<Fields>, key: readonly (keyof Fields & string)[]): string {
  const rest = Object.keys(columns).filter((field) => !key.includes(field as keyof Fields & string));
  const set = rest.map((field) => `${columnName(field)} = excluded.${columnName(field)}`).join(', ');
  return `ON CONFLICT (${['tenant_id', ...key.map(columnName)].join(', ')}) DO UPDATE SET ${set}`;
}

/**
 * The repositories that a table has rows of, in order. Pages are read within one: a page that may span several takes the
 * planner, while it has no statistics, to another index and a sort of the whole table for each page.
 */
export async function* repoIdsOf(database: Queryable, table: string): AsyncGenerator<string> {
  for (let last = ''; ; ) {
    const [next] = await database.query<{ repoId: string | null }>(
      `SELECT min(repo_id) AS "repoId" FROM ${table} WHERE tenant_id = $1 AND repo_id > $2`,
      [tenant, last],
    );
    if (!next?.repoId) return;
    yield next.repoId;
    last = next.repoId;
  }
}

/** Columns of a `json_to_recordset` over what `encodeRows` gives. */
function recordDefinition(columns: Columns<Row>): string {
  return Object.entries(columns)
    .map(([field, type]) => `"${field}" ${type}`)
    .join(', ');
}

/** Rows as JSON, which PostgreSQL reads into typed columns: a third of the work that one array a column takes here. */
function encodeRows<Fields extends object>(columns: Columns<Fields>, rows: readonly Fields[]): string {
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(
        Object.keys(columns).map((field) => [field, encodeValue(row[field as keyof Fields])]),
      ),
    ),
  );
}

function encodeValue(value: unknown): unknown {
  if (typeof value === 'string') return storedText(value);
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(encodeValue);
  return value;
}

export function columnName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
