import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readGeneratedPaths } from './generated-paths.ts';
import { makeRepository, removeTestFolders } from './testing/make-repository.ts';

afterAll(removeTestFolders);

test.each([
  ['*.pb.go linguist-generated', 'a/b/x.pb.go', true],
  ['*.pb.go linguist-generated=true', 'x.pb.go', true],
  ['*.pb.go linguist-generated=false', 'x.pb.go', false],
  ['*.pb.go -linguist-generated', 'x.pb.go', false],
  ['/gen/** linguist-generated', 'gen/a/b', true],
  ['/gen/** linguist-generated', 'src/gen/a', false],
  ['third/**/x linguist-vendored', 'third/a/b/x', true],
  ['third/**/x linguist-vendored', 'third/x', true],
  ['[a-c]?.ts linguist-generated', 'b1.ts', true],
  ['[!a-c]?.ts linguist-generated', 'b1.ts', false],
  ['*.ts text=auto', 'b.ts', false],
  ['*.ts linguist-generated\nkeep.ts -linguist-generated', 'keep.ts', false],
  ['# *.ts linguist-generated', 'b.ts', false],
])('%j says of %s: %s', (attributes, path, generated) => {
  expect(readGeneratedPaths(attributes)(path)).toBe(generated);
});

test('agrees with git on any pattern', () => {
  const piece = fc.constantFrom('a', 'b', '*', '?', '**', '/', '[ab]', '[!a]', '.ts');
  const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
  const patterns = fc
    .sample(pattern, { numRuns: 400, seed: 3 })
    .filter((text) => !/\/$|\/\/|\*\*\*|[^/]\*\*|\*\*[^/]/.test(text));
  const path = fc
    .array(fc.constantFrom('a', 'b', 'ab', 'a.ts', 'b.ts'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));
  const paths = [...new Set(fc.sample(path, { numRuns: 100, seed: 5 }))];
  const repository = makeRepository([]);
  const rules = patterns.map((text, index) => ({ text, attribute: `rule${index}` }));
  const attributes = rules.map(({ text, attribute }) => `${text} ${attribute}\n`).join('');
  writeFileSync(join(repository.path, '.gitattributes'), attributes);

  const answers = repository
    .gitWithInput(paths.join('\n'), 'check-attr', '--stdin', '-a')
    .split('\n')
    .map((line) => line.split(': '))
    .filter(([, , value]) => value === 'set')
    .map(([file, attribute]) => `${attribute} ${file}`);
  const ours = rules.flatMap(({ text, attribute }) => {
    const isGenerated = readGeneratedPaths(`${text} linguist-generated`);
    return paths.filter(isGenerated).map((file) => `${attribute} ${file}`);
  });

  expect(ours.toSorted()).toEqual(answers.toSorted());
});

test('a pattern made to be slow is answered at once', () => {
  const isGenerated = readGeneratedPaths(`${'*a'.repeat(400)}b linguist-generated`);

  const started = performance.now();
  expect(isGenerated('a'.repeat(4_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});
