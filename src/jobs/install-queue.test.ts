import pg from 'pg';
import { getRollbackPlans, PgBoss } from 'pg-boss';
import library from 'pg-boss/package.json' with { type: 'json' };
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OwnerConnection, queueSchema } from '../app/work-ports.ts';
import { openStore } from '../store/open-store.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing/test-store.ts';
import { installQueue } from './install-queue.ts';

const newest = library.pgboss.schema;
let database: TestDatabase;
let client: pg.Client;
let owner: OwnerConnection;

beforeEach(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  owner = { executeSql: (text, values = []) => client.query(text, values), serverRole: undefined };
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

async function drift() {
  return new PgBoss({ db: owner, schema: queueSchema, migrate: false }).detectSchemaDrift();
}

test('the queue is installed once, and a second time changes nothing', async () => {
  await installQueue(owner);
  const first = await drift();

  await installQueue(owner);

  expect(first).toMatchObject({ ok: true, missing: [], invalid: [] });
  expect(await drift()).toEqual(first);
});

test('a queue of an older release is brought up to date, its indexes too', async () => {
  await installQueue(owner);
  for (let version = newest; version > newest - 6; version -= 1)
    await owner.executeSql(getRollbackPlans(queueSchema, version));
  const old = await drift();

  await installQueue(owner);

  expect(old.ok).toBe(false);
  expect(await drift()).toMatchObject({ ok: true, missing: [], building: [] });
});

test('a queue of a newer release is refused', async () => {
  await installQueue(owner);
  await owner.executeSql(`UPDATE ${queueSchema}.version SET version = ${newest + 1}`);

  await expect(installQueue(owner)).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
});

test('the server may change jobs and cannot change what they are stored in', async () => {
  const store = await openStore({ ...database, prepare: installQueue });
  try {
    const { queue } = store;

    const { rows } = await queue.executeSql(
      `SELECT current_user AS role, count(*) FROM ${queueSchema}.job GROUP BY 1`,
    );
    await expect(queue.executeSql(`CREATE TABLE ${queueSchema}.more (a int)`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(queue.executeSql(`ALTER TABLE ${queueSchema}.queue ADD more int`)).rejects.toThrow(
      /must be owner/,
    );

    expect(rows).toEqual([]);
    expect((await queue.executeSql('SELECT current_user AS role')).rows).toEqual([{ role: 'reentry_app' }]);
  } finally {
    await store.close();
  }
});
