import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resizeDisk, smallDisk } from '../src/store/testing/temporary.ts';
import { expectFailure } from './support/expect-failure.ts';
import { createHistory } from './support/git-history.ts';
import { temporaryPlace } from './support/place.ts';
import { serversBelow } from './support/processes.ts';
import { runReentry } from './support/run-reentry.ts';
import { runStart } from './support/run-start.ts';

test('a disk that is too small for the first start is told in two lines; with more room the same command succeeds', async ({
  skip,
}) => {
  const disk = await smallDisk(skip, 20_000_000);
  const dataFolder = join(disk, 'data');
  const history = await createHistory(join(await temporaryPlace(), 'shop.git'));
  await history.grow(3);

  const run = await runStart([history.path, '--data', dataFolder]);

  expectFailure(run, 'DISK_FULL', { path: join(dataFolder, 'postgres') });
  resizeDisk(disk, 200_000_000);
  expect((await runStart([history.path, '--data', dataFolder])).status).toBe(0);
});

test('a disk that fills up during an import is told in two lines, and nothing that was sealed is lost', async ({
  skip,
}) => {
  const disk = await smallDisk(skip, 200_000_000);
  const dataFolder = join(disk, 'data');
  const history = await createHistory(join(await temporaryPlace(), 'shop.git'));
  await history.grow(20);
  expect((await runReentry(['import', 'git', history.path, '--data', dataFolder])).status).toBe(0);
  await history.grow(300);
  const { bavail, bsize } = await statfs(disk);
  // Room for the server to start, not for the changes.
  await writeFile(join(disk, 'filler'), Buffer.alloc(bavail * bsize - 1_500_000));

  const run = await runReentry(['import', 'git', history.path, '--data', dataFolder]);

  expect(run).toMatchObject({ status: 4, stdout: '' });
  expect(run.stderr).toMatch(/^DISK_FULL The disk under \S+ is full\.\nFree some space [^\n]*\n$/);
  expect(await serversBelow(disk)).toEqual([]);
  await rm(join(disk, 'filler'));
  expect((await runReentry(['verify', dataFolder])).status).toBe(0);
  const again = await runReentry(['import', 'git', history.path, '--data', dataFolder, '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ changes: 320 });
  const { status, stdout } = await runReentry(['verify', dataFolder, '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ summary: { records: 320 } });
});
