import { spawnSync } from 'node:child_process';
import { chown, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { openDataFolder } from '../src/store/data-folder.ts';
import { mainFile } from './support/checkout.ts';
import { expectFailure } from './support/expect-failure.ts';
import { temporaryPlace } from './support/place.ts';
import { serversBelow } from './support/processes.ts';
import { runReentry } from './support/run-reentry.ts';
import { runStart } from './support/run-start.ts';
import { createRepository } from './support/story-repository.ts';

/** Has a name, which PostgreSQL asks for, and no right on the checkout but to read it. */
const stranger = 65_534;

test("an ordinary user starts and verifies with root's checkout, on root's repository, and owns all that was made", async ({
  skip,
}) => {
  if (process.getuid?.() !== 0) skip('needs root, to become somebody else');
  if (!mayRead(stranger, mainFile)) skip('this checkout lies where an ordinary user may not read it');
  const place = await temporaryPlace();
  const { commit, path: shop } = createRepository(join(place, 'shop'));
  commit('Begin (#1)', { 'README.md': '# Shop\n' });
  const home = join(place, 'home');
  await mkdir(home, { mode: 0o700 });
  await chown(home, stranger, stranger);
  const asStranger = { uid: stranger, cwd: home, env: { HOME: home, REENTRY_DATA: 'evidence' } };

  const start = await runStart([shop], asStranger);
  const verify = await runReentry(['verify'], asStranger);
  const doctor = await runReentry(['doctor'], asStranger);

  expect(start).toMatchObject({ status: 0, stderr: '' });
  expect(start.stdout).toContain('local/shop: 1 change added.');
  expect(verify).toMatchObject({ status: 0, stderr: '' });
  expect(doctor).toMatchObject({ status: 0, stderr: '' });
  expect(await ownersBelow(join(home, 'evidence'))).toEqual([stranger]);
  expect(await serversBelow(home)).toEqual([]);
});

test('an ordinary user goes on with nothing that root made, and is told so', async ({ skip }) => {
  if (process.getuid?.() !== 0) skip('needs root, to become somebody else');
  if (!mayRead(stranger, mainFile)) skip('this checkout lies where an ordinary user may not read it');
  const dataFolder = join(await temporaryPlace(), 'data');
  await (await openDataFolder(dataFolder)).release();
  await mkdir(join(dataFolder, 'logs'));

  for (const uid of [stranger, 43_210]) {
    const run = await runReentry(['verify', dataFolder], { uid, env: { HOME: '/' } });

    expectFailure(run, 'DATA_FOLDER_NOT_WRITABLE', { path: dataFolder, detail: 'permission denied' });
  }
});

function mayRead(uid: number, path: string): boolean {
  return spawnSync('cat', [path], { uid, gid: uid, stdio: 'ignore' }).status === 0;
}

async function ownersBelow(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder, { recursive: true });
  const stats = await Promise.all(['.', ...names].map((name) => stat(join(folder, name))));
  return [...new Set(stats.map(({ uid }) => uid))];
}
