import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DurableFolder } from './durable-folder.ts';

/** Only root may mount, and not in every container. */
const mountSmallDisk = canMount() ? mount : undefined;

let root: string;
let folder: DurableFolder;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'reentry-durable-'));
  folder = new DurableFolder(join(root, 'log'), { log: 'events' });
});

afterEach(() => rm(root, { recursive: true, force: true }));

test('files are created in folders of their own, and nothing else is left behind', async () => {
  await folder.create([file('tile/0/x001/002', 'a'), file('tile/0/x001/003', 'b'), file('vkey', 'c')]);

  expect((await readdir(join(root, 'log'), { recursive: true })).sort()).toEqual(
    ['tile', 'tile/0', 'tile/0/x001', 'tile/0/x001/002', 'tile/0/x001/003', 'vkey'].sort(),
  );
  expect(await text('tile/0/x001/003')).toBe('b');
});

test('creating the same file again succeeds, creating another in its place is a fork and changes nothing', async () => {
  await folder.create([file('a', 'one')]);

  await folder.create([file('a', 'one')]);

  await expect(folder.create([file('b', 'two'), file('a', 'other')])).rejects.toMatchObject({
    code: 'LOG_DIVERGED',
    message: expect.stringContaining('a exists with other content'),
  });
  await expect(folder.create([file('a', 'on')])).rejects.toMatchObject({ code: 'LOG_DIVERGED' });
  await expect(folder.create([file('a', 'one more')])).rejects.toMatchObject({ code: 'LOG_DIVERGED' });
  expect(await text('a')).toBe('one');
});

test('what a crash left under the temporary name is dropped, even if it is a second name of a finished file', async () => {
  await folder.create([file('tile/0/000', 'signed')]);
  await link(join(root, 'log/tile/0/000'), join(root, 'log/tile/0/000.tmp'));
  await writeFile(join(root, 'log/checkpoint.tmp'), 'half a check');

  await folder.create([file('tile/0/000', 'signed')]);
  await folder.replace('checkpoint', Buffer.from('whole'));

  expect(await text('tile/0/000')).toBe('signed');
  expect((await stat(join(root, 'log/tile/0/000'))).nlink).toBe(1);
  expect(await text('checkpoint')).toBe('whole');
});

test('a file is replaced whole', async () => {
  await folder.replace('checkpoint', Buffer.from('a longer first one'));

  await folder.replace('checkpoint', Buffer.from('second'));

  expect(await text('checkpoint')).toBe('second');
  expect(await readdir(join(root, 'log'))).toEqual(['checkpoint']);
});

test('secret files are readable by their owner alone', async () => {
  const secrets = new DurableFolder(join(root, 'keys'), { log: 'keys', mode: 0o600 });

  await secrets.create([file('a.key', 'secret')]);

  expect((await stat(join(root, 'keys/a.key'))).mode & 0o777).toBe(0o600);
});

test('what is no file reads as missing, and a large one is not read to its end', async () => {
  await folder.create([file('file', 'content'), file('folder/file', 'x')]);
  await symlink('/dev/zero', join(root, 'log/endless'));
  await symlink('loop', join(root, 'log/loop'));

  expect(await folder.read('none', 10)).toBeUndefined();
  expect(await folder.read('folder', 10)).toBeUndefined();
  expect(await folder.read('file/below', 10)).toBeUndefined();
  expect(await folder.read('endless', 10)).toBeUndefined();
  expect(await folder.read('loop', 10)).toBeUndefined();
  expect(await folder.read('file', 3)).toHaveLength(4);
});

test('removing takes whole folders and does not mind what is gone', async () => {
  await folder.create([file('tile/0/000.p/1', 'x'), file('tile/0/000', 'y')]);

  await folder.remove(['tile/0/000.p', 'tile/0/001.p']);

  expect(await readdir(join(root, 'log/tile/0'))).toEqual(['000']);
});

test('a folder without the right to write says so', async ({ skip }) => {
  skip(process.getuid?.() === 0, 'root may read and write everything');
  await mkdir(join(root, 'log'));
  await chmod(join(root, 'log'), 0o555);

  await expect(folder.create([file('a', 'x')])).rejects.toMatchObject({ code: 'DATA_FOLDER_NOT_WRITABLE' });
});

test('a full disk says so, and leaves nothing half written', async ({ skip }) => {
  skip(!mountSmallDisk, 'only root may mount the small disk that this needs');
  const disk = join(root, 'disk');
  await mkdir(disk);
  mountSmallDisk?.(disk);
  try {
    const full = new DurableFolder(disk, { log: 'events' });
    await full.create([file('small', 'x')]);

    await expect(full.create([{ path: 'large', bytes: Buffer.alloc(1_000_000) }])).rejects.toMatchObject({
      code: 'DISK_FULL',
    });
    await full.replace('small', Buffer.from('y'));
    expect(await readFile(join(disk, 'small'), 'utf8')).toBe('y');
    expect(await full.read('large', 10)).toBeUndefined();
  } finally {
    spawnSync('umount', [disk]);
  }
});

function file(path: string, content: string) {
  return { path, bytes: Buffer.from(content) };
}

async function text(path: string): Promise<string> {
  return readFile(join(root, 'log', path), 'utf8');
}

function canMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'reentry-mount-'));
  try {
    return mount(path) && spawnSync('umount', [path]).status === 0;
  } finally {
    rmSync(path, { recursive: true });
  }
}

function mount(path: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path]).status === 0;
}
