import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openDataFolder } from './data-folder.ts';
import { openStore, type Store } from './open-store.ts';
import { newEntry } from './testing/entries.ts';
import { folderWithCluster, removeTemplate } from './testing/servers.ts';
import { temporaryFolder } from './testing/temporary.ts';
import { createTestDatabase, openTestStore, type TestDatabase } from './testing/test-store.ts';

async function database(): Promise<TestDatabase> {
  const created = await createTestDatabase();
  onTestFinished(created.drop);
  return created;
}

async function open(databaseUrl: string, dataFolder: string): Promise<Store> {
  const store = await openStore({ dataFolder, databaseUrl });
  onTestFinished(store.close);
  return store;
}

/** The same server and database as another user. */
async function asNewUser(
  of: TestDatabase,
  rights: string,
): Promise<{ readonly url: string; readonly name: string }> {
  const name = `reentry_user_${randomBytes(4).toString('hex')}`;
  await of.sql(`CREATE ROLE ${name} LOGIN PASSWORD 'sécret p@ss' ${rights}`);
  onTestFinished(async () => {
    await of.sql(`DROP OWNED BY ${name} CASCADE`);
    await of.sql(`DROP ROLE ${name}`);
  });
  return { url: withUser(of.databaseUrl, name, 'sécret p@ss'), name };
}

function withUser(url: string, user: string, password: string): string {
  return url.replace(/\/\/[^@/]*@/, '//').replace('//', `//${user}:${encodeURIComponent(password)}@`);
}

test('the embedded store keeps what it acknowledged when it is opened again, and releases the folder', async () => {
  const path = await folderWithCluster();
  onTestFinished(removeTemplate);
  const first = await openStore({ dataFolder: path });
  const entry = newEntry({});
  await first.ledger.append('events', [entry]);
  await expect(openStore({ dataFolder: path })).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE' });
  await first.close();

  const folder = await openDataFolder(path);
  const second = await openStore({ dataFolder: folder });

  expect(await second.ledger.append('events', [entry])).toEqual({
    entries: [{ seq: 0, duplicate: true }],
    size: 1,
  });
  expect(await second.describe()).toEqual({
    kind: 'embedded',
    version: expect.stringMatching(/^18\./),
    fsync: 'on',
    fullPageWrites: 'on',
    synchronousCommit: 'on',
    dataChecksums: 'on',
    serverRole: { name: 'reentry_app', canChangeLedger: false },
    databaseBytes: expect.any(Number),
    ledgerBytes: expect.any(Number),
    projectionBytes: expect.any(Number),
    logFile: join(folder.path, 'postgres', 'postgres.log'),
  });
  await Promise.all([second.close(), second.close()]);
  await expect(openDataFolder(path)).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE' });
  await folder.release();
});

test('the server works under a role that can neither change nor remove what is in the ledger', async () => {
  const at = await openTestStore();
  onTestFinished(at.close);
  await at.store.ledger.append('events', [newEntry({})]);
  expect((await at.store.describe()).serverRole).toEqual({ name: 'reentry_app', canChangeLedger: false });

  for (const table of ['log_entry', 'log_payload', 'log_checkpoint']) {
    for (const statement of [
      `DELETE FROM reentry.${table}`,
      `UPDATE reentry.${table} SET seq = 1`,
      `TRUNCATE reentry.${table}`,
    ]) {
      await expect(
        at.sql(
          `SET ROLE reentry_app; ${statement.replace('log_checkpoint SET seq', 'log_checkpoint SET size')}`,
        ),
      ).rejects.toMatchObject({
        code: '42501',
      });
    }
  }
  await expect(at.sql('SET ROLE reentry_app; DELETE FROM reentry.log_head')).rejects.toMatchObject({
    code: '42501',
  });
});

test('no key cascades into the ledger', async () => {
  const at = await openTestStore();
  onTestFinished(at.close);

  expect(await at.sql(`SELECT conname FROM pg_constraint WHERE contype = 'f'`)).toEqual([]);
});

test('a user who may hand on the server role works under it, without his own rights', async () => {
  const first = await openTestStore();
  await first.close();
  const own = await database();
  const user = await asNewUser(own, 'CREATEROLE');
  await own.sql(`GRANT CREATE ON DATABASE ${own.name} TO ${user.name}`);
  await own.sql(`GRANT reentry_app TO ${user.name} WITH ADMIN OPTION`);

  const store = await openStore({ dataFolder: own.dataFolder, databaseUrl: user.url });

  const { serverRole } = await store.describe();
  await store.close();
  expect(serverRole).toEqual({ name: 'reentry_app', canChangeLedger: false });
});

test('a user who may not create roles is served, and the description says that he could change the ledger', async () => {
  const own = await database();
  const user = await asNewUser(own, '');
  await own.sql(`CREATE SCHEMA reentry AUTHORIZATION ${user.name}`);
  await own.sql(`CREATE SCHEMA reentry_door AUTHORIZATION ${user.name}`);

  const store = await openStore({ dataFolder: own.dataFolder, databaseUrl: user.url });

  const { serverRole } = await store.describe();
  await store.ledger.append('events', [newEntry({})]);
  await store.close();
  expect(serverRole).toEqual({ name: user.name, canChangeLedger: true });
});

test('a user who may not create the schema is told so', async () => {
  const own = await database();
  const user = await asNewUser(own, '');

  await expect(openStore({ dataFolder: own.dataFolder, databaseUrl: user.url })).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    details: { detail: expect.stringContaining('may not create the tables') },
  });
});

test('an address that cannot be used is told with the reason, never with its password', async () => {
  const own = await database();
  const reasons = new Map<string, string | RegExp>([
    ['postgres://u:geheim%21@127.0.0.1:1/x', 'nothing listens at that host and port'],
    ['postgres://u:geheim%21@no-such-host.invalid/x', /host name/],
    ['postgres://u:geheim%21@/x?host=/nowhere', 'no server has its socket in that folder'],
    ['postgres://u:geheim%21@bad host:port/x', 'the address is malformed'],
    [withUser(own.databaseUrl, 'nobody_of_that_name', 'geheim!'), 'it refused the password'],
    [own.databaseUrl.replace(own.name, 'no_such_database'), /database "no_such_database" does not exist/],
    [await silentServer(), /Connection terminated/],
  ]);

  for (const [url, reason] of reasons) {
    const attempt = openStore({ dataFolder: await temporaryFolder(), databaseUrl: url });
    const error = await attempt.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      details: { detail: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
    });
    expect(JSON.stringify(error) + String(error)).not.toContain('geheim');
  }
});

/** The address of a server that takes connections and hangs up. */
async function silentServer(): Promise<string> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return `postgres://u:geheim@127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/x`;
}

test('settings of the given address stay in force beside ours', async () => {
  const own = await database();
  const separator = own.databaseUrl.includes('?') ? '&' : '?';

  const store = await open(
    `${own.databaseUrl}${separator}options=${encodeURIComponent('-c synchronous_commit=off -c work_mem=7MB')}`,
    own.dataFolder,
  );

  expect((await store.describe()).synchronousCommit).toBe('on');
  expect((await store.describe()).serverRole.name).toBe('reentry_app');
});

test('a database in another encoding is refused before anything is written', async () => {
  const own = await database();
  const name = `reentry_ascii_${randomBytes(4).toString('hex')}`;
  await own.sql(`CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`);
  onTestFinished(async () => {
    await own.sql(`DROP DATABASE ${name} WITH (FORCE)`);
  });

  await expect(
    openStore({ dataFolder: own.dataFolder, databaseUrl: own.databaseUrl.replace(own.name, name) }),
  ).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    details: { detail: expect.stringContaining('SQL_ASCII') },
  });
});

test('a server that goes away is told as such, and the same store goes on when it is back', async () => {
  const own = await database();
  const store = await open(own.databaseUrl, own.dataFolder);
  await store.ledger.append('events', [newEntry({})]);
  await own.sql(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reentry' AND datname = current_database()`,
  );

  const attempts = await Promise.allSettled([
    store.ledger.append('events', [newEntry({})]),
    store.projections.transaction(async (tx) => {
      await tx.setCursor(1);
      await own.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reentry' AND datname = current_database()`,
      );
      await tx.setCursor(2);
    }),
  ]);

  for (const attempt of attempts) {
    if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  }
  expect(attempts[1]?.status).toBe('rejected');
  // A connection may be handed out once more before the driver hears of its end.
  await expect.poll(() => store.projections.cursor().catch(() => -1), { timeout: 30_000 }).toBe(0);
  expect((await store.ledger.append('events', [newEntry({})])).size).toBeGreaterThanOrEqual(2);
});

test('with an address nothing embedded is started', async () => {
  const own = await database();
  await open(own.databaseUrl, own.dataFolder);

  expect(await readdir(own.dataFolder)).toEqual(['lock', 'lock.pid']);
  expect(inject('databaseUrl')).not.toBe(own.databaseUrl);
});
