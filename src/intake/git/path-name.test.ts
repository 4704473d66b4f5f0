import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readPath } from './path-name.ts';
import { makeRepository, removeTestFolders } from './testing/make-repository.ts';

afterAll(removeTestFolders);

test.each([
  ['src/a.ts', 'src/a.ts'],
  ['with space', 'with space'],
  [Buffer.from('dö/日本').toString('latin1'), 'dö/日本'],
  ['"tab\\there"', 'tab\there'],
  ['"line\\nbreak"', 'line\nbreak'],
  ['"say \\"hi\\" \\\\ bye"', 'say "hi" \\ bye'],
  ['"bell\\a\\001"', 'bell\u0007\u0001'],
  ['dir/\xff', '"dir/\\377"'],
  ['"\xff\\ttab"', '"\\377\\ttab"'],
])('%j is read as %j', (printed, path) => {
  expect(readPath(printed)).toBe(path);
});

test('what git prints for any name is read back, or kept in the quotes that git would use', () => {
  const name = fc
    .uint8Array({ minLength: 1, maxLength: 30 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0 && byte !== 0x2f)).toString('latin1'))
    .filter((text) => text !== '' && !/^\.{1,2}$|^\.git/i.test(text));
  const names =
    fc.sample(fc.uniqueArray(name, { minLength: 200, maxLength: 200 }), { numRuns: 1, seed: 7 })[0] ?? [];
  const files = Object.fromEntries(names.map((path) => [path, 'x']));
  const repository = makeRepository([{ name: 'all', files }]);

  const list = (quotePath: string) =>
    Buffer.from(repository.git('-c', `core.quotePath=${quotePath}`, 'ls-tree', '--name-only', 'HEAD'))
      .toString('utf8')
      .split('\n');

  const always = list('true');
  const expected = always.map((printed) => {
    const bytes = Buffer.from(readBytes(printed));
    return bytes.equals(Buffer.from(bytes.toString('utf8'))) ? bytes.toString('utf8') : printed;
  });
  expect(always.map(readPath)).toEqual(expected);
});

/** Git's quoted form as bytes, written another way than the code under test. */
function readBytes(printed: string): readonly number[] {
  if (!printed.startsWith('"')) return [...Buffer.from(printed)];
  const letters: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };
  const bytes: number[] = [];
  for (let at = 1; at < printed.length - 1; at += 1) {
    if (printed[at] !== '\\') {
      bytes.push(printed.charCodeAt(at));
      continue;
    }
    const octal = /^[0-7]{3}/.exec(printed.slice(at + 1))?.[0];
    const letter = printed.charAt(at + 1);
    bytes.push(octal === undefined ? (letters[letter] ?? letter.charCodeAt(0)) : Number.parseInt(octal, 8));
    at += octal === undefined ? 1 : 3;
  }
  return bytes;
}
