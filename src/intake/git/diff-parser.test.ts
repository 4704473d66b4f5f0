import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type DiffEntry, DiffParser, type DiffSink, endMark } from './diff-parser.ts';
import { withContent } from './diff-reader.ts';
import {
  makeRepository,
  removeTestFolders,
  type TestFile,
  type TestRepository,
} from './testing/make-repository.ts';

afterAll(removeTestFolders);

interface SeenFile {
  readonly entry: DiffEntry;
  readonly binary: boolean;
  readonly lines: string[];
  readonly hunks: string[];
}

function recordingSink(files: SeenFile[]): DiffSink {
  return {
    file: (entry, binary) => {
      files.push({ entry, binary, lines: [], hunks: [] });
      return true;
    },
    hunk: (...numbers) => files.at(-1)?.hunks.push(numbers.join(' ')),
    removed: (text) => files.at(-1)?.lines.push(`-${text}`),
    added: (text) => files.at(-1)?.lines.push(`+${text}`),
  };
}

/** Feeds a diff in pieces of the given sizes, the last one again and again. */
function parse(
  diff: Buffer,
  sizes: readonly number[] = [diff.length],
  textLimit = 1_000,
): readonly SeenFile[] {
  const files: SeenFile[] = [];
  const parser = new DiffParser(textLimit);
  parser.begin(recordingSink(files));
  let at = 0;
  for (let piece = 0; at < diff.length; piece += 1) {
    const size = Math.max(1, sizes[Math.min(piece, sizes.length - 1)] ?? 1);
    parser.read(diff.subarray(at, at + size), 0);
    at += size;
  }
  expect(parser.ended).toBe(true);
  return files;
}

const diffArguments = [
  'diff-tree',
  '--stdin',
  '--always',
  '--root',
  '-r',
  '--raw',
  '--no-abbrev',
  ...withContent,
];

function diffOf(repository: TestRepository, from: string, to: string): Buffer {
  const request = `${repository.shaOf(to)} ${repository.shaOf(from)}\n${endMark}\n`;
  return Buffer.from(`${repository.gitWithInput(request, '-c', 'core.quotePath=false', ...diffArguments)}\n`);
}

const plainDiff = (
  before: Readonly<Record<string, TestFile>>,
  after: Readonly<Record<string, TestFile | null>>,
) => {
  const repository = makeRepository([
    { name: 'old', files: before },
    { name: 'new', files: after },
  ]);
  return parse(diffOf(repository, 'old', 'new'));
};

describe('a diff', () => {
  test('of content tells each hunk and its lines, missing line ends and carriage returns included', () => {
    const [file] = plainDiff({ a: '1\n2\n3\n4\n5' }, { a: '0\n1\n2\nx\r\n4\n5\n' });

    expect(file?.hunks).toEqual(['0 0 1 1', '3 1 4 1', '5 1 6 1']);
    expect(file?.lines).toEqual(['+0', '-3', '+x\r', '-5', '+5']);
  });

  test('that looks like a diff itself does not lead astray', () => {
    const text =
      'diff --git a/x b/x\n@@ -1 +1 @@\n=\n:100644 100644 a b M\tx\nBinary files a and b differ\n-- a\n++ b\n';
    const [file, other] = plainDiff({ a: 'x\n' }, { a: text, b: text });

    expect(file?.lines).toEqual([
      '-x',
      ...text
        .split('\n')
        .slice(0, -1)
        .map((line) => `+${line}`),
    ]);
    expect(other?.entry).toMatchObject({ path: 'b', status: 'added' });
  });

  test('tells renames, modes, types, binaries, empty files and removals by their status', () => {
    const many = Array.from({ length: 40 }, (_, line) => `line ${line}\n`).join('');
    const files = plainDiff(
      {
        moved: many,
        mode: 'x\n',
        type: '1\n2\n',
        binary: 'a\0b',
        gone: 'x\ny\n',
        'old folder/same': many.toUpperCase(),
      },
      {
        moved: null,
        'new moved': `${many}more\n`,
        mode: { mode: '100755', content: 'x\n' },
        type: { mode: '120000', content: 'mode' },
        binary: 'a\0c',
        gone: null,
        empty: '',
        'old folder/same': null,
        'new "folder"/same': many.toUpperCase(),
      },
    );

    expect(
      files.map(({ entry, binary, hunks }) => [entry.status, entry.oldPath, entry.path, binary, hunks]),
    ).toEqual([
      ['modified', undefined, 'binary', true, []],
      ['added', undefined, 'empty', false, []],
      ['deleted', undefined, 'gone', false, ['1 2 0 0']],
      ['modified', undefined, 'mode', false, []],
      ['renamed', 'old folder/same', 'new "folder"/same', false, []],
      ['renamed', 'moved', 'new moved', false, ['40 0 41 1']],
      // Git shows a type change as a removal and an addition: the addition follows the lines that were removed.
      ['type-changed', undefined, 'type', false, ['1 2 0 0', '2 0 1 1']],
    ]);
  });

  test('of a submodule is marked as one', () => {
    const link = (sha: string) => ({ mode: '160000', content: sha.repeat(40) });
    const [file] = plainDiff({ sub: link('1') }, { sub: link('2') });

    expect(file?.entry).toMatchObject({ path: 'sub', submodule: true });
  });

  test('is read alike however it is cut into pieces, and long lines are cut to the limit', () => {
    const repository = makeRepository([
      { name: 'old', files: { a: 'x\n'.repeat(5), dö: 'é\n' } },
      { name: 'new', files: { a: `${'y'.repeat(5_000)}\nx\nx\nz`, dö: 'é\nö\n', c: 'q\0' } },
    ]);
    const diff = diffOf(repository, 'old', 'new');
    const whole = parse(diff, [diff.length], 1_000);
    expect(whole[0]?.lines[0]?.length ?? 0).toBeGreaterThan(0);
    expect(Math.max(...whole.flatMap(({ lines }) => lines.map((line) => line.length)))).toBe(1_001);

    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        expect(parse(diff, sizes)).toEqual(whole);
      }),
    );
  });

  test('of a commit that git could not read says so', () => {
    const parser = new DiffParser(10);
    parser.begin(recordingSink([]));

    parser.read(Buffer.from(`${endMark}\n`), 0);

    expect([parser.ended, parser.sawCommit]).toEqual([true, false]);
  });

  test('that is cut short or does not fit its own numbers is refused', () => {
    const parser = new DiffParser(10);
    parser.begin(recordingSink([]));
    const head = `${'a'.repeat(40)}\n:100644 100644 ${'1'.repeat(40)} ${'2'.repeat(40)} M\tx\n\ndiff --git a/x b/x\n`;

    expect(() => parser.read(Buffer.from(`${head}@@ -1,2 +1 @@\n-a\n?\n`), 0)).toThrow(
      'shorter than announced',
    );
  });
});

test('line counts agree with git diff --numstat on random content', () => {
  const line = fc.constantFrom(
    '',
    'a',
    'b',
    '}',
    '\tif (x) {',
    'é',
    '-',
    '+',
    '@@ -1 +1 @@',
    '\\ No newline',
  );
  const text = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
    .map(([all, end]) => all.join('\n') + (end ? '\n' : ''));
  const tree = fc.dictionary(fc.constantFrom('a', 'b c', 'd/e', 'ü', '"q"'), text, { maxKeys: 4 });
  const trees = fc.sample(tree, { numRuns: 60, seed: 11 });
  const repository = makeRepository(
    trees.map((files, index) => ({
      name: `c${index}`,
      files: {
        ...Object.fromEntries(Object.keys(trees[index - 1] ?? {}).map((path) => [path, null])),
        ...files,
      },
    })),
  );

  const request = trees
    .slice(1)
    .map((_, index) => `${repository.shaOf(`c${index + 1}`)} ${repository.shaOf(`c${index}`)}\n${endMark}\n`);
  const ours = repository
    .gitWithInput(request.join(''), '-c', 'core.quotePath=false', ...diffArguments)
    .split(`\n${endMark}`)
    .slice(0, request.length)
    .map((diff) => parse(Buffer.from(`${diff.trimStart()}\n${endMark}\n`)))
    .map((files) =>
      files.map(({ lines }) =>
        ['+', '-'].map((sign) => lines.filter((text) => text.startsWith(sign)).length),
      ),
    );
  const numstat = repository
    // With no context git trims common ends first, which can change the counts: the same on both sides.
    .git('-c', 'diff.context=0', 'log', '--reverse', '--format=tformat:=', '--numstat', '-M')
    .split(/^=$/m)
    .slice(2)
    .map((block) => block.trim().split('\n'))
    .map((rows) => rows.filter((row) => row !== '').map((row) => row.split('\t').slice(0, 2).map(Number)));

  expect(ours).toEqual(numstat);
});
