import { access, mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../src/core/errors.ts';
import { holdDataFolder } from '../src/store/testing/scripts.ts';
import { folderWithCluster, removeTemplate } from '../src/store/testing/servers.ts';
import { expectFailure } from './support/expect-failure.ts';
import { makePlace, type Place, temporaryPlace } from './support/place.ts';
import { runReentry } from './support/run-reentry.ts';
import { runShell } from './support/run-shell.ts';
import { runStart } from './support/run-start.ts';
import { createRepository } from './support/story-repository.ts';

let place: Place;
let shop: string;

beforeAll(async () => {
  place = await makePlace();
  const repository = createRepository(join(place.path, 'shop'));
  repository.commit('Begin', { 'README.md': '# Shop\n' });
  shop = repository.path;
});

afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await removeTemplate();
});

let here: string;
let dataFolder: string;

beforeEach(async () => {
  here = await temporaryPlace();
  dataFolder = join(here, 'data');
});

describe('what cannot be read is told in two lines, and no data folder is made for it', () => {
  test.each([['start'], ['import git']])('%s of a path that is no repository', async (command) => {
    const run = await runReentry([...command.split(' '), here, '--data', dataFolder]);

    expectFailure(run, 'NOT_A_REPOSITORY', { path: here });
    expect(await exists(dataFolder)).toBe(false);
  });

  test('a path that does not exist', async () => {
    const run = await runStart(['nowhere', '--data', 'data'], { cwd: here });

    expectFailure(run, 'NOT_A_REPOSITORY', { path: join(here, 'nowhere') });
    expect(await exists(dataFolder)).toBe(false);
  });

  test('a machine without git', async () => {
    const run = await runStart([shop, '--data', dataFolder], { env: { PATH: here } });

    expectFailure(run, 'GIT_NOT_FOUND', {});
    expect(await exists(dataFolder)).toBe(false);
  });

  test('a revision that nobody knows', async () => {
    const run = await runReentry(['scan', shop, '--head', 'no-such-branch']);

    expectFailure(run, 'REVISION_UNKNOWN', { revision: 'no-such-branch', path: shop });
  });

  test.each([['verify'], ['rebuild --data']])('%s of a folder without evidence', async (command) => {
    const run = await runReentry([...command.split(' '), dataFolder]);

    expectFailure(run, 'DATA_FOLDER_MISSING', { path: dataFolder });
    expect(await exists(dataFolder)).toBe(false);
  });
});

test('a repository without commits is nothing to import, which is no failure', async () => {
  const empty = createRepository(join(here, 'empty')).path;

  const run = await runStart([empty, '--data', dataFolder]);

  expect(run).toEqual({
    status: 0,
    stdout:
      'local/empty has no commits yet: nothing to import.\nCommit something there, then run the command again.\n',
    stderr: '',
  });
  expect(await exists(dataFolder)).toBe(false);
});

describe('a data folder that cannot be used is told in two lines', () => {
  test('in use by another process, which is named', async () => {
    const holder = holdDataFolder(dataFolder);
    expect(await holder.nextLine()).toBe('open');
    await mkdir(join(dataFolder, 'logs'));

    const runs = [await runStart([shop, '--data', dataFolder]), await runReentry(['verify', dataFolder])];
    const doctor = await runReentry(['doctor', '--data', dataFolder, '--json']);

    holder.child.stdin?.end();
    await holder.ended;
    const details = { path: dataFolder, pid: holder.child.pid ?? 0 };
    for (const run of runs) expectFailure(run, 'DATA_FOLDER_IN_USE', details);
    // Somebody works there: nothing to mend, and nothing more to be seen.
    expect(doctor.status).toBe(0);
    const found = new AppError('DATA_FOLDER_IN_USE', details).message;
    expect(JSON.parse(doctor.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      result: 'indeterminate',
      found,
    });
  });

  test('not writable', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('needs root, to own a folder that somebody else cannot write');

    const run = await runStart([shop, '--data', dataFolder], { uid: 65_534, env: { HOME: '/' } });

    expectFailure(run, 'DATA_FOLDER_NOT_WRITABLE', { path: dataFolder, detail: 'permission denied' });
    expect(await exists(dataFolder)).toBe(false);
  });

  test('a file', async () => {
    await writeFile(dataFolder, '');

    const run = await runStart([shop, '--data', dataFolder]);

    expectFailure(run, 'DATA_FOLDER_NOT_WRITABLE', { path: dataFolder, detail: 'a file is in the way' });
  });
});

test('a PostgreSQL that does not start is told in its own words, with where to read more', async () => {
  const damaged = await folderWithCluster();
  await truncate(join(damaged, 'postgres/cluster/global/pg_control'), 100);

  const { status, stdout, stderr } = await runStart([shop, '--data', damaged]);

  expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(
      /^POSTGRES_NOT_STARTING The embedded PostgreSQL did not start: (PANIC|FATAL): .*pg_control/,
    ),
    expect.stringContaining(`Read ${damaged}/postgres/postgres.log; `),
    '',
  ]);
});

test('wrong usage is told in two lines', async () => {
  expectFailure(await runReentry(['strat']), 'USAGE', {
    detail: "unknown command 'strat' (Did you mean start?)",
  });
});

describe('settings', () => {
  test('that are wrong are named all at once', async () => {
    const env = { DATABASE_URL: 'mysql://ada:secret@db/shop', PORT: '99999' };

    const run = await runStart([shop, '--data', dataFolder], { env });

    expectFailure(run, 'CONFIG_INVALID', {
      detail:
        'PORT must be a whole number from 0 to 65535; DATABASE_URL must begin with postgres:// or postgresql://',
    });
    expect(await exists(dataFolder)).toBe(false);
  });

  test('that are empty count as not set', async () => {
    const env = {
      DATABASE_URL: '',
      REENTRY_DATA: '',
      REENTRY_CWD: '',
      PORT: '',
      NO_COLOR: '',
      FORCE_COLOR: '',
    };

    const run = await runReentry(['doctor'], { cwd: here, env });

    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain(`none at ${here}/.reentry`);
  });

  test('DATABASE_URL of a server that does not answer: no password is repeated', async () => {
    const env = { DATABASE_URL: 'postgres://ada:secret@127.0.0.1:1/shop' };

    const run = await runStart([shop, '--data', dataFolder], { env });

    expectFailure(run, 'DATABASE_UNREACHABLE', { detail: 'nothing listens at that host and port' });
  });
});

test('an output that cannot be written to is told, not swallowed', async ({ skip }) => {
  if (!(await exists('/dev/full'))) skip('this system has no /dev/full');

  const run = await runShell('reentry scan . > /dev/full', shop);

  expectFailure(run, 'DISK_FULL', { path: 'the output' });
});

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
