import { chown, mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterPaths } from './cluster.ts';
import type { ServerAccount } from './server-account.ts';
import { port } from './settings.ts';

/** A socket's address holds 108 bytes on Linux, 104 on macOS, with the file name and a NUL at the end. */
const socketFolderBytes = 103 - '/.s.PGSQL.5432'.length;

/** In the data folder, or in a short temporary one where that path is too long for a socket. */
export async function makeSocketFolder(
  paths: ClusterPaths,
  account: ServerAccount | undefined,
): Promise<string> {
  const isShort = Buffer.byteLength(paths.socketFolder) <= socketFolderBytes;
  const folder = isShort ? paths.socketFolder : await mkdtemp(temporarySocketFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account) await chown(folder, account.uid, account.gid);
  return folder;
}

/** Not the TMPDIR of whoever started us: it may be long, or closed to PostgreSQL's account. */
const temporarySocketFolder = '/tmp/reentry-';

/** Only one that we could have made: the name of a leftover comes out of a file. */
export async function removeSocketFolder(paths: ClusterPaths, folder: string | undefined): Promise<void> {
  if (folder === undefined) return;
  if (folder !== paths.socketFolder && !/^\/tmp\/reentry-[0-9A-Za-z]{6}$/.test(folder)) return;
  const socket = join(folder, `.s.PGSQL.${port}`);
  await rm(socket, { force: true });
  await rm(`${socket}.lock`, { force: true });
  await rmdir(folder).catch(() => undefined);
}
