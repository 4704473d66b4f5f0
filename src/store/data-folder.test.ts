import { chmod, chown, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { existingDataFolder, openDataFolder } from './data-folder.ts';
import { nobody } from './embedded/server-account.ts';
import { holdDataFolder } from './testing/scripts.ts';
import { isRoot, smallDisk, temporaryFolder } from './testing/temporary.ts';

async function newPath(): Promise<string> {
  return join(await temporaryFolder(), 'a folder', 'dätä');
}

test('a new data folder is closed to everybody else, but lets the account pass that PostgreSQL runs under', async () => {
  const path = await newPath();

  const folder = await openDataFolder(path);

  const { mode, uid, gid } = await stat(path);
  expect({ mode: mode & 0o777, uid }).toEqual({ mode: isRoot ? 0o710 : 0o700, uid: process.getuid?.() });
  if (isRoot) expect(gid).toBe(nobody.gid);
  await folder.release();
});

test('a new data folder keeps itself out of the repository that it lies in', async () => {
  const path = await newPath();

  await (await openDataFolder(path)).release();

  expect(await readFile(join(path, '.gitignore'), 'utf8')).toBe('*\n');
});

test('a folder that is there keeps the rights that it has', async () => {
  const path = await newPath();
  await mkdir(path, { recursive: true });
  await chmod(path, 0o750);

  const folder = await openDataFolder(path);

  expect((await stat(path)).mode & 0o777).toBe(0o750);
  expect(await readdir(path)).toEqual(['lock', 'lock.pid']);
  await folder.release();
});

test('the folder has one holder at a time, also within a process and through a symbolic link', async () => {
  const path = await newPath();
  const link = join(await temporaryFolder(), 'link');
  const folder = await openDataFolder(path);
  await symlink(path, link);

  await expect(openDataFolder(link)).rejects.toMatchObject({
    code: 'DATA_FOLDER_IN_USE',
    details: { pid: `${process.pid}` },
  });
  await expect(openDataFolder(path)).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE' });

  await folder.release();
  await folder.release();
  const next = await openDataFolder(link);
  expect(next.path).toBe(folder.path);
  await next.release();
});

test('another process is refused and told the pid of the holder, and gets in the moment the holder is killed', async () => {
  const path = await newPath();
  const holder = holdDataFolder(path);
  expect(await holder.nextLine()).toBe('open');

  await expect(openDataFolder(path)).rejects.toMatchObject({
    code: 'DATA_FOLDER_IN_USE',
    details: { pid: `${holder.child.pid}` },
  });
  holder.child.kill('SIGKILL');
  await holder.ended;

  await (await openDataFolder(path)).release();
});

test('a pid that was left behind and that another process has now means nothing', async () => {
  const path = await newPath();
  await (await openDataFolder(path)).release();
  await writeFile(join(path, 'lock.pid'), `${process.ppid}\n`);

  await (await openDataFolder(path)).release();
});

test("of many that race for a dead holder's folder exactly one gets it", async () => {
  const path = await newPath();
  const dead = holdDataFolder(path);
  await dead.nextLine();
  dead.child.kill('SIGKILL');
  await dead.ended;

  const racers = Array.from({ length: 6 }, () => holdDataFolder(path));
  const outcomes = await Promise.all(racers.map((racer) => racer.nextLine()));
  for (const { child } of racers) child.stdin?.end();
  await Promise.all(racers.map(({ ended }) => ended));

  expect(outcomes.filter((outcome) => outcome === 'open')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome.startsWith('DATA_FOLDER_IN_USE'))).toHaveLength(5);
});

test('a path that cannot be a folder is told with the reason', async () => {
  const path = await temporaryFolder();
  await writeFile(join(path, 'file'), '');

  for (const wrong of ['file', 'file/below']) {
    await expect(openDataFolder(join(path, wrong))).rejects.toMatchObject({
      code: 'DATA_FOLDER_NOT_WRITABLE',
      details: { detail: 'a file is in the way' },
    });
  }
});

test('a folder that its user may not write is told so', async ({ skip }) => {
  const path = await temporaryFolder();
  if (!isRoot) {
    await chmod(path, 0o500);
    await expect(openDataFolder(path)).rejects.toMatchObject({ code: 'DATA_FOLDER_NOT_WRITABLE' });
    skip('the rest needs root, to become somebody else');
  }
  const ordinary = holdDataFolder(path, { uid: nobody.uid });
  expect(await ordinary.nextLine()).toMatch(/^DATA_FOLDER_NOT_WRITABLE/);

  await chown(path, nobody.uid, nobody.gid);
  const owner = holdDataFolder(path, { uid: nobody.uid });
  expect(await owner.nextLine()).toBe('open');
  owner.child.stdin?.end();
  await Promise.all([ordinary.ended, owner.ended]);
});

test('a full disk is told as such', async ({ skip }) => {
  const path = await smallDisk(skip, 4_096);
  await writeFile(join(path, 'filler'), 'x');

  await expect(openDataFolder(path)).rejects.toMatchObject({ code: 'DISK_FULL', details: { path } });
});

test('a folder in which nothing was ever stored is missing to commands that read, and is not created', async () => {
  const path = await newPath();
  await expect(existingDataFolder(path)).rejects.toMatchObject({
    code: 'DATA_FOLDER_MISSING',
    details: { path },
  });
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });

  await mkdir(join(path, 'logs'), { recursive: true });

  await (await existingDataFolder(path)).release();
});
