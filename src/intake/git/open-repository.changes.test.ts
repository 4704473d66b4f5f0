import { afterAll, expect, test } from 'vitest';
import type { ObservedChange } from '../../core/change/observed-change.ts';
import { openRepository } from './open-repository.ts';
import { makeRepository, removeTestFolders, type TestCommit, testStart } from './testing/make-repository.ts';
import { readRepository, recordingReplay } from './testing/read-repository.ts';

afterAll(removeTestFolders);

const bob = 'Bob <bob@example.org>';
const cy = 'Cy <cy@example.org>';

/** A line with every way to land, an octopus merge among them. */
const history: readonly TestCommit[] = [
  { name: 'root', files: { a: '1\n' } },
  { name: 't1', ref: 'refs/heads/t', message: 'inner one', files: { t: '1\n' }, author: bob },
  { name: 't2', ref: 'refs/heads/t', message: 'inner two\n\nAgent: x', files: { t: '1\n2\n' }, author: bob },
  { name: 't3', ref: 'refs/heads/t', message: 'inner three', files: { t2: 'x\n' }, author: cy },
  {
    name: 'merge',
    message: 'Merge pull request #7 from bob/feat/t\n\nAdd t',
    parents: ['root', 't3'],
    files: { t: '1\n2\n', t2: 'x\n' },
  },
  { name: 'squash', message: 'Add s (#8)', files: { s: 's\n' } },
  { name: 'r1', message: 'part one (#9)', files: { r: '1\n' }, at: testStart + 20_000 },
  { name: 'r2', message: 'part two (#9)', files: { r: '1\n2\n' }, at: testStart + 20_005 },
  { name: 'push', message: 'just pushed', files: { p: 'p\n' }, at: testStart + 30_000 },
  { name: 'again', message: 'more of it (#8)', files: { s: 's\nt\n' }, at: testStart + 40_000 },
  { name: 'o1', ref: 'refs/heads/o1', parents: ['again'], files: { o1: '1\n' } },
  { name: 'o2', ref: 'refs/heads/o2', parents: ['again'], files: { o2: '2\n' } },
  {
    name: 'octopus',
    parents: ['again', 'o1', 'o2'],
    files: { o1: '1\n', o2: '2\n' },
    at: testStart + 60_000,
  },
];

test('the line becomes changes: merged, squashed, rebased and pushed, each with its own commits and files', async () => {
  const repository = makeRepository(history);
  const sha = repository.shaOf;

  const { changes } = await readRepository(repository.path);

  const row = (change: ObservedChange) => ({
    id: change.id,
    landing: change.landing,
    base: change.baseSha,
    head: change.headSha,
    merge: change.mergeSha,
    commits: change.commits.map((commit) => commit.sha),
    files: change.files.map(({ path, additions }) => `${path} +${additions}`),
    author: change.author.name,
  });
  expect(changes.map(row)).toEqual([
    {
      id: `push/${sha('root')}`,
      landing: 'push',
      base: null,
      head: sha('root'),
      merge: sha('root'),
      commits: [sha('root')],
      files: ['a +1'],
      author: 'Ann Lee',
    },
    {
      id: 'pr/7',
      landing: 'merge',
      base: sha('root'),
      head: sha('t3'),
      merge: sha('merge'),
      commits: ['t1', 't2', 't3', 'merge'].map(sha),
      files: ['t +2', 't2 +1'],
      author: 'Bob',
    },
    {
      id: 'pr/8',
      landing: 'squash',
      base: sha('merge'),
      head: sha('squash'),
      merge: sha('squash'),
      commits: [sha('squash')],
      files: ['s +1'],
      author: 'Ann Lee',
    },
    {
      id: 'pr/9',
      landing: 'rebase',
      base: sha('squash'),
      head: sha('r2'),
      merge: sha('r2'),
      commits: ['r1', 'r2'].map(sha),
      files: ['r +2'],
      author: 'Ann Lee',
    },
    {
      id: `push/${sha('push')}`,
      landing: 'push',
      base: sha('r2'),
      head: sha('push'),
      merge: sha('push'),
      commits: [sha('push')],
      files: ['p +1'],
      author: 'Ann Lee',
    },
    {
      id: `pr/8@${sha('again')}`,
      landing: 'squash',
      base: sha('push'),
      head: sha('again'),
      merge: sha('again'),
      commits: [sha('again')],
      files: ['s +1'],
      author: 'Ann Lee',
    },
    {
      id: `push/${sha('octopus')}`,
      landing: 'merge',
      base: sha('again'),
      head: sha('o1'),
      merge: sha('octopus'),
      commits: ['o1', 'o2', 'octopus'].map(sha),
      files: ['o1 +1', 'o2 +1'],
      author: 'Ann Lee',
    },
  ]);
  expect(changes[1]).toMatchObject({
    title: 'Add t',
    sourceBranch: 'feat/t',
    targetBranch: 'main',
    number: 7,
    forge: 'github',
  });
  expect(changes[3]?.title).toBe('part one');
});

test('a shorter history gives the same changes with the same ids', async () => {
  const repository = makeRepository(history);
  const whole = (await readRepository(repository.path)).changes;

  const part = (await readRepository(repository.path, { head: repository.shaOf('push') })).changes;

  expect(part).toEqual(whole.slice(0, 5));
});

test('the replay is told every change from the first on, whatever is asked for', async () => {
  const repository = makeRepository(history);
  const replay = recordingReplay();
  const progress: string[] = [];

  const { changes } = await readRepository(repository.path, {
    replay,
    since: new Date((testStart + 40_000) * 1_000),
    onProgress: (done, total) => progress.push(`${done}/${total}`),
  });

  expect(changes.map(({ id }) => id.split(/[/@]/)[0])).toEqual(['pr', 'push']);
  expect(changes[0]?.features).toEqual({ nf: 1 });
  expect(replay.calls.filter((call) => call.startsWith('begin'))).toHaveLength(7);
  expect(replay.calls.slice(-8)).toEqual([
    `begin ${repository.shaOf('octopus')}`,
    'file o1',
    'hunk 0 0 1 1',
    '+1',
    'file o2',
    'hunk 0 0 1 1',
    '+2',
    'finish',
  ]);
  expect(progress).toEqual(['1/8', '2/8', '3/8', '5/8', '6/8', '7/8', '8/8']);
});

test('a branch that has not landed is one change, scored after everything before its merge base', async () => {
  const repository = makeRepository([
    ...history,
    { name: 'b1', ref: 'refs/heads/b', parents: ['push'], message: 'begin b', files: { b: '1\n' } },
    { name: 'b2', ref: 'refs/heads/b', message: 'end b\n\nAgent: x', files: { b: '1\n2\n' } },
  ]);
  const replay = recordingReplay();

  const { changes } = await readRepository(repository.path, { base: 'main', head: 'b', replay });

  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({
    id: `range/${repository.shaOf('b2')}`,
    kind: 'pull_request',
    title: 'begin b',
    baseSha: repository.shaOf('push'),
    headSha: repository.shaOf('b2'),
    size: { files: 1, additions: 2, deletions: 0 },
    commits: [{ sha: repository.shaOf('b1') }, { sha: repository.shaOf('b2') }],
  });
  const begun = replay.calls.filter((call) => call.startsWith('begin'));
  expect(begun.at(-2)).toBe(`begin ${repository.shaOf('push')}`);
  expect(begun.at(-1)).toBe(`begin ${repository.shaOf('b2')}`);
});

test.each([
  ['nothing', 'no-such-branch'],
  ['an option', '--all'],
  ['an empty name', ''],
])('a revision that names %s is an error', async (_, head) => {
  await expect(readRepository(makeRepository(history.slice(0, 1)).path, { head })).rejects.toMatchObject({
    code: 'REVISION_UNKNOWN',
  });
});

test('a base that has nothing in common with the head is an error', async () => {
  const repository = makeRepository([{ name: 'one' }, { name: 'other', ref: 'refs/heads/x', parents: [] }]);

  await expect(readRepository(repository.path, { base: 'main', head: 'x' })).rejects.toMatchObject({
    code: 'USAGE',
  });
});

test('of very many commits in one merge the latest are kept, and the author is still everybody’s', async () => {
  const inner: TestCommit[] = Array.from({ length: 620 }, (_, index) => ({
    name: `i${index}`,
    ref: 'refs/heads/t',
    author: index < 400 ? bob : cy,
  }));
  const repository = makeRepository([
    { name: 'root' },
    ...inner,
    { name: 'merge', message: 'Merge pull request #1 from a/t', parents: ['root', 'i619'] },
  ]);

  const { changes } = await readRepository(repository.path);

  expect(changes[1]?.commits).toHaveLength(500);
  expect(changes[1]?.commits.at(-1)?.sha).toBe(repository.shaOf('merge'));
  expect(changes[1]).toMatchObject({ author: { name: 'Bob' }, gaps: [{ code: 'commits-omitted' }] });
});

test('an aborted reading ends with the reason, and leaves nothing behind', async () => {
  const repository = makeRepository(history);
  const reader = await openRepository(repository.path, { replay: undefined, mentionsAgent: () => false });
  const controller = new AbortController();
  const read = async () => {
    for await (const change of reader.changes({ signal: controller.signal })) {
      expect(change.id).toBeTruthy();
      controller.abort(new Error('enough'));
    }
  };

  await expect(read()).rejects.toThrow('enough');
  await reader.close();
});

test('a reader that is closed in the middle of reading ends its children', async () => {
  const repository = makeRepository(history);
  const reader = await openRepository(repository.path, { replay: undefined, mentionsAgent: () => false });
  for await (const change of reader.changes({})) {
    expect(change.id).toBeTruthy();
    break;
  }

  await reader.close();
  const again = reader.changes({})[Symbol.asyncIterator]();
  await expect(again.next()).rejects.toMatchObject({ name: 'AbortError' });
});
