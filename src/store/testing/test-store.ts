import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openStore, type Store } from '../open-store.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server whose user may create databases and roles; see test/global-setup.ts. */
    readonly databaseUrl: string;
  }
}

/** A database of its own on the server of the test run, beside a data folder of its own. */
export interface TestDatabase {
  readonly name: string;
  readonly databaseUrl: string;
  /** Removed by `drop`. */
  readonly dataFolder: string;
  /** Runs SQL as the owner, past every port: to look, or to do damage. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  drop(): Promise<void>;
}

export interface TestStore extends TestDatabase {
  readonly store: Store;
  /** Closes the store and opens another one on the same database and data folder. */
  reopen(): Promise<Store>;
  /** Closes the newest store and drops the database. */
  close(): Promise<void>;
}

/** An empty database without a schema. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `reentry_test_${randomBytes(6).toString('hex')}`;
  await runSql(server, `CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  const databaseUrl = server.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${name}`);
  const dataFolder = await mkdtemp(join(tmpdir(), 'reentry-test-'));
  return {
    name,
    databaseUrl,
    dataFolder,
    sql: (text, values) => runSql(databaseUrl, text, values),
    drop: async () => {
      await runSql(server, `DROP DATABASE ${name} WITH (FORCE)`);
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** An open store on an empty database. */
export async function openTestStore(): Promise<TestStore> {
  const database = await createTestDatabase();
  const options = { dataFolder: database.dataFolder, databaseUrl: database.databaseUrl };
  const first = await openStore(options);
  let newest = first;
  return {
    ...database,
    store: first,
    reopen: async () => {
      await newest.close();
      newest = await openStore(options);
      return newest;
    },
    close: async () => {
      await newest.close();
      await database.drop();
    },
  };
}

async function runSql<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
