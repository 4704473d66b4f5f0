import { expect, test } from 'vitest';
import { fileRole, isSourceCode } from './file-role.ts';

test.each([
  ['src/server/session.ts', 'source'],
  ['docs/plugin.js', 'source'],
  ['cmd/main.go', 'source'],
  ['src/session.test.ts', 'test'],
  ['pkg/rules_test.go', 'test'],
  ['tests/README.md', 'test'],
  ['tools/test_split.py', 'test'],
  ['src/RuleTests.cs', 'test'],
  ['docs/index.html', 'docs'],
  ['README', 'docs'],
  ['Makefile', 'other'],
  ['config.yml', 'other'],
  ['package-lock.json', 'generated'],
  ['web/dist/app.js', 'generated'],
  ['vendor/lib.go', 'generated'],
  ['src/api.pb.go', 'generated'],
  ['test/fixtures/a.ts', 'generated'],
  ['src/schema.gen.ts', 'generated'],
  ['SRC/APP.MIN.JS', 'generated'],
])('%s is %s', (path, role) => {
  expect(fileRole(path, false)).toBe(role);
});

test('a path that .gitattributes declares generated is generated whatever its name says', () => {
  expect(fileRole('src/server/session.ts', true)).toBe('generated');
});

test('test code is program source too, a document is not', () => {
  expect(isSourceCode('src/session.test.ts')).toBe(true);
  expect(isSourceCode('docs/guide.md')).toBe(false);
});

test('a hostile path of 100,000 characters is judged in linear time', () => {
  const started = performance.now();

  for (const part of ['test_', '.test.', 'a/test/', 'build/', '.min.', 'requirements'])
    fileRole(part.repeat(100_000 / part.length), false);

  expect(performance.now() - started).toBeLessThan(500);
});
