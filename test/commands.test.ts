import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../src/store/testing/test-store.ts';
import { copyFolder } from './support/evidence-folder.ts';
import { makePlace, type Place, temporaryPlace } from './support/place.ts';
import { serversBelow } from './support/processes.ts';
import { runReentry } from './support/run-reentry.ts';
import { runShell } from './support/run-shell.ts';
import { createRepository, createStory } from './support/story-repository.ts';

let place: Place;
let shop: string;
let dataFolder: string;
let imported: unknown;

beforeAll(async () => {
  place = await makePlace();
  const { path, git } = createStory(join(place.path, 'shop'));
  git('remote', 'add', 'origin', 'git@github.com:acme/shop.git');
  shop = path;
  dataFolder = join(place.path, 'data');
  const { stdout } = await runReentry(['import', 'git', shop, '--data', dataFolder, '--json']);
  imported = JSON.parse(stdout);
});

afterAll(() => place[Symbol.asyncDispose]());

async function jsonLines(
  ...args: readonly string[]
): Promise<{ status: number | null; lines: readonly object[] }> {
  const { status, stdout, stderr } = await runReentry([...args, '--json']);
  expect(stderr).toBe('');
  return {
    status,
    lines: stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  };
}

const hash = expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/);
const hex = expect.stringMatching(/^[0-9a-f]{64}$/);

describe('--json', () => {
  test('import git tells what was read, added and sealed', async () => {
    const outcome = {
      repository: 'github.com/acme/shop',
      targetBranch: 'main',
      headSha: expect.stringMatching(/^[0-9a-f]{40}$/),
      upToDate: false,
      changes: 7,
      added: 7,
      relearned: 0,
      sealed: 7,
      gaps: [],
    };

    expect(imported).toEqual(outcome);
    expect(await jsonLines('import', 'git', shop, '--data', dataFolder)).toEqual({
      status: 0,
      lines: [{ ...outcome, upToDate: true, added: 0, sealed: 0 }],
    });
  });

  test('import git --since seals only what was merged from then on, and a later whole import the rest', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const env = { DATABASE_URL: database.databaseUrl, REENTRY_DATA: database.dataFolder };
    const importSince = async (...since: readonly string[]) =>
      JSON.parse((await runReentry(['import', 'git', shop, '--json', ...since], { env })).stdout);

    const since = ['--since', '2025-10-09T13:00:00Z'];
    expect(await importSince(...since)).toMatchObject({ changes: 3, added: 3, upToDate: false });
    expect(await importSince(...since)).toMatchObject({ added: 0, upToDate: true });
    expect(await importSince()).toMatchObject({ changes: 7, added: 4, upToDate: false });
  });

  test('import git after a pull that merged pull requests adds the pull and what it was made beside, nothing else', async () => {
    await using somewhere = await makePlace();
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const env = { DATABASE_URL: database.databaseUrl, REENTRY_DATA: database.dataFolder };
    const { path, git, commit } = createRepository(join(somewhere.path, 'pulled'));
    const importAll = async () =>
      JSON.parse((await runReentry(['import', 'git', path, '--json'], { env })).stdout);
    const base = commit('Begin', { 'README.md': '# Shop\n' });
    commit('Add the cart (#1)', { 'src/cart.ts': 'export const cart = [];\n' });
    commit('Add the till (#2)', { 'src/till.ts': 'export const till = 0;\n' });
    expect(await importAll()).toMatchObject({ changes: 3, added: 3 });
    git('switch', '--quiet', '--create', 'mine', base);
    commit('Mine', { 'src/mine.ts': 'export const mine = 1;\n' });
    git('merge', '--quiet', '--no-ff', '-m', "Merge branch 'main' of github.com:acme/shop", 'main');
    git('branch', '--force', 'main', 'mine');
    git('switch', '--quiet', 'main');

    expect(await importAll()).toMatchObject({ changes: 5, added: 2 });
    expect(await importAll()).toMatchObject({ added: 0, relearned: 0, upToDate: true });
  });

  test('verify gives the tree heads of both logs, and nothing else where everything holds', async () => {
    const log = (name: string, size: number) => ({
      log: name,
      origin: expect.stringMatching(`/${name}$`),
      size,
      root: hash,
      entries: size,
      unpublished: 0,
      findings: {},
    });

    expect(await jsonLines('verify', dataFolder)).toEqual({
      status: 0,
      lines: [
        {
          summary: {
            result: 'satisfied',
            records: 7,
            rows: expect.any(Number),
            findingCount: 0,
            logs: [log('events', 8), log('evidence', 7)],
          },
        },
      ],
    });
  });

  test('verify of the folder of one log needs no database', async () => {
    expect(await jsonLines('verify', join(dataFolder, 'logs', 'evidence'))).toMatchObject({
      status: 0,
      lines: [{ summary: { result: 'satisfied', logs: [{ log: 'evidence', size: 7, entries: 7 }] } }],
    });
  });

  test('rebuild tells both digests and that they are the same', async () => {
    const { status, lines } = await jsonLines('rebuild', '--data', dataFolder);

    expect({ status, lines }).toEqual({
      status: 0,
      lines: [
        {
          derivation: { sealed: 0, restored: 7, differing: [] },
          changes: 7,
          digestBefore: hex,
          digestAfter: hex,
          interruptedBefore: false,
          sizeBefore: 7,
          sizeAfter: 7,
          same: true,
        },
      ],
    });
    expect((await runReentry(['verify', dataFolder])).status).toBe(0);
  });

  test('doctor gives one line per check of machine, folder and archive', async () => {
    const { status, lines } = await jsonLines('doctor', '--data', dataFolder);

    expect(status).toBe(0);
    expect(lines.map((line) => (line as { check: string }).check)).toEqual([
      'Node',
      'git',
      'disk',
      'signing keys',
      'database',
      'durability',
      'ledger privileges',
      'events log',
      'evidence log',
      'projections',
    ]);
    for (const line of lines)
      expect(line).toEqual({ check: expect.any(String), result: 'satisfied', found: expect.any(String) });
  });
});

describe('doctor ends with 1 where something is violated, and says what to do', () => {
  test('a signing key that others may read', async () => {
    const copy = join(await temporaryPlace(), 'data');
    await copyFolder(dataFolder, copy);
    await chmod(join(copy, 'keys', 'events.key'), 0o644);

    const run = await runReentry(['doctor', '--data', copy]);

    expect(run).toMatchObject({ status: 1, stderr: '' });
    const at = run.stdout.split('\n').findIndex((line) => line.startsWith('✕'));
    expect(run.stdout.split('\n').slice(at, at + 2)).toEqual([
      '✕ signing keys           others may read them',
      `                         Run chmod 600 on them, and consider them known: ${copy}/keys/events.key.`,
    ]);
    // One fault does not hide the rest.
    expect(run.stdout).toContain('✓ projections');
    // Neither does a reader that is not interested.
    const unread = await runShell(`{ reentry doctor --data '${copy}'; echo "status $?" >&2; } | true`, copy);
    expect(unread.stderr).toBe('status 1\n');
    expect(await serversBelow(copy)).toEqual([]);
  });

  test('a machine without git', async () => {
    const here = await temporaryPlace();

    const { status, stdout } = await runReentry(['doctor'], { cwd: here, env: { PATH: here } });

    expect(status).toBe(1);
    expect(stdout).toContain('✕ git                    not found\n');
    expect(stdout).toContain('Install git 2.30 or newer');
  });
});

describe('for people', () => {
  test('verify says that everything is intact, with the roots to compare with noted ones', async () => {
    const { status, stdout, stderr } = await runReentry(['verify', dataFolder]);

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'Everything that was checked is intact.',
      `  ${dataFolder}`,
      expect.stringMatching(/^ {2}events log: 8 entries checked, root \S+= \(\S+\/events\)$/),
      expect.stringMatching(/^ {2}evidence log: 7 entries checked, root \S+= \(\S+\/evidence\)$/),
      expect.stringMatching(/^ {2}7 evidence records checked, \d+ database rows compared$/),
      '',
    ]);
  });

  test('rebuild says that the evidence is the same', async () => {
    const { status, stdout } = await runReentry(['rebuild', '--data', dataFolder]);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^The rebuilt evidence is the same\.\n {2}7 changes, 7 records restored/);
  });
});
