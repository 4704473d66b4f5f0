import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../src/store/testing/test-store.ts';
import { expectFailure } from './support/expect-failure.ts';
import { makePlace, type Place } from './support/place.ts';
import { runReentry } from './support/run-reentry.ts';
import { runStart } from './support/run-start.ts';
import { createStory } from './support/story-repository.ts';

let place: Place;
let database: TestDatabase;
let env: { readonly DATABASE_URL: string; readonly REENTRY_DATA: string };

beforeAll(async () => {
  place = await makePlace();
  createStory(join(place.path, 'shop'));
  database = await createTestDatabase();
  env = { DATABASE_URL: database.databaseUrl, REENTRY_DATA: join(place.path, 'data') };
});

afterAll(async () => {
  await database.drop();
  await place[Symbol.asyncDispose]();
});

test('with DATABASE_URL the evidence goes to that server, and none is started or made here', async () => {
  const run = await runStart(['shop'], { cwd: place.path, env });

  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(run.stdout).toContain('shop: 7 changes on main');
  expect(await database.sql('SELECT count(*)::int AS changes FROM reentry.change')).toEqual([{ changes: 7 }]);
  await expect(access(join(env.REENTRY_DATA, 'postgres'))).rejects.toThrow(/ENOENT/);
});

test('verify, rebuild and doctor work on that server too', async () => {
  for (const command of ['verify', 'rebuild', 'doctor']) {
    expect(await runReentry([command], { env })).toMatchObject({ status: 0, stderr: '' });
  }
  const { stdout } = await runReentry(['doctor'], { env });
  expect(stdout).toMatch(/✓ database +external PostgreSQL \d+/);
});

test('a second start adds nothing', async () => {
  const run = await runStart(['shop'], { cwd: place.path, env });

  expect(run.stdout).toMatch(/^local\/shop: Nothing was new\.$/m);
});

test('a row that was changed in that server is found', async () => {
  await database.sql("UPDATE reentry.change SET title = 'Nothing to see' WHERE number = 5");

  const { status, stdout } = await runReentry(['verify'], { env });

  expect(status).toBe(1);
  expect(stdout).toContain('row-edited');
  expect(stdout).toContain('title');
});

test('without the address the folder is not taken for one whose database is lost, and no new one is made', async () => {
  const { REENTRY_DATA } = env;

  for (const command of ['verify', 'start shop']) {
    const run = await runReentry(command.split(' '), { cwd: place.path, env: { REENTRY_DATA } });

    expectFailure(run, 'CONFIG_INVALID', {
      detail: `DATABASE_URL is not set, and ${REENTRY_DATA} holds logs but no database of its own (its folder postgres).`,
    });
  }
  await expect(access(join(REENTRY_DATA, 'postgres'))).rejects.toThrow(/ENOENT/);
});

test('an address of another, empty database is never signed over', async () => {
  const other = await createTestDatabase();

  const run = await runStart(['shop'], {
    cwd: place.path,
    env: { ...env, DATABASE_URL: other.databaseUrl },
  });

  await other.drop();
  expect(run).toMatchObject({ status: 4, stdout: '' });
  expect(run.stderr).toMatch(/^LOG_DIVERGED The events log will not be signed: [^\n]+\n[^\n]+\n$/);
});
