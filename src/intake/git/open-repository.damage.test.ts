import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ObservedChange } from '../../core/change/observed-change.ts';
import {
  makeFolder,
  makeRepository,
  removeTestFolders,
  type TestCommit,
  testGit,
} from './testing/make-repository.ts';
import { readRepository, recordingReplay } from './testing/read-repository.ts';

afterAll(removeTestFolders);

const three: readonly TestCommit[] = [
  { name: 'one', files: { 'a.ts': 'a\n' } },
  { name: 'two', files: { 'b.ts': 'b\nb\n' } },
  { name: 'three', files: { 'a.ts': 'A\n' } },
];
const titles = (changes: readonly ObservedChange[]) => changes.map(({ title }) => title);

describe('what is missing is said, and the rest goes on', () => {
  test('a shallow clone: the boundary has no files, later changes do', async () => {
    const origin = makeRepository(three);
    const clone = makeFolder();
    testGit(clone, ['clone', '-q', '--depth', '2', `file://${origin.path}`, '.']);

    const { state, changes } = await readRepository(clone);

    expect(state.gaps.map(({ code }) => code)).toEqual(['shallow-boundary']);
    expect(titles(changes)).toEqual(['two', 'three']);
    expect(changes[0]).toMatchObject({
      baseSha: origin.shaOf('one'),
      files: [],
      gaps: [{ code: 'shallow-boundary' }],
    });
    expect(changes[1]).toMatchObject({ size: { files: 1, additions: 1, deletions: 1 }, gaps: [] });
  });

  test('a partial clone: files whose content was never fetched are unreadable, and nothing is fetched', async () => {
    const origin = makeRepository(three);
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const clone = makeFolder();
    testGit(clone, ['clone', '-q', '--no-checkout', '--filter=blob:none', `file://${origin.path}`, '.']);
    const replay = recordingReplay();

    const { state, changes } = await readRepository(clone, { replay });

    expect(state.gaps).toMatchObject([{ code: 'missing-blob' }]);
    expect(changes).toHaveLength(3);
    for (const change of changes) {
      expect(change.files).toMatchObject([{ unreadable: true, additions: 0, deletions: 0 }]);
      expect(change.gaps).toMatchObject([{ code: 'missing-blob' }]);
    }
    expect(replay.calls).toContain('file b.ts unreadable');
    expect(replay.calls.filter((call) => call === 'finish')).toHaveLength(3);
    const missing = testGit(clone, ['rev-list', '--objects', '--missing=print', 'HEAD']).match(/^\?/gm);
    expect(missing).toHaveLength(3);
  });

  test('a clone without trees: every change is told, none has files', async () => {
    const origin = makeRepository(three);
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const clone = makeFolder();
    testGit(clone, ['clone', '-q', '--no-checkout', '--filter=tree:0', `file://${origin.path}`, '.']);

    const { changes } = await readRepository(clone);

    expect(titles(changes)).toEqual(['one', 'two', 'three']);
    for (const { files, gaps } of changes) {
      expect(files).toEqual([]);
      expect(gaps).toMatchObject([{ code: 'unreadable-object' }]);
    }
  });

  const damaged = async (object: string) => {
    const repository = makeRepository(three);
    const id = repository.git(
      'rev-parse',
      object.replace(/^\w+/, (name) => repository.shaOf(name)),
    );
    const file = join(repository.path, '.git', 'objects', id.slice(0, 2), id.slice(2));
    const bytes = readFileSync(file);
    // The header stays whole: git finds out in the middle of reading.
    bytes.fill(0xff, bytes.length - 8);
    rmSync(file);
    writeFileSync(file, bytes);
    const replay = recordingReplay();
    return { repository, replay, ...(await readRepository(repository.path, { replay })) };
  };

  test('a damaged blob: its file is unreadable, other changes are whole', async () => {
    const { changes, replay } = await damaged('two:b.ts');

    expect(changes.map(({ gaps }) => gaps.map(({ code }) => code))).toEqual([[], ['unreadable-object'], []]);
    expect(changes[1]?.files).toMatchObject([{ path: 'b.ts', unreadable: true }]);
    expect(changes[2]?.size).toEqual({ files: 1, additions: 1, deletions: 1 });
    expect(replay.calls.filter((call) => call === 'finish')).toHaveLength(3);
  });

  test('a damaged tree: the changes that need it have no files and no features', async () => {
    const { changes, replay } = await damaged('two^{tree}');

    expect(changes.map(({ gaps }) => gaps.map(({ code }) => code))).toEqual([
      [],
      ['unreadable-object'],
      ['unreadable-object'],
    ]);
    expect(changes.map(({ files, features }) => [files.length, Object.keys(features).length])).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
    ]);
    expect(replay.calls.filter((call) => call === 'finish')).toHaveLength(1);
  });

  test('a damaged commit: history ends at its child, which says so', async () => {
    const { changes } = await damaged('one');

    expect(titles(changes)).toEqual(['two', 'three']);
    expect(changes[0]).toMatchObject({ files: [], gaps: [{ code: 'unreadable-object' }] });
    expect(changes[1]).toMatchObject({ size: { files: 1 }, gaps: [] });
  });

  test('a damaged head is an error that says what to do', async () => {
    await expect(damaged('three')).rejects.toMatchObject({ code: 'REPOSITORY_UNREADABLE' });
  });

  test('a damaged commit inside of a pull request: the rest of it is told', async () => {
    const repository = makeRepository([
      { name: 'base', files: { a: '1\n' } },
      { name: 'inner1', ref: 'refs/heads/topic', files: { b: '1\n' } },
      { name: 'inner2', ref: 'refs/heads/topic', files: { c: '1\n' } },
      {
        name: 'merge',
        message: 'Merge pull request #1 from a/topic\n\nTopic',
        parents: ['base', 'inner2'],
        files: { b: '1\n', c: '1\n' },
      },
    ]);
    const id = repository.shaOf('inner1');
    rmSync(join(repository.path, '.git', 'objects', id.slice(0, 2), id.slice(2)));

    const { changes } = await readRepository(repository.path);

    expect(changes[1]?.commits.map(({ message }) => message.split('\n')[0])).toEqual([
      'inner2',
      'Merge pull request #1 from a/topic',
    ]);
    expect(changes[1]).toMatchObject({ size: { files: 2 }, gaps: [{ code: 'unreadable-object' }] });
  });

  test('replacement objects and grafts are ignored, and that is said', async () => {
    const repository = makeRepository(three);
    repository.git('replace', repository.shaOf('three'), repository.shaOf('one'));
    mkdirSync(join(repository.path, '.git', 'info'), { recursive: true });
    writeFileSync(join(repository.path, '.git', 'info', 'grafts'), `${repository.shaOf('three')}\n`);

    const { state, changes } = await readRepository(repository.path);

    expect(state.gaps.map(({ code }) => code)).toEqual(['replaced-objects-ignored', 'grafts-ignored']);
    expect(titles(changes)).toEqual(['one', 'two', 'three']);
  });
});
