import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/test-store.ts';
import { migrations } from './all.ts';
import { migrate } from './migrate.ts';
import { type Migration, migrationDigest } from './migration.ts';

/** Digests of released migrations. A line is added with each release; none is ever edited. */
const released: readonly string[] = [
  'd7419e5cd3eb5ab17e9732c0d58c20b15b776dc566ad81ea1381e50ae0ac0882',
  'b18bf703785c7f291c86668ec41bb6cd1add3a497e9b09cc1a8ddc191a5c5fae',
];

let database: TestDatabase;
const clients: pg.Client[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await database.drop();
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  clients.push(client);
  return client;
}

async function schema(): Promise<readonly unknown[]> {
  return database.sql(
    `SELECT table_name, column_name, data_type, is_nullable, collation_name
     FROM information_schema.columns WHERE table_schema = 'reentry' ORDER BY 1, 2`,
  );
}

test('a released migration has the bytes that it was released with', () => {
  expect(migrations.slice(0, released.length).map(migrationDigest)).toEqual(released);
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
});

test('migrations do without what distributed PostgreSQL engines lack', () => {
  for (const { sql } of migrations) {
    expect(sql).not.toMatch(/plpgsql|TRIGGER|CREATE SEQUENCE|SERIAL|GENERATED|NOTIFY|advisory|REFERENCES/i);
    for (const [, key] of sql.matchAll(/(?:PRIMARY KEY|UNIQUE|reentry\.\w+) \((\w+)/g))
      expect(key).toBe('tenant_id');
  }
});

test('every table but those of the door and the list of migrations has a tenant', async () => {
  const client = await connect();
  await migrate(client, migrations);

  const without = await database.sql(
    `SELECT t.table_schema || '.' || t.table_name AS name FROM information_schema.tables AS t
     WHERE t.table_schema LIKE 'reentry%' AND t.table_schema <> 'reentry_door' AND NOT EXISTS (
       SELECT FROM information_schema.columns AS c
       WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.column_name = 'tenant_id')`,
  );

  expect(without).toEqual([{ name: 'reentry.migration' }]);
});

test('an empty database gets the whole schema, and a second run changes nothing', async () => {
  const client = await connect();
  await migrate(client, migrations);
  const first = await schema();

  await migrate(client, migrations);

  expect(first.length).toBeGreaterThan(50);
  expect(await schema()).toEqual(first);
  expect(await database.sql('SELECT number FROM reentry.migration ORDER BY 1')).toEqual(
    migrations.map(({ number }) => ({ number })),
  );
});

test('runners that start at the same time apply each migration once', async () => {
  const runners = await Promise.all(Array.from({ length: 5 }, connect));

  await Promise.all(runners.map((client) => migrate(client, migrations)));

  expect(await database.sql('SELECT count(*)::int AS n FROM reentry.migration')).toEqual([
    { n: migrations.length },
  ]);
});

test('a migration that fails leaves nothing behind, and the ones before it stay', async () => {
  const client = await connect();
  const broken: Migration = {
    number: 2,
    name: 'broken',
    sql: 'CREATE TABLE reentry.half (a int); SELECT 1/0;',
  };

  await expect(migrate(client, [migrations[0] as Migration, broken])).rejects.toThrow(/division by zero/);

  expect(await database.sql(`SELECT to_regclass('reentry.half') AS half`)).toEqual([{ half: null }]);
  await migrate(client, migrations);
});

test('an applied migration that differs from the release is refused', async () => {
  const client = await connect();
  await migrate(client, migrations);
  const edited = migrations.map((one) => (one.number === 2 ? { ...one, sql: `${one.sql} ` } : one));

  await expect(migrate(client, edited)).rejects.toMatchObject({
    code: 'DATABASE_TAMPERED',
    details: { migration: '0002-projections' },
  });
});

test('a database that a newer release has migrated is refused', async () => {
  const client = await connect();
  await migrate(client, [...migrations, { number: migrations.length + 1, name: 'future', sql: 'SELECT 1' }]);

  await expect(migrate(client, migrations)).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
});
