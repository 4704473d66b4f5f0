import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { AppError } from '../../core/errors.ts';
import { sqlState } from '../database-error.ts';
import { type Migration, migrationDigest } from './migration.ts';

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly digest: string;
}

/**
 * Brings the schema up to the last migration. Runners may race: whoever inserts a migration's row first applies it, the
 * others wait for its commit and go on from there.
 * Errors: DATABASE_NEWER, DATABASE_TAMPERED.
 */
export async function migrate(client: pg.ClientBase, migrations: readonly Migration[]): Promise<void> {
  await retryRaces(async () => {
    await createMigrationTable(client);
    const applied = await readApplied(client);
    checkApplied(applied, migrations);
    const done = new Set(applied.map(({ number }) => number));
    for (const migration of migrations) {
      if (!done.has(migration.number)) await apply(client, migration);
    }
  });
}

/** Two sessions that create or grant the same thing at once: one of them fails and finds it done when it looks again. */
export async function retryRaces<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === maxAttempts || !isRace(error)) throw error;
      await wait(10 * attempt);
    }
  }
}

const maxAttempts = 20;

/** unique_violation, duplicate schema, table or object, serialisation failure, deadlock, "tuple concurrently updated". */
function isRace(error: unknown): boolean {
  return ['23505', '42P06', '42P07', '42710', '40001', '40P01', 'XX000'].includes(sqlState(error));
}

/** Only what is missing: a user who may not create schemas can be given them. */
async function createMigrationTable(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ schema: string }>(
    'SELECT schema FROM unnest($1::text[]) AS schema WHERE to_regnamespace(schema) IS NULL',
    [['reentry', 'reentry_door']],
  );
  for (const { schema } of rows) await client.query(`CREATE SCHEMA ${schema}`);
  const { rows: found } = await client.query<{ migrations: string | null }>(
    `SELECT to_regclass('reentry.migration')::text AS migrations`,
  );
  if (found[0]?.migrations !== null) return;
  await client.query(`
    CREATE TABLE reentry.migration (
      number integer PRIMARY KEY,
      name text NOT NULL,
      digest text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
}

async function readApplied(client: pg.ClientBase): Promise<readonly Applied[]> {
  const { rows } = await client.query<Applied>(
    'SELECT number, name, digest FROM reentry.migration ORDER BY number',
  );
  return rows;
}

function checkApplied(applied: readonly Applied[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, digest } of applied) {
    const migration = known.get(number);
    const label = `${String(number).padStart(4, '0')}-${name}`;
    if (migration === undefined) throw new AppError('DATABASE_NEWER', { migration: label });
    if (migrationDigest(migration) !== digest) throw new AppError('DATABASE_TAMPERED', { migration: label });
  }
}

async function apply(client: pg.ClientBase, migration: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO reentry.migration (number, name, digest) VALUES ($1, $2, $3)', [
      migration.number,
      migration.name,
      migrationDigest(migration),
    ]);
    await client.query(migration.sql);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
