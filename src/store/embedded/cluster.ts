import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { Binaries } from './binaries.ts';
import { type ServerAccount, spawnAs } from './server-account.ts';
import { startFailure } from './server-log.ts';
import { initdbArguments } from './settings.ts';

/** The folders and files of the embedded server, below the data folder. */
export interface ClusterPaths {
  readonly folder: string;
  readonly cluster: string;
  readonly password: string;
  readonly log: string;
  readonly socketFolder: string;
  /** Names of libraries, where `node_modules` cannot be written. */
  readonly libraries: string;
}

export function clusterPaths(dataFolder: string): ClusterPaths {
  const folder = join(dataFolder, 'postgres');
  return {
    folder,
    cluster: join(folder, 'cluster'),
    password: join(folder, 'password'),
    log: join(folder, 'postgres.log'),
    socketFolder: join(folder, 'socket'),
    libraries: join(folder, 'lib'),
  };
}

const majorVersion = '18';
/** A first start on a slow disk takes seconds; ten minutes means that it hangs. */
const initdbLimitMs = 600_000;

/** Makes the folder that `account` may pass through but not list: log and password lie there too. */
export async function preparePostgresFolder(
  paths: ClusterPaths,
  account: ServerAccount | undefined,
): Promise<void> {
  const created = await mkdir(paths.folder, { recursive: true, mode: 0o700 });
  if (created === undefined || account === undefined) return;
  await chown(paths.folder, 0, account.gid);
  await chmod(paths.folder, 0o710);
}

export interface Program {
  readonly binaries: Binaries;
  readonly environment: NodeJS.ProcessEnv;
  readonly account: ServerAccount | undefined;
}

/**
 * Creates the cluster unless it is there, and returns its owner's password. It is built aside and renamed when it is
 * complete and on disk, so that an interrupted first start leaves nothing that looks like a database.
 */
export async function openCluster(paths: ClusterPaths, program: Program): Promise<string> {
  await removeUnfinished(paths.folder);
  if (await isPresent(paths.cluster)) {
    await checkVersion(paths);
    return await readPassword(paths);
  }
  const password = randomBytes(32).toString('base64url');
  const unfinished = join(paths.folder, `${unfinishedPrefix}${randomBytes(4).toString('hex')}`);
  await mkdir(unfinished, { mode: 0o700 });
  const cluster = join(unfinished, 'cluster');
  const passwordFile = join(unfinished, 'password');
  await mkdir(cluster, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (program.account) {
    for (const path of [unfinished, cluster, passwordFile]) {
      await chown(path, program.account.uid, program.account.gid);
    }
  }
  await initdb(cluster, passwordFile, paths.log, program);
  await writeDurably(paths.password, `${password}\n`);
  await rename(cluster, paths.cluster);
  await syncFolder(paths.folder);
  await removeUnfinished(paths.folder);
  return password;
}

const unfinishedPrefix = 'unfinished-';

/** An `initdb` of a killed process may still be writing there: what cannot be removed now is removed next time. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(unfinishedPrefix)) {
      await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

async function initdb(cluster: string, passwordFile: string, log: string, program: Program): Promise<void> {
  const child = spawnAs(program.account, program.binaries.initdb, initdbArguments(cluster, passwordFile), {
    cwd: dirname(cluster),
    env: { LC_ALL: 'C', TZ: 'UTC', ...program.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: initdbLimitMs,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-64 * 1024);
    });
  }
  const code = await once(child, 'close').then(
    ([status]) => status as number | null,
    (cause: unknown) => {
      throw cannotRun(cause, program.binaries.initdb, log);
    },
  );
  if (code === 0) return;
  await writeFile(log, said, { flag: 'a', mode: 0o600 }).catch(() => undefined);
  throw await startFailure(said, log);
}

/** A program that exists and still cannot be run: wrong C library, or rights. */
export function cannotRun(cause: unknown, program: string, log: string): AppError {
  const { code, path } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' && path === program) {
    return new AppError(
      'POSTGRES_MISSING',
      { platform: `${process.platform}-${process.arch}, this C library` },
      { cause },
    );
  }
  const detail =
    path === 'setpriv'
      ? 'root needs the program setpriv (util-linux) for this folder'
      : `${code} for ${path}`;
  return new AppError('POSTGRES_NOT_STARTING', { detail, log }, { cause });
}

async function checkVersion(paths: ClusterPaths): Promise<void> {
  const version = await readFile(join(paths.cluster, 'PG_VERSION'), 'utf8').catch(() => '');
  if (version.trim() === majorVersion) return;
  const detail =
    version === ''
      ? `${paths.cluster} holds no complete database`
      : `the database was made by PostgreSQL ${version.trim()}, this release brings ${majorVersion}`;
  throw new AppError('POSTGRES_NOT_STARTING', { detail, log: paths.log });
}

async function readPassword(paths: ClusterPaths): Promise<string> {
  const password = await readFile(paths.password, 'utf8').catch((cause: unknown) => {
    const detail = `the password file ${paths.password} cannot be read; restore it from your backup`;
    throw new AppError('POSTGRES_NOT_STARTING', { detail, log: paths.log }, { cause });
  });
  return password.trim();
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function isPresent(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
