import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

// The guard of the guard: each rule of CONTRIBUTING.md's import table is broken once, and the linter must say so.

const root = dirname(dirname(fileURLToPath(import.meta.url)));
let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'reentry-layers-'));
  for (const path of ['biome.json', 'lint', 'package.json'])
    cpSync(join(root, path), join(tree, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
});

afterEach(() => rmSync(tree, { recursive: true, force: true }));

const anything = 'export const anything = 1;\n';
const forbidden: readonly (readonly [from: string, to: string])[] = [
  ['src/core/risk/score.ts', 'src/app/assess.ts'],
  ['src/core/risk/score.ts', 'src/store/pool.ts'],
  ['src/core/tlog/leaf.ts', 'src/core/evidence/statement.ts'],
  ['src/contract/line.ts', 'src/app/assess.ts'],
  ['src/app/assess.ts', 'src/store/pool.ts'],
  ['src/app/assess.ts', 'src/intake/git/read.ts'],
  ['src/app/assess.ts', 'src/config.ts'],
  ['src/intake/git/read.ts', 'src/intake/github/read.ts'],
  ['src/intake/git/read.ts', 'src/app/assess.ts'],
  ['src/intake/git/read.ts', 'src/store/pool.ts'],
  ['src/store/pool.ts', 'src/ledger/publish.ts'],
  ['src/store/pool.ts', 'src/app/assess.ts'],
  ['src/ledger/publish.ts', 'src/store/pool.ts'],
  ['src/cli/scan.ts', 'src/store/pool.ts'],
  ['src/cli/scan.ts', 'src/main.ts'],
];

test.each(forbidden)('%s may not import %s', (from, to) => {
  plant(to, anything);
  plant(from, `import { anything } from '${relative(from, to)}';\nexport const more = anything;\n`);

  expect(lint()).toEqual([`${from} lint/style/noRestrictedImports`]);
});

test.each([
  ['src/core/risk/score.ts', 'node:fs'],
  ['src/core/risk/score.ts', 'pg'],
  ['src/core/tlog/leaf.ts', 'zod'],
  ['src/app/assess.ts', 'node:fs'],
  ['src/cli/scan.ts', 'pg'],
  ['src/ledger/publish.ts', 'pg'],
  ['src/intake/git/read.ts', 'commander'],
])('%s may not import the package %s', (from, to) => {
  plant(from, `import * as all from '${to}';\nexport const more = all;\n`);

  expect(lint()).toContain(`${from} lint/style/noRestrictedImports`);
});

test.each([
  ['src/intake/git/read.ts', 'src/app/ports.ts'],
  ['src/store/pool.ts', 'src/app/ports.ts'],
  ['src/ledger/publish.ts', 'src/core/tlog/leaf.ts'],
  ['src/cli/scan.ts', 'src/app/assess.ts'],
  ['src/core/risk/score.ts', 'src/core/change/change.ts'],
])('%s may import %s', (from, to) => {
  plant(to, anything);
  plant(from, `import { anything } from '${relative(from, to)}';\n\nexport const more = anything;\n`);

  expect(lint()).toEqual([]);
});

test('a cycle is refused, one of types alone too', () => {
  plant('src/core/risk/a.ts', "import type { B } from './b.ts';\n\nexport type A = B | 1;\n");
  plant('src/core/risk/b.ts', "import type { A } from './a.ts';\n\nexport type B = A | 2;\n");

  expect(lint()).toContain('src/core/risk/a.ts lint/suspicious/noImportCycles');
});

test('core has no clock and no dice', () => {
  plant('src/core/risk/now.ts', 'export const now = () => Date.now();\n');
  plant('src/core/risk/dice.ts', 'export const dice = () => Math.random();\n');

  expect(lint()).toEqual(['src/core/risk/dice.ts plugin', 'src/core/risk/now.ts plugin']);
});

test('a file over 400 lines is refused', () => {
  plant(
    'src/app/long.ts',
    Array.from({ length: 401 }, (_, line) => `export const c${line} = ${line};\n`).join(''),
  );

  expect(lint()).toEqual(['src/app/long.ts lint/style/noExcessiveLinesPerFile']);
});

test('only config.ts reads the environment', () => {
  plant(
    'src/app/environment.ts',
    "import process from 'node:process';\n\nexport const home = process.env.HOME;\n",
  );
  plant('src/config.ts', 'export const home = process.env.HOME;\n');

  expect(lint()).toContain('src/app/environment.ts lint/style/noProcessEnv');
  expect(lint().filter((found) => found.startsWith('src/config.ts'))).toEqual([]);
});

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

function relative(from: string, to: string): string {
  const up = '../'.repeat(from.split('/').length - 1);
  return `${up}${to}`.replace('../src/', from.split('/').length > 2 ? '../src/' : './');
}

/** `path rule` for each error, in order. */
function lint(): readonly string[] {
  const result = spawnSync(join(root, 'node_modules/.bin/biome'), ['lint', '--reporter=json', '.'], {
    cwd: tree,
    encoding: 'utf8',
    timeout: 60_000,
  });
  const report = JSON.parse(result.stdout) as {
    diagnostics: { category: string; severity: string; location: { path: string | { file: string } } }[];
  };
  return report.diagnostics
    .filter((diagnostic) => diagnostic.severity === 'error')
    .map(({ category, location }) => `${pathOf(location.path)} ${category}`)
    .sort();
}

function pathOf(path: string | { file: string }): string {
  return typeof path === 'string' ? path : path.file;
}
