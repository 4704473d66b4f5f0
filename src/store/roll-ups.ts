import type { CellCount, DayCount, RollUps, ScoreCount } from '../core/change/roll-ups.ts';
import type { Queryable, Row } from './database.ts';
import { type Columns, columnName, insertRows, selectList } from './rows.ts';
import { tenant } from './tenant.ts';

interface RollUpTable<Count> {
  readonly table: string;
  readonly columns: Columns<Count>;
  readonly key: readonly (keyof Count & string)[];
}

const cells: RollUpTable<CellCount> = {
  table: 'reentry.change_cell',
  columns: {
    cell: 'bytea',
    repoId: 'text',
    class: 'text',
    riskBand: 'text',
    kind: 'text',
    attributionLevel: 'smallint',
    hasGaps: 'boolean',
    hasContradictions: 'boolean',
    hasSession: 'boolean',
    agents: 'text[]',
    models: 'text[]',
    changes: 'bigint',
  },
  key: ['cell'],
};
const scores: RollUpTable<ScoreCount> = {
  table: 'reentry.change_score',
  columns: { cell: 'bytea', bucket: 'smallint', changes: 'bigint' },
  key: ['cell', 'bucket'],
};
const days: RollUpTable<DayCount> = {
  table: 'reentry.change_day',
  columns: { day: 'integer', class: 'text', changes: 'bigint' },
  key: ['day', 'class'],
};

/**
 * Until the transaction ends, nobody else changes rows that the roll-ups count: two that replace the same row would both
 * take its old contribution away. Deriving holds this lock already, since it appends to the log.
 */
export async function lockRollUps(connection: Queryable): Promise<void> {
  await connection.query(
    `SELECT FROM reentry.log_head WHERE tenant_id = $1 AND log = 'evidence' FOR UPDATE`,
    [tenant],
  );
}

/** Adds what may be negative; a count that comes to nothing has no row. */
export async function addToRollUps(connection: Queryable, difference: RollUps): Promise<void> {
  await addTo(connection, cells, difference.cells);
  await addTo(connection, scores, difference.scores);
  await addTo(connection, days, difference.days);
}

async function addTo<Count extends { readonly changes: number }>(
  connection: Queryable,
  { table, columns, key }: RollUpTable<Count>,
  counts: readonly Count[],
): Promise<void> {
  if (counts.length === 0) return;
  const keys = ['tenant_id', ...key.map(columnName)].join(', ');
  const onConflict = `ON CONFLICT (${keys}) DO UPDATE SET changes = counted.changes + excluded.changes`;
  await insertRows<Count>(connection, { table: `${table} AS counted`, columns, onConflict }, counts);
  if (counts.every(({ changes }) => changes > 0)) return;
  await connection.query(`DELETE FROM ${table} WHERE tenant_id = $1 AND changes <= 0`, [tenant]);
}

export async function readRollUps(database: Queryable): Promise<RollUps> {
  return {
    cells: await readAll(database, cells),
    scores: await readAll(database, scores),
    days: await readAll(database, days),
  };
}

function readAll<Count>(
  database: Queryable,
  { table, columns, key }: RollUpTable<Count>,
): Promise<readonly (Count & Row)[]> {
  return database.query<Count & Row>(
    `SELECT ${selectList(columns)} FROM ${table} WHERE tenant_id = $1 ORDER BY ${key.map(columnName).join(', ')}`,
    [tenant],
  );
}
