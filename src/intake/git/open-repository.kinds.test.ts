import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import { readRepository } from './testing/read-repository.ts';

afterAll(removeTestFolders);

const three: readonly TestCommit[] = [
  { name: 'one', files: { 'a.ts': 'a\n' } },
  { name: 'two', files: { 'b.ts': 'b\nb\n' } },
  { name: 'three', files: { 'a.ts': 'A\n' } },
];
const titles = (changes: readonly ObservedChange[]) => changes.map(({ title }) => title);

describe('where a repository lies', () => {
  test('a working tree, a folder in it, its .git, a bare clone and a linked worktree are the same history', async () => {
    const repository = makeRepository([...three, { name: 'side', ref: 'refs/heads/side' }]);
    const { path } = repository;
    mkdirSync(join(path, 'deep', 'er'), { recursive: true });
    const around = makeFolder();
    testGit(around, ['clone', '-q', '--bare', path, 'bare.git']);
    repository.git('worktree', 'add', '-q', '-f', join(around, 'linked'), 'main');
    writeFileSync(join(path, '.git', 'HEAD'), 'ref: refs/heads/main\n');

    const places = [
      path,
      join(path, 'deep', 'er'),
      join(path, '.git'),
      join(around, 'bare.git'),
      join(around, 'linked'),
    ];
    for (const place of places) {
      const { state, changes } = await readRepository(place);
      expect(titles(changes)).toEqual(['one', 'two', 'three']);
      expect(state.targetBranch).toBe('main');
    }
  });

  test('a submodule is read as the repository that it is', async () => {
    const inner = makeRepository(three);
    const outer = makeFolder();
    testGit(outer, ['init', '-q']);
    testGit(outer, ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.path, 'sub']);

    expect(titles((await readRepository(join(outer, 'sub'))).changes)).toEqual(['one', 'two', 'three']);
  });

  test('an empty repository has no head and no changes', async () => {
    const { state, changes } = await readRepository(makeRepository([]).path);

    expect(state).toMatchObject({ headSha: null, targetBranch: 'main', gaps: [] });
    expect(changes).toEqual([]);
  });

  test.each(['no such folder', '.'])('what is no repository is refused: %s', async (path) => {
    await expect(readRepository(join(makeFolder(), path))).rejects.toMatchObject({
      code: 'NOT_A_REPOSITORY',
    });
  });
});

describe('the default branch', () => {
  test('is what HEAD names, or HEAD itself where it is detached', async () => {
    const repository = makeRepository([...three, { name: 'dev', ref: 'refs/heads/dev' }]);
    repository.git('symbolic-ref', 'HEAD', 'refs/heads/dev');
    expect((await readRepository(repository.path)).state.targetBranch).toBe('dev');

    repository.git('update-ref', '--no-deref', 'HEAD', repository.shaOf('two'));
    const detached = await readRepository(repository.path);
    expect(detached.state.targetBranch).toBe('HEAD');
    expect(titles(detached.changes)).toEqual(['one', 'two']);

    repository.git('symbolic-ref', 'HEAD', 'refs/heads/unborn');
    expect((await readRepository(repository.path)).state).toMatchObject({ targetBranch: 'main' });
  });

  test('is origin’s, whatever is checked out; the local copy counts once it is ahead', async () => {
    const origin = makeRepository(three);
    const clone = makeFolder();
    testGit(clone, ['clone', '-q', origin.path, '.']);
    testGit(clone, ['checkout', '-q', '-b', 'feature', 'HEAD~1']);
    testGit(clone, ['branch', '-q', '-f', 'main', 'HEAD~1']);
    expect(titles((await readRepository(clone)).changes)).toEqual(['one', 'two', 'three']);

    testGit(clone, ['checkout', '-q', '-B', 'main', 'origin/main']);
    testGit(clone, ['commit', '-q', '--allow-empty', '-m', 'four']);
    testGit(clone, ['checkout', '-q', 'feature']);
    const { state, changes } = await readRepository(clone);
    expect(titles(changes)).toEqual(['one', 'two', 'three', 'four']);
    expect(state.targetBranch).toBe('main');
  });
});

describe('what history holds', () => {
  test('SHA-256 repositories', async () => {
    const { changes } = await readRepository(makeRepository(three, ['--object-format=sha256']).path);

    expect(changes.map(({ mergeSha, size }) => [mergeSha.length, size.files])).toEqual([
      [64, 1],
      [64, 1],
      [64, 1],
    ]);
  });

  test('names that are not UTF-8, renames, links, modes, types, binaries and submodules', async () => {
    const many = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('');
    const repository = makeRepository([
      { name: 'old', files: { 'old.ts': many, 'x.sh': 'x\n', pic: 'a\0b', kind: '1\n2\n' } },
      {
        name: 'new',
        renames: [['old.ts', 'new.ts']],
        files: {
          'dir/\xff': 'x\n',
          'd\xc3\xb6': 'x\n',
          link: { mode: '120000', content: 'x.sh' },
          'x.sh': { mode: '100755', content: 'x\n' },
          pic: 'a\0c',
          kind: { mode: '120000', content: 'x.sh' },
          sub: { mode: '160000', content: 'a'.repeat(40) },
        },
      },
    ]);

    const { changes } = await readRepository(repository.path);

    const row = (file: ObservedChange['files'][number]) => [
      file.path,
      file.oldPath,
      file.status,
      file.additions,
      file.deletions,
      file.binary ?? file.submodule ?? false,
    ];
    expect(changes[1]?.files.map(row)).toEqual([
      ['"dir/\\377"', undefined, 'added', 1, 0, false],
      ['dö', undefined, 'added', 1, 0, false],
      ['kind', undefined, 'type-changed', 1, 2, false],
      ['link', undefined, 'added', 1, 0, false],
      ['new.ts', 'old.ts', 'renamed', 0, 0, false],
      ['pic', undefined, 'modified', 0, 0, true],
      ['sub', undefined, 'added', 0, 0, true],
      ['x.sh', undefined, 'modified', 0, 0, false],
    ]);
    expect(changes[1]?.size).toEqual({ files: 8, additions: 4, deletions: 2 });
  });

  test('trailers at the end of a message that is longer than what is read of a commit', async () => {
    const message = `Add all of it\n\n${'* one more line\n'.repeat(40_000)}\nAgent: x\n`;

    const { changes } = await readRepository(makeRepository([{ name: 'one', message }]).path);

    expect(changes[0]?.title).toBe('Add all of it');
    expect(changes[0]?.commits[0]?.messageCut).toBe(true);
    expect(changes[0]?.commits[0]?.message.endsWith('* one more line\n\nAgent: x\n')).toBe(true);
  });

  test('very large files count as binary', async () => {
    const repository = makeRepository([{ name: 'one', files: { big: 'line\n'.repeat(4_000_000) } }]);

    const { changes } = await readRepository(repository.path);

    expect(changes[0]?.files).toMatchObject([{ path: 'big', binary: true, additions: 0 }]);
  });

  test('more files than are listed are counted', async () => {
    const files = Object.fromEntries(Array.from({ length: 2_100 }, (_, index) => [`f${index}`, 'x\n']));

    const { changes } = await readRepository(makeRepository([{ name: 'one', files }]).path);

    expect(changes[0]?.files).toHaveLength(2_000);
    expect(changes[0]).toMatchObject({
      size: { files: 2_100, additions: 2_100 },
      gaps: [{ code: 'files-omitted' }],
    });
  });

  test('a change without any difference, and a commit dated before its parent', async () => {
    const repository = makeRepository([
      { name: 'one', at: 2_000_000_000, files: { a: '1\n' } },
      { name: 'empty', at: 1_000_000_000 },
      { name: 'three', at: 1_500_000_000, files: { a: '2\n' } },
    ]);

    const { changes } = await readRepository(repository.path);

    expect(titles(changes)).toEqual(['one', 'empty', 'three']);
    expect(changes[1]).toMatchObject({ files: [], gaps: [], mergedAt: '2001-09-09T01:46:40Z' });
  });

  test('what .gitattributes of the head declares as generated', async () => {
    const repository = makeRepository([
      { name: 'one', files: { 'api/client.ts': 'x\n', 'src/a.ts': 'x\n' } },
      { name: 'two', files: { '.gitattributes': '/api/** linguist-generated\n' } },
    ]);

    const { changes } = await readRepository(repository.path);

    expect(changes[0]?.files.map(({ path, role }) => [path, role])).toEqual([
      ['api/client.ts', 'generated'],
      ['src/a.ts', 'source'],
    ]);
  });

  test('the same repository read twice gives the same bytes', async () => {
    const { path } = makeRepository(three);

    const once = JSON.stringify((await readRepository(path)).changes);

    expect(JSON.stringify((await readRepository(path)).changes)).toBe(once);
    expect(readFileSync(join(path, '.git', 'HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
  });
});
