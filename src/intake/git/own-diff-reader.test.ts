import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { DiffEntry, DiffSink } from './diff-parser.ts';
import { DiffReader, withContent } from './diff-reader.ts';
import { locateRepository } from './locate-repository.ts';
import { OwnDiffReader, type OwnDiffRequest } from './own-diff-reader.ts';
import { openPrivateView } from './private-view.ts';
import {
  makeRepository,
  removeTestFolders,
  type TestCommit,
  type TestFile,
  type TestRepository,
} from './testing/make-repository.ts';

afterAll(removeTestFolders);

interface SeenFile {
  readonly entry: DiffEntry;
  readonly binary: boolean;
  readonly hunks: (readonly [oldStart: number, oldLines: number, newStart: number, newLines: number])[];
  readonly lines: string[];
}

function recordingSink(files: SeenFile[]): DiffSink {
  return {
    file: (entry, binary) => {
      files.push({ entry, binary, hunks: [], lines: [] });
      return true;
    },
    hunk: (...numbers) => files.at(-1)?.hunks.push(numbers),
    removed: (text) => files.at(-1)?.lines.push(`-${text}`),
    added: (text) => files.at(-1)?.lines.push(`+${text}`),
  };
}

async function readDiffs(
  repository: TestRepository,
  requests: readonly OwnDiffRequest[],
): Promise<readonly (readonly SeenFile[])[]> {
  const view = await openPrivateView(await locateRepository(repository.path), {});
  const reader = new OwnDiffReader(new DiffReader(view.diffs, { show: withContent, textLimit: 1_000 }));
  const seen: SeenFile[][] = [];
  try {
    for (const request of requests) reader.request(request);
    for (const _ of requests) {
      const files: SeenFile[] = [];
      expect(await reader.read(() => recordingSink(files))).toBe('read');
      seen.push(files);
    }
  } finally {
    await reader.close();
    await view.close();
  }
  return seen;
}

type Tree = Readonly<Record<string, TestFile>>;

/** Commits without a common ancestor, and a merge of them. */
function commitsOf(parents: readonly Tree[], merge: Tree, nth = 0): readonly TestCommit[] {
  const sides = parents.map((files, side) => ({
    name: `${nth}.${side}`,
    ref: `refs/heads/side-${nth}-${side}`,
    parents: [],
    files,
  }));
  const removed = Object.fromEntries(Object.keys(parents[0] ?? {}).map((path) => [path, null]));
  const files = { ...removed, ...merge };
  return [
    ...sides,
    { name: `${nth}.merge`, ref: `refs/heads/merge-${nth}`, parents: sides.map(({ name }) => name), files },
  ];
}

function requestOf(repository: TestRepository, sides: number, nth = 0): OwnDiffRequest {
  const [oldId = '', ...otherIds] = Array.from({ length: sides }, (_, side) =>
    repository.shaOf(`${nth}.${side}`),
  );
  return { newId: repository.shaOf(`${nth}.merge`), oldId, otherIds };
}

async function ownDiff(parents: readonly Tree[], merge: Tree): Promise<readonly SeenFile[]> {
  const repository = makeRepository(commitsOf(parents, merge));
  const [files = []] = await readDiffs(repository, [requestOf(repository, parents.length)]);
  return files;
}

const many = Array.from({ length: 40 }, (_, line) => `line ${line}\n`).join('');

describe('a merge has of its own', () => {
  test('nothing, where each line came from some parent', async () => {
    const ours = many.replace('line 3\n', 'ours\n');
    const theirs = many.replace('line 30\n', 'theirs\n');
    const both = ours.replace('line 30\n', 'theirs\n');

    const files = await ownDiff(
      [
        { f: ours, ours: '1\n', same: 'x\n' },
        { f: theirs, theirs: '2\n', same: 'x\n' },
      ],
      { f: both, ours: '1\n', theirs: '2\n', same: 'x\n' },
    );

    expect(files).toEqual([]);
  });

  test('lines that no parent has, and the removal of lines that each parent had', async () => {
    const [file, ...others] = await ownDiff(
      [{ f: 'a\nb\nc\nd\ne\nf\n' }, { f: 'a\nb\nc\nd\ne\nf\n' }],
      // Without context git shows the same for this and for X in the place of b: nothing says that c lies between.
      { f: 'a\nc\nX\nd\nf\nY\n' },
    );

    expect(others).toEqual([]);
    expect(file?.hunks).toEqual([
      [2, 1, 1, 0],
      [3, 0, 3, 1],
      [5, 1, 4, 0],
      [6, 0, 6, 1],
    ]);
    expect(file?.lines).toEqual(['-b', '+X', '-e', '+Y']);
  });

  test('how it settled a conflict, and no line of either side', async () => {
    const [file] = await ownDiff([{ f: 'a\nours\nz\n' }, { f: 'a\ntheirs\nz\n' }], { f: 'a\nboth\nz\n' });

    expect(file?.hunks).toEqual([[1, 0, 2, 1]]);
    expect(file?.lines).toEqual(['+both']);
  });

  test('a removal that hangs at different lines of the merge, since one side added something there', async () => {
    const [file] = await ownDiff([{ f: 'a\nb\nc\n' }, { f: 'a\nX\nb\nc\n' }], { f: 'a\nX\nc\n' });

    expect(file?.lines).toEqual(['-b']);
    expect(file?.hunks).toEqual([[2, 1, 1, 0]]);
  });

  test('what it keeps of two lines that are the same is not counted as removed', async () => {
    const [file] = await ownDiff([{ f: 'x\nx\nx\na\n' }, { f: 'x\nx\na\n' }], { f: 'x\na\n' });

    expect(file?.lines).toEqual(['-x']);
  });

  test('lines that look like parts of a diff', async () => {
    const text = `${[
      'diff --git a/f b/f',
      'diff --cc f',
      '@@ -1 +1 @@',
      '@@@ -1,1 -1,1 +1,1 @@@',
      '=',
      ':100644 100644 a b M\tf',
      '::100644 100644 100644 a b c MM\tf\tf\tf',
      'Binary files a and b differ',
      '--- a/f',
      '+++ b/f',
      '\\ No newline at end of file',
    ].join('\n')}\n`;

    const [file, next] = await ownDiff([{ f: 'x\n' }, { f: 'y\n' }], { f: text, g: text });

    expect(file?.lines).toEqual(
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => `+${line}`),
    );
    expect(next?.entry).toMatchObject({ path: 'g', status: 'added' });
    expect(next?.hunks).toEqual([[0, 0, 1, 11]]);
  });

  test('files that it added, removed, moved, retyped, made executable, or changed in no readable way', async () => {
    const link = (sign: string) => ({ mode: '160000', content: sign.repeat(40) });
    const script = (mode: string) => ({ mode, content: 'x\n' });
    const files = await ownDiff(
      [
        {
          'a folder/moved': many,
          binary: 'a\0b',
          gone: '1\n2\n',
          mode: script('100644'),
          'one mode': script('100644'),
          sub: link('1'),
          type: '1\n',
        },
        {
          binary: 'a\0c',
          gone: '1\n3\n',
          mode: script('100644'),
          'one mode': script('100755'),
          sub: link('2'),
          type: '2\n',
        },
      ],
      {
        // As git does by itself where one side moved the folder and the other one added to it.
        'another "folder"/moved': many,
        binary: 'a\0d',
        empty: '',
        mode: script('100755'),
        'one mode': script('100755'),
        sub: link('3'),
        type: { mode: '120000', content: 'mode' },
      },
    );

    expect(
      files.map(({ entry, binary, hunks }) => [entry.status, entry.oldPath, entry.path, binary, hunks]),
    ).toEqual([
      ['renamed', 'a folder/moved', 'another "folder"/moved', false, []],
      ['modified', undefined, 'binary', true, []],
      ['added', undefined, 'empty', false, []],
      ['deleted', undefined, 'gone', false, [[1, 1, 0, 0]]],
      ['modified', undefined, 'mode', false, []],
      ['modified', undefined, 'sub', false, [[0, 0, 1, 1]]],
      ['type-changed', undefined, 'type', false, [[0, 0, 1, 1]]],
    ]);
    expect(files.find(({ entry }) => entry.path === 'sub')?.entry.submodule).toBe(true);
  });

  test('nothing of a file that one side renamed and both changed, where it put the changes together', async () => {
    const ours = many.replace('line 3\n', 'ours\n');
    const theirs = many.replace('line 30\n', 'theirs\n');

    expect(
      await ownDiff([{ old: ours }, { new: theirs }], { new: ours.replace('line 30\n', 'theirs\n') }),
    ).toEqual([]);
    const [file] = await ownDiff([{ old: ours }, { new: theirs }], {
      new: `${ours.replace('line 30\n', 'theirs\n')}own\n`,
    });
    expect(file?.entry).toMatchObject({ path: 'new', status: 'modified' });
    expect(file?.hunks).toEqual([[40, 0, 41, 1]]);
  });

  test('lines where one side cannot be read as text', async () => {
    const [file, ...others] = await ownDiff([{ f: 'a\nb\n' }, { f: 'a\0b' }], { f: 'a\nX\nb\n' });

    expect(others).toEqual([]);
    expect([file?.binary, file?.lines, file?.hunks]).toEqual([false, ['+X'], [[1, 0, 2, 1]]]);
  });

  test('of an octopus only what none of many parents has', async () => {
    const sides = Array.from({ length: 12 }, (_, side) => ({
      f: many.replace(`line ${side}\n`, `${side}!\n`),
    }));
    const all = sides.reduce((text, _, side) => text.replace(`line ${side}\n`, `${side}!\n`), many);

    expect(await ownDiff(sides, { f: all })).toEqual([]);
    const [file] = await ownDiff(sides, { f: `${all.replace('line 20\n', '')}own\n` });
    expect(file?.lines).toEqual(['-line 20', '+own']);
    expect(file?.hunks).toEqual([
      [21, 1, 20, 0],
      [40, 0, 40, 1],
    ]);
    expect(file?.entry.otherIds).toHaveLength(11);
  });
});

test('a file that parents and merge write anew takes time and memory that grow with its length alone', async () => {
  const text = (word: string) => Array.from({ length: 60_000 }, (_, line) => `${word} ${line}\n`).join('');

  const [file] = await ownDiff([{ f: text('ours') }, { f: text('theirs') }], { f: text('own') });

  expect(file?.hunks).toEqual([[0, 0, 1, 60_000]]);
});

const line = fc.constantFrom(
  '',
  'a',
  'b',
  'c',
  '}',
  '-',
  '+',
  '++x',
  '@@@ -1 -1 +1 @@@',
  '=',
  '\\ No newline',
);
const text = fc
  .tuple(fc.array(line, { maxLength: 14 }), fc.boolean())
  .map(([all, end]) => all.join('\n') + (end ? '\n' : ''));
const tree = fc.dictionary(fc.constantFrom('f', 'g h', 'd\xc3\xb6', '"q"'), text, { maxKeys: 3 });

test('on random content it is what git’s combined diff shows as new to every parent', async () => {
  const merges = fc.sample(fc.tuple(fc.array(tree, { minLength: 2, maxLength: 4 }), tree), {
    numRuns: 250,
    seed: 5,
  });
  const repository = makeRepository(merges.flatMap(([sides, merge], nth) => commitsOf(sides, merge, nth)));
  const requests = merges.map(([sides], nth) => requestOf(repository, sides.length, nth));

  const seen = await readDiffs(repository, requests);

  for (const [nth, files] of seen.entries()) {
    const sides = merges[nth]?.[0].length ?? 0;
    const shown = combinedDiff(repository, `${nth}.merge`, sides);
    for (const { entry, hunks, lines } of files) {
      const combined = shown.get(entry.path);
      expect({ nth, path: entry.path, added: addedLines(hunks, lines) }).toEqual({
        nth,
        path: entry.path,
        added: combined?.added ?? [],
      });
      // Git compares what was removed at one line, we in one place.
      const removed = lines.filter((text) => text.startsWith('-')).length;
      if (entry.status !== 'deleted') expect(removed).toBeGreaterThanOrEqual(combined?.removed ?? 0);
      expectRising(hunks);
    }
    const told = new Set(files.map(({ entry }) => entry.path));
    for (const [path, { added, removed }] of shown) {
      if (added.length + removed > 0)
        expect({ nth, path, told: told.has(path) }).toMatchObject({ told: true });
    }
  }
});

function addedLines(hunks: SeenFile['hunks'], lines: readonly string[]): readonly string[] {
  const numbers = hunks.flatMap(([, , start, count]) => Array.from({ length: count }, (_, at) => start + at));
  const texts = lines.filter((text) => text.startsWith('+'));
  expect(texts).toHaveLength(numbers.length);
  return texts.map((text, at) => `${numbers[at]} ${text.slice(1)}`);
}

/** Each hunk follows the one before on both sides, and both sides agree on what lies between. */
function expectRising(hunks: SeenFile['hunks']): void {
  let [old, now] = [1, 1];
  for (const [oldStart, oldLines, newStart, newLines] of hunks) {
    const from = oldLines > 0 ? oldStart : oldStart + 1;
    const to = newLines > 0 ? newStart : newStart + 1;
    expect(from).toBeGreaterThanOrEqual(old);
    expect(to - now).toBe(from - old);
    expect(oldLines + newLines).toBeGreaterThan(0);
    [old, now] = [from + oldLines, to + newLines];
  }
}

interface Shown {
  readonly added: readonly string[];
  readonly removed: number;
}

/** Path → lines with a sign for every parent, from a diff with so much context that nothing is left out. */
function combinedDiff(repository: TestRepository, name: string, sides: number): ReadonlyMap<string, Shown> {
  const diff = repository.git(
    ...['-c', 'core.quotePath=false', 'diff-tree', '-c', '-p', '-U1000', '-M', '--no-commit-id'],
    repository.shaOf(name),
  );
  const files = new Map<string, Shown>();
  for (const section of diff.split(/^diff --combined /m).slice(1)) {
    const [name = '', ...rows] = section.split('\n');
    const path = name.replace(/^"(.*)"$/, '$1').replaceAll('\\"', '"');
    const from = rows.findIndex((row) => row.startsWith('@@@'));
    files.set(path, from < 0 ? { added: [], removed: 0 } : signedRows(rows.slice(from + 1), sides));
  }
  return files;
}

/** The rows of a file that is shown whole. */
function signedRows(rows: readonly string[], sides: number): Shown {
  const present = rows.filter((row) => row !== '' && !row.slice(0, sides).includes('-'));
  return {
    added: present.flatMap((row, at) =>
      row.startsWith('+'.repeat(sides)) ? [`${at + 1} ${row.slice(sides)}`] : [],
    ),
    removed: rows.filter((row) => row.startsWith('-'.repeat(sides))).length,
  };
}
