import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, expect, test } from 'vitest';
import { locateRepository } from './locate-repository.ts';
import { openPrivateView } from './private-view.ts';
import { removeStaleViews, viewPrefix } from './stale-views.ts';
import { makeFolder, makeRepository, removeTestFolders } from './testing/make-repository.ts';

afterAll(removeTestFolders);

/** The id of a process that has ended. */
const gone = spawnSync(process.execPath, ['--version']).pid;
const prefixOf = (pid: number) => viewPrefix.replace(/\d+-$/, `${pid}-`);

test('what a killed process left is removed, whatever its links lead to', async () => {
  const folder = makeFolder();
  const elsewhere = makeFolder();
  writeFileSync(join(elsewhere, 'kept'), 'x');
  const stale = mkdtempSync(join(folder, prefixOf(gone)));
  symlinkSync(elsewhere, join(stale, 'refs'));
  mkdirSync(join(stale, 'objects'));

  await removeStaleViews(folder);

  expect(readdirSync(folder)).toEqual([]);
  expect(readdirSync(elsewhere)).toEqual(['kept']);
});

test('whoever reads a repository removes it', async () => {
  const stale = mkdtempSync(join(tmpdir(), prefixOf(gone)));

  const view = await openPrivateView(await locateRepository(makeRepository([]).path), {});
  await view.close();

  expect(existsSync(stale)).toBe(false);
});

test('nothing else is touched', async () => {
  const folder = makeFolder();
  mkdtempSync(join(folder, viewPrefix));
  mkdtempSync(join(folder, prefixOf(process.ppid)));
  mkdirSync(join(folder, `reentry-git-other.machine-${gone}-abcdef`));
  mkdirSync(join(folder, `${prefixOf(gone)}abcdef.old`));
  writeFileSync(join(folder, `${prefixOf(gone)}aaaaaa`), 'a file');
  symlinkSync(makeFolder(), join(folder, `${prefixOf(gone)}bbbbbb`));
  const before = readdirSync(folder);

  await removeStaleViews(folder);
  await removeStaleViews(join(folder, 'no such folder'));

  expect(readdirSync(folder)).toEqual(before);
});

test('a folder that is older than the process whose number it bears is somebody else’s', async () => {
  const folder = makeFolder();
  const old = mkdtempSync(join(folder, viewPrefix));
  utimesSync(old, 1_000_000_000, 1_000_000_000);

  await removeStaleViews(folder);

  expect(readdirSync(folder)).toEqual([]);
});
