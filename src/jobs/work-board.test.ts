import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { pausedAfter } from '../../test/support/gated-reader.ts';
import { type OpenBoard, openBoard, until } from '../../test/support/open-board.ts';
import type { Archive } from '../app/ports.ts';
import { recordFacts } from '../app/record-facts.ts';
import type { Verification } from '../contract/evidence.ts';
import type { Job, RepositoryState } from '../contract/work.ts';
import { personActed } from '../core/evidence/fact.ts';
import { lookAtRepository } from '../intake/git/look-at-repository.ts';
import {
  makeRepository,
  removeTestFolders,
  type TestRepository,
} from '../intake/git/testing/make-repository.ts';
import { openRepositoryInThread } from '../intake/git/thread-reader.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing/test-store.ts';
import type { WorkBoardOptions } from './work-board.ts';

let database: TestDatabase;
let opened: OpenBoard | undefined;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  await database.drop();
});
afterAll(removeTestFolders);

async function open(options: Partial<WorkBoardOptions> = {}): Promise<OpenBoard> {
  // What is added here begins without being polled for.
  opened = await openBoard(database, { pollSeconds: 600, ...options });
  return opened;
}

async function close(): Promise<void> {
  await opened?.close();
  opened = undefined;
}

/** The job, once it is in that state. */
async function job({ board }: OpenBoard, id: string, state: Job['state']): Promise<Job> {
  const jobs = await until(
    () => board.jobs(),
    (all) => all.some((one) => one.id === id && one.state === state),
  );
  return jobs.find((one) => one.id === id) as Job;
}

async function onlyRepository(
  { board }: OpenBoard,
  holds: (state: RepositoryState) => boolean,
): Promise<RepositoryState> {
  const [state] = await until(
    () => board.repositories(),
    ([first]) => first !== undefined && holds(first),
  );
  return state as RepositoryState;
}

function repositoryOf(commits: number): TestRepository {
  return makeRepository(
    Array.from({ length: commits }, (_, index) => ({
      name: `commit ${index}`,
      files: { [`file-${index % 7}.ts`]: `export const value = ${index};\n` },
    })),
  );
}

function commitTo({ git }: TestRepository, message: string): void {
  git('-c', 'commit.gpgsign=false', 'commit', '-q', '--allow-empty', '-m', message);
}

async function imported(commits: number, options: Partial<WorkBoardOptions> = {}) {
  const repository = repositoryOf(commits);
  const all = await open(options);
  const { id } = await all.board.addRepository(repository.path, 'ann@example.org');
  return { ...all, repository, done: await job(all, id, 'done') };
}

test('a repository that is added is imported at once, followed and listed', async () => {
  const { repository, done, board } = await imported(3);

  const [listed] = await board.repositories();

  expect(done).toMatchObject({
    kind: 'import',
    requestedBy: 'ann@example.org',
    outcome: '3 changes added.',
    progress: null,
    error: null,
  });
  expect(listed).toMatchObject({
    path: repository.path,
    headSha: repository.shaOf('commit 2'),
    following: true,
    changes: 3,
    byClass: { human: 0, ai: 0, mixed: 0, unknown: 3 },
    problem: null,
    job: { id: done.id, subject: listed?.repoId },
  });
});

test('the progress of an import is seen while it runs, and a second request gives the running one', async () => {
  const gate = pausedAfter(openRepositoryInThread, 600);
  const { path } = repositoryOf(700);
  const all = await open({ openRepository: gate.openRepository });
  const { id, subject } = await all.board.addRepository(path, 'ann');
  await gate.reached;

  const [seen] = await until(
    () => all.board.jobs(),
    ([first]) => (first?.progress?.done ?? 0) > 0,
  );
  const again = await Promise.all([
    all.board.startImport(subject, 'ben'),
    all.board.addRepository(path, 'ben'),
  ]);
  gate.open();

  expect(seen).toMatchObject({
    id,
    state: 'running',
    progress: { step: 'Reading and sealing changes', total: 700 },
  });
  expect(again.map((one) => one.id)).toEqual([id, id]);
  expect(await job(all, id, 'done')).toMatchObject({ outcome: '700 changes added.' });
  expect(await all.board.jobs()).toHaveLength(1);
});

test('a stop interrupts an import, and the next start goes on with it', async () => {
  const gate = pausedAfter(openRepositoryInThread, 600);
  const { path } = repositoryOf(700);
  const before = await open({ openRepository: gate.openRepository });
  const { id } = await before.board.addRepository(path, 'ann');
  await gate.reached;

  await close();
  const after = await open();

  expect(await job(after, id, 'done')).toMatchObject({ requestedBy: 'ann' });
  expect(await onlyRepository(after, () => true)).toMatchObject({ changes: 700, problem: null });
  expect(await after.board.jobs()).toHaveLength(1);
});

test('an import whose process was killed is done by the next one, and the archive verifies', async () => {
  const { path } = repositoryOf(700);
  const driver = fileURLToPath(new URL('../../test/support/board-driver.ts', import.meta.url));
  const { dataFolder, databaseUrl } = database;
  const child = spawn(process.execPath, [driver, dataFolder, databaseUrl, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await once(child, 'exit');

  const all = await open();
  const id = said.toString().trim();
  await job(all, id, 'done');
  const verification = await all.board.startVerification('ann');

  expect(await job(all, verification.id, 'done')).toMatchObject({
    outcome: expect.stringMatching(/^All 1,\d{3} entries hold\.$/),
  });
  expect(await all.archive.ledger.size('evidence')).toBe(700);
});

test('a job that keeps ending its process is given up, and its repository is no longer followed', async () => {
  const { done } = await imported(1);
  await close();
  await database.sql(
    `UPDATE reentry_jobs.job SET state = 'active', completed_on = NULL, retry_count = 4 WHERE id = $1`,
    [done.id],
  );

  const all = await open();

  expect(await job(all, done.id, 'stopped')).toMatchObject({ error: { code: 'INTERNAL' } });
  expect(await all.board.repositories()).toMatchObject([
    { following: false, problem: { code: 'INTERNAL', detail: expect.stringContaining('the process ended') } },
  ]);
});

test('new commits of a followed repository are imported, and those of another one are not', async () => {
  const all = await imported(2);
  const other = repositoryOf(1);
  const { id, subject } = await all.board.addRepository(other.path, 'ann');
  await job(all, id, 'done');
  await all.board.setFollowing(subject, false);
  const changes = async () =>
    new Map((await all.board.repositories()).map((one) => [one.path, one.changes] as const));

  for (const expected of [3, 4]) {
    commitTo(all.repository, 'one more');
    await until(changes, (found) => found.get(all.repository.path) === expected);
    commitTo(other, 'unseen');
  }
  const [newest] = await until(
    () => all.board.jobs(),
    (jobs) => jobs.every(({ state }) => state === 'done'),
  );

  expect(newest).toMatchObject({ requestedBy: 'new commits', outcome: '1 change added.' });
  expect(await changes()).toEqual(
    new Map([
      [all.repository.path, 4],
      [other.path, 1],
    ]),
  );
});

test('a repository that is gone says so, and is well again when it is back', async () => {
  const all = await imported(1);
  const { path } = all.repository;

  renameSync(path, `${path}-elsewhere`);
  const gone = await onlyRepository(all, ({ problem }) => problem !== null);
  const { id } = await all.board.startImport(gone.repoId, 'ann');
  const failed = await job(all, id, 'failed');
  renameSync(`${path}-elsewhere`, path);
  await onlyRepository(all, ({ problem }) => problem === null);

  expect(gone.problem).toMatchObject({ code: 'REPOSITORY_GONE', detail: expect.stringContaining(path) });
  expect(failed.error).toEqual(gone.problem);
});

test('another repository at a known path is not imported unasked', async () => {
  const all = await imported(1);
  all.repository.git('remote', 'add', 'origin', 'https://example.org/other/place.git');

  const { problem } = await onlyRepository(all, (state) => state.problem !== null);
  const added = await all.board.addRepository(all.repository.path, 'ann');
  await job(all, added.id, 'done');

  expect(problem).toMatchObject({
    code: 'REPOSITORY_REPLACED',
    detail: expect.stringContaining('example.org/other/place'),
  });
  expect(await all.board.repositories()).toHaveLength(2);
});

test('a repository that fails is looked at less and less often', async () => {
  const all = await imported(1, { followEveryMs: 20 });
  const repository = all.repository;
  await close();
  const looks: number[] = [];
  renameSync(repository.path, `${repository.path}-elsewhere`);
  await open({
    followEveryMs: 20,
    lookAt: (path, options) => {
      looks.push(performance.now());
      return lookAtRepository(path, options);
    },
  });

  await until(
    async () => looks.length,
    (count) => count >= 5,
  );

  const pauses = looks.slice(1).map((at, index) => at - (looks[index] ?? 0));
  expect(pauses[0]).toBeGreaterThanOrEqual(40);
  expect(pauses[1]).toBeGreaterThanOrEqual(80);
  expect(pauses[3]).toBeGreaterThanOrEqual(320);
});

test('what is no repository is refused before anything is stored', async () => {
  const all = await open();

  await expect(all.board.addRepository('/tmp/no-such-folder', 'ann')).rejects.toMatchObject({
    code: 'NOT_A_REPOSITORY',
  });
  await expect(all.board.startImport('local/nothing', 'ann')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(all.board.setFollowing('local/nothing', true)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await all.board.repositories()).toEqual([]);
  expect(await all.board.jobs()).toEqual([]);
});

test('a repository without commits is followed until it has some', async () => {
  const repository = makeRepository([]);
  const all = await open();
  const { id } = await all.board.addRepository(repository.path, 'ann');
  const first = await job(all, id, 'done');

  commitTo(repository, 'the first');

  expect(first.outcome).toBe('The repository has no commits yet.');
  expect(await onlyRepository(all, ({ changes }) => changes === 1)).toMatchObject({ problem: null });
});

test('a verification finds what was planted, and is kept', async () => {
  const all = await imported(3);
  const sound = await all.board.startVerification('ann');
  await job(all, sound.id, 'done');
  await database.sql(
    `UPDATE reentry.log_payload SET payload = set_byte(payload, 9, get_byte(payload, 9) # 1) WHERE log = 'events' AND seq = 1`,
  );

  const damaged = await all.board.startVerification('ben');
  const { outcome } = await job(all, damaged.id, 'done');
  const [last, first] = (await all.board.verifications(10)) as [Verification, Verification];

  expect(first).toMatchObject({ id: sound.id, state: 'passed', requestedBy: 'ann', findings: [] });
  expect(first.logs).toMatchObject([
    { log: 'events', entries: 4, size: 4, findings: 0 },
    { log: 'evidence', entries: 3, size: 3, findings: 0 },
  ]);
  expect(last).toMatchObject({ id: damaged.id, state: 'failed', requestedBy: 'ben' });
  expect(last.findings).toContainEqual(
    expect.objectContaining({ code: 'payload-changed', log: 'events', index: 1 }),
  );
  expect(outcome).toMatch(/wrong in 7 entries\.$/);
});

test('a verification is done when the last one is too old', async () => {
  const { board } = await imported(1, { verifyEveryMs: 100 });

  const [scheduled] = await until(
    () => board.verifications(1),
    ([newest]) => newest?.state === 'passed',
  );

  expect(scheduled).toMatchObject({ requestedBy: 'schedule', findings: [] });
});

test('both logs have a checkpoint before anything is accepted', async () => {
  await open({ publishEveryMs: { events: 60_000, evidence: 60_000 } });

  for (const log of ['events', 'evidence']) {
    const note = await readFile(join(database.dataFolder, 'logs', log, 'checkpoint'), 'utf8');
    expect(note.split('\n')[1]).toBe('0');
  }
});

test('what people did is published without an import', async () => {
  const { archive, store } = await imported(1);
  const before = await store.ledger.size('events');

  await act(archive, 1);
  const note = await until(
    () => readFile(join(database.dataFolder, 'logs', 'events', 'checkpoint'), 'utf8'),
    (text) => Number(text.split('\n')[1]) > before,
  );

  expect(note.split('\n')[1]).toBe(String(before + 1));
});

test('a verification beside a growing events log finds nothing', async () => {
  const all = await imported(600);
  const { id } = await all.board.startVerification('ann');
  let added = 0;
  const growing = until(
    async () => {
      await act(all.archive, 20, added);
      added += 20;
      return all.board.verifications(1);
    },
    ([newest]) => newest?.id === id && newest.state !== 'running',
  );

  const [ended] = await growing;

  expect(ended?.findings).toEqual([]);
  expect(ended?.state).toBe('passed');
});

async function act(archive: Archive, times: number, from = 0): Promise<void> {
  const facts = Array.from({ length: times }, (_, index) =>
    personActed(
      {
        schema: 'reentry.person-action/1',
        actor: { id: 'u1', email: 'ann@example.org', role: 'owner', via: 'session' },
        action: 'create',
        resource: 'verification',
        target: null,
        detail: {},
        requestId: `request ${from + index}`,
      },
      '2026-01-01T00:00:00.000Z',
    ),
  );
  await recordFacts(archive, facts);
}
