import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../core/errors.ts';
import { nobody } from './embedded/server-account.ts';

/** A data folder that this process alone holds: until `release`, or until the process ends, however it ends. */
export interface DataFolder {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Lets another process take the folder. May be called twice. */
  release(): Promise<void>;
}

/** What of a data folder tells that something was stored in it: the embedded database, the logs' files. */
const contents = ['postgres', 'logs'];

/**
 * Creates the folder where there is none, and takes it for this process.
 * Errors: DATA_FOLDER_IN_USE, DATA_FOLDER_NOT_WRITABLE, DISK_FULL.
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  try {
    await createFolder(resolve(path));
    const real = await realpath(path);
    await probe(real);
    return await take(real);
  } catch (error) {
    throw folderError(path, error);
  }
}

/** As `openDataFolder`, for commands that read what is there: DATA_FOLDER_MISSING where nothing was ever stored. */
export async function existingDataFolder(path: string): Promise<DataFolder> {
  const present = await Promise.all(contents.map((name) => exists(join(path, name)))).catch(
    (error: unknown) => {
      throw folderError(path, error);
    },
  );
  if (!present.includes(true)) throw new AppError('DATA_FOLDER_MISSING', { path });
  return openDataFolder(path);
}

/**
 * Nobody else may look inside. Where root creates it, the group of the account that PostgreSQL then runs under may pass
 * through without listing, since the cluster lies below. A folder that exists keeps the rights its owner gave it.
 */
async function createFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return;
    throw error;
  }
  // It may lie in somebody's working tree.
  await writeFile(join(path, '.gitignore'), '*\n');
  if (process.getuid?.() !== 0) return;
  await chown(path, 0, nobody.gid);
  await chmod(path, 0o710);
}

/** Root passes every check of rights, and a disk may be full or mounted read-only: only writing tells. */
async function probe(path: string): Promise<void> {
  const file = join(path, `.probe-${randomUUID()}`);
  try {
    await writeFile(file, 'x');
  } finally {
    await rm(file, { force: true });
  }
}

// A collected connection would close its file and so give up the lock.
const held = new Set<DatabaseSync>();

/**
 * The lock is the kernel's own on the file `lock`, taken through SQLite since Node offers no other way to it. The kernel
 * lets go when the process dies: no lock is ever stale, no two starters can both take over, and unlike a pid it also holds
 * between containers that share the folder. Never open `lock` in another way: closing any descriptor of it drops the lock.
 */
async function take(path: string): Promise<DataFolder> {
  const pidFile = join(path, 'lock.pid');
  const database = new DatabaseSync(join(path, 'lock'));
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== sqliteBusy) throw error;
    throw new AppError('DATA_FOLDER_IN_USE', { path, pid: await holder(pidFile) }, { cause: error });
  }
  held.add(database);
  const release = async () => {
    if (!held.delete(database)) return;
    await rm(pidFile, { force: true });
    database.close();
  };
  try {
    await writeFile(pidFile, `${process.pid}\n`);
  } catch (error) {
    await release();
    throw error;
  }
  return { path, release };
}

const sqliteBusy = 5;

/** For the message only. */
async function holder(pidFile: string): Promise<string> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  return /^\d+$/.test(text.trim()) ? text.trim() : 'unknown';
}

/** What somebody may not look at is not missing. */
async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return false;
      throw error;
    },
  );
}

function folderError(path: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('DISK_FULL', { path }, { cause: error });
  const detail = reasons.get(code) ?? (error instanceof Error ? error.message : String(error));
  return new AppError('DATA_FOLDER_NOT_WRITABLE', { path, detail }, { cause: error });
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['EROFS', 'it lies on a read-only file system'],
  ['EEXIST', 'a file is in the way'],
  ['ENOTDIR', 'a file is in the way'],
  ['ENAMETOOLONG', 'the path is too long'],
]);

function errorCode(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
