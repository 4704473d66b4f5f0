import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ObservedChange } from '../../core/change/observed-change.ts';
import {
  makeFolder,
  makeRepository,
  removeTestFolders,
  type TestCommit,
  type TestRepository,
  testGit,
  testStart,
} from './testing/make-repository.ts';
import { readRepository, recordingReplay } from './testing/read-repository.ts';

afterAll(removeTestFolders);

const pulled = { message: "Merge branch 'main' of github.com:acme/shop" } as const;
const shared = 'refs/heads/shared';

/**
 * What `git pull` makes of it if somebody had committed beside the shared branch: the own commit is the first parent's, and
 * everybody else's pull requests lie behind the second one.
 */
const history: readonly TestCommit[] = [
  { name: 'base', files: { a: '1\n' } },
  { name: 'own', files: { own: 'x\n' } },
  { name: 't1', ref: 'refs/heads/topic', parents: ['base'], files: { t: '1\n' } },
  { name: 't2', ref: 'refs/heads/topic', files: { t: '1\n2\n' } },
  {
    name: 'merged',
    ref: shared,
    parents: ['base', 't2'],
    message: 'Merge pull request #7 from bob/topic\n\nAdd t',
    files: { t: '1\n2\n' },
  },
  { name: 'squashed', ref: shared, message: 'Add s (#8)', files: { s: 's\n' } },
  { name: 'r1', ref: shared, message: 'part one (#9)', files: { r: '1\n' }, at: testStart + 30_000 },
  { name: 'r2', ref: shared, message: 'part two (#9)', files: { r: '1\n2\n' }, at: testStart + 30_005 },
  { name: 'pushed', ref: shared, files: { p: 'p\n' }, at: testStart + 40_000 },
  {
    name: 'pull',
    parents: ['own', 'pushed'],
    ...pulled,
    files: { t: '1\n2\n', s: 's\n', r: '1\n2\n', p: 'p\n' },
    at: testStart + 50_000,
  },
  { name: 'after', files: { a: '2\n' }, at: testStart + 60_000 },
];

function rows({ shaOf }: TestRepository, changes: readonly ObservedChange[], commits = history) {
  const names = new Map(commits.map(({ name }) => [shaOf(name), name]));
  const readable = (text: string) => text.replace(/[0-9a-f]{40}/g, (sha) => names.get(sha) ?? sha);
  return changes.map(
    ({ id, commits: its, files }) =>
      `${readable(id)}: ${its.map(({ sha }) => readable(sha)).join(' ')}; ${files
        .map(({ path, additions, deletions }) => `${path} +${additions} -${deletions}`)
        .join(', ')}`,
  );
}

describe('a pull that merged other people’s pull requests', () => {
  test('lands each of them as its own change, and itself brings nothing', async () => {
    const repository = makeRepository(history);
    const replay = recordingReplay();

    const { changes } = await readRepository(repository.path, { replay });

    expect(rows(repository, changes)).toEqual([
      'push/base: base; a +1 -0',
      'push/own: own; own +1 -0',
      'pr/7: t1 t2 merged; t +2 -0',
      'pr/8: squashed; s +1 -0',
      'pr/9: r1 r2; r +2 -0',
      'push/pushed: pushed; p +1 -0',
      'push/pull: pull; ',
      'push/after: after; a +1 -1',
    ]);
    const pull = repository.shaOf('pull');
    expect(changes.at(-2)).toMatchObject({
      ...{ landing: 'merge', baseSha: repository.shaOf('own'), headSha: pull, mergeSha: pull },
      ...{ gaps: [], size: { files: 0, additions: 0 } },
    });
    expect(changes[2]?.baseSha).toBe(repository.shaOf('base'));
    expect(replay.calls.filter((call) => call === 'finish')).toHaveLength(8);
    expect(replay.calls.filter((call) => call === '+s')).toHaveLength(1);
  });

  test.each(['pushed', 'own', 'pull', 'merged'])(
    'gives the changes that the history gave when it ended at %s',
    async (head) => {
      const repository = makeRepository(history);
      const { changes } = await readRepository(repository.path);

      const earlier = (await readRepository(repository.path, { head: repository.shaOf(head) })).changes;

      const byId = new Map(changes.map((change) => [change.id, change]));
      expect(earlier).toEqual(earlier.map(({ id }) => byId.get(id)));
      expect(earlier.length).toBeGreaterThan(1);
    },
  );

  test('inside of another such pull', async () => {
    const nested: readonly TestCommit[] = [
      ...history.slice(0, -1),
      {
        name: 'others',
        ref: 'refs/heads/others',
        parents: ['base'],
        message: 'Add o (#10)',
        files: { o: 'o\n' },
      },
      {
        name: 'others-pull',
        ref: 'refs/heads/others',
        parents: ['others', 'pull'],
        ...pulled,
        files: { own: 'x\n', t: '1\n2\n', s: 's\n', r: '1\n2\n', p: 'p\n' },
      },
      { name: 'mine', ref: 'refs/heads/mine', parents: ['base'], files: { mine: 'm\n' } },
      {
        name: 'my-pull',
        parents: ['mine', 'others-pull'],
        ...pulled,
        files: { o: 'o\n', own: 'x\n', t: '1\n2\n', s: 's\n', r: '1\n2\n', p: 'p\n' },
      },
    ];
    const repository = makeRepository(nested);

    const { changes } = await readRepository(repository.path);

    expect(rows(repository, changes, nested)).toEqual([
      'push/base: base; a +1 -0',
      'push/mine: mine; mine +1 -0',
      'pr/10: others; o +1 -0',
      'push/own: own; own +1 -0',
      'pr/7: t1 t2 merged; t +2 -0',
      'pr/8: squashed; s +1 -0',
      'pr/9: r1 r2; r +2 -0',
      'push/pushed: pushed; p +1 -0',
      'push/pull: pull; ',
      'push/others-pull: others-pull; ',
      'push/my-pull: my-pull; ',
    ]);
  });

  test('never joins commits of two lines to one rebased pull request', async () => {
    const commits: readonly TestCommit[] = [
      { name: 'base', files: { a: '1\n' } },
      { name: 'own', message: 'one (#9)', files: { own: 'x\n' }, at: testStart + 10_000 },
      {
        name: 'other',
        ref: shared,
        parents: ['base'],
        message: 'two (#9)',
        files: { b: 'b\n' },
        at: testStart + 10_001,
      },
      { name: 'pull', parents: ['own', 'other'], ...pulled, files: { b: 'b\n' } },
    ];
    const repository = makeRepository(commits);

    const { changes } = await readRepository(repository.path);

    expect(rows(repository, changes, commits).slice(1)).toEqual([
      'pr/9: own; own +1 -0',
      'pr/9@other: other; b +1 -0',
      'push/pull: pull; ',
    ]);
  });

  test('in a shallow clone, as far as it goes', async () => {
    const origin = makeRepository(history);
    const clone = makeFolder();
    testGit(clone, ['clone', '-q', '--depth', '4', '--single-branch', `file://${origin.path}`, '.']);

    const { changes } = await readRepository(clone);

    expect(rows(origin, changes)).toEqual([
      'push/base: base; a +1 -0',
      'push/own: own; own +1 -0',
      'pr/9: r2; ',
      'push/pushed: pushed; p +1 -0',
      'push/pull: pull; ',
      'push/after: after; a +1 -1',
    ]);
    expect(changes.map(({ gaps }) => gaps.map(({ code }) => code))).toEqual([
      [],
      [],
      ['shallow-boundary'],
      [],
      [],
      [],
    ]);
  });
});

describe('a merge stays closed', () => {
  const merging = (message: string, commits: readonly TestCommit[]) => [
    ...history.slice(0, 1),
    ...commits,
    { name: 'merge', message, parents: ['base', commits.at(-1)?.name ?? ''], files: { f: '1\n' } },
  ];
  const topic = 'refs/heads/topic';

  test.each([
    'Merge pull request #20 from acme/release',
    'Release (#20)',
    'Merge PR\n\nSee merge request a/b!20',
  ])('where it names a pull request, whatever lies behind it: %j', async (message) => {
    const commits = merging(message, [
      { name: 'inner', ref: topic, message: 'Add f (#8)', files: { f: '1\n' } },
      { name: 'inner2', ref: topic, message: 'More', files: {} },
    ]);
    const repository = makeRepository(commits);

    const { changes } = await readRepository(repository.path);

    expect(rows(repository, changes, commits)).toEqual([
      'push/base: base; a +1 -0',
      'pr/20: inner inner2 merge; f +1 -0',
    ]);
  });

  test('where no pull request landed on what it merged', async () => {
    const commits = merging("Merge branch 'topic'", [
      { name: 'inner', ref: topic, files: { f: '1\n' } },
      { name: 'inner2', ref: topic, message: 'Fixes #8' },
    ]);
    const repository = makeRepository(commits);

    const { changes } = await readRepository(repository.path);

    expect(rows(repository, changes, commits)).toEqual([
      'push/base: base; a +1 -0',
      'push/merge: inner inner2 merge; f +1 -0',
    ]);
  });

  test('inside of an opened one, where it names a pull request itself', async () => {
    const commits = merging("Merge branch 'topic'", [
      { name: 'deep', ref: 'refs/heads/deep', parents: ['base'], message: 'Add f (#8)', files: { f: '1\n' } },
      { name: 'inner', ref: topic, parents: ['base'], files: { i: 'i\n' } },
      { name: 'inner2', ref: topic, parents: ['inner', 'deep'], message: 'Deep (#9)', files: { f: '1\n' } },
    ]);
    const repository = makeRepository(commits);

    const { changes } = await readRepository(repository.path);

    expect(rows(repository, changes, commits)).toEqual([
      'push/base: base; a +1 -0',
      'push/inner: inner; i +1 -0',
      'pr/9: deep inner2; f +1 -0',
      // That it left out what the push brought is as its first parent has it.
      'push/merge: merge; ',
    ]);
  });
});

describe('an opened merge of its own', () => {
  const lines = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join('');
  const ours = lines.replace('line 2\n', 'ours\n').replace('line 10\n', 'mine\n');
  const theirs = lines.replace('line 17\n', 'theirs\n').replace('line 10\n', 'yours\n');
  const resolved = ours
    .replace('line 17\n', 'theirs\n')
    .replace('mine\n', 'both\n')
    .replace('line 5\n', '')
    .concat('evil\n');
  const conflicting: readonly TestCommit[] = [
    { name: 'base', files: { f: lines, keep: 'k\n' } },
    { name: 'own', files: { f: ours } },
    { name: 'pr', ref: shared, parents: ['base'], message: 'Theirs (#8)', files: { f: theirs, g: 'g\n' } },
    {
      name: 'pull',
      parents: ['own', 'pr'],
      ...pulled,
      files: { f: resolved, g: 'g\n', keep: null, smuggled: 'in\n' },
    },
  ];

  test('has how it settled conflicts, and whatever was smuggled in', async () => {
    const repository = makeRepository(conflicting);
    const replay = recordingReplay();

    const { changes } = await readRepository(repository.path, { replay });

    expect(rows(repository, changes, conflicting).slice(1)).toEqual([
      'push/own: own; f +2 -2',
      'pr/8: pr; f +2 -2, g +1 -0',
      'push/pull: pull; f +2 -1, keep +0 -1, smuggled +1 -0',
    ]);
    expect(replay.calls.slice(replay.calls.indexOf(`begin ${repository.shaOf('pull')}`) + 1)).toEqual([
      'file f',
      'hunk 6 1 5 0',
      '-line 5',
      'hunk 10 0 10 1',
      '+both',
      // Without its own lines it has 19: the line of the conflict is no parent's any more.
      'hunk 19 0 20 1',
      '+evil',
      'file keep',
      'hunk 1 1 0 0',
      '-k',
      'file smuggled',
      'hunk 0 0 1 1',
      '+in',
      'finish',
    ]);
  });

  const without = async (name: string) => {
    const repository = makeRepository(conflicting);
    const id = repository.git(
      'rev-parse',
      name.replace(/^\w+/, (commit) => repository.shaOf(commit)),
    );
    rmSync(join(repository.path, '.git', 'objects', id.slice(0, 2), id.slice(2)));
    const { changes } = await readRepository(repository.path);
    return { row: rows(repository, changes, conflicting).at(-1), gaps: changes.at(-1)?.gaps };
  };

  test.each(['own', 'pr', 'pull'])(
    'says which file cannot be read where the content of %s is missing',
    async (name) => {
      const { row, gaps } = await without(`${name}:f`);

      expect(row).toBe('push/pull: pull; f +0 -0, keep +0 -1, smuggled +1 -0');
      expect(gaps).toMatchObject([{ code: 'missing-blob', detail: 'The content of f is missing.' }]);
    },
  );

  test.each(['own', 'pr', 'pull'])(
    'says that it has no files where the tree of %s is missing',
    async (name) => {
      const { row, gaps } = await without(`${name}^{tree}`);

      expect(row).toBe('push/pull: pull; ');
      expect(gaps).toMatchObject([{ code: 'unreadable-object' }]);
    },
  );

  test('needs nothing of files that came from one side', async () => {
    expect(await without('pr:g')).toMatchObject({
      row: 'push/pull: pull; f +2 -1, keep +0 -1, smuggled +1 -0',
      gaps: [],
    });
  });
});
