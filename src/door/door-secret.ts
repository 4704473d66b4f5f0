import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Surroundings } from '../app/ports.ts';
import { AppError } from '../core/errors.ts';
import { newSecret } from './secrets.ts';

/**
 * The secret that session cookies are signed with: 32 random bytes as text, in a file that its owner alone reads, made on the first
 * start. Removing the file ends every session and harms nothing else. Errors: CONFIG_INVALID, DATA_FOLDER_NOT_WRITABLE, DISK_FULL.
 */
export async function openDoorSecret(file: string, surroundings: Surroundings): Promise<string> {
  try {
    const secret = (await read(file)) ?? (await make(file, newSecret(surroundings)));
    if (/^[\w-]{43}$/.test(secret)) return secret;
  } catch (error) {
    throw explained(file, error);
  }
  const detail = `${file} does not hold 32 bytes of secret; remove it, and everybody signs in anew.`;
  throw new AppError('CONFIG_INVALID', { detail });
}

async function read(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Never seen half written, and never in the place of one that is there: the loser of a race takes the winner's. */
async function make(file: string, secret: string): Promise<string> {
  const folder = dirname(file);
  const temporary = `${file}.tmp`;
  await mkdir(folder, { recursive: true });
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(`${secret}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(temporary, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  const opened = await open(folder, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
  return (await readFile(file, 'utf8')).trim();
}

function explained(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('DISK_FULL', { path }, { cause: error });
  return new AppError('DATA_FOLDER_NOT_WRITABLE', { path, detail: String(error) }, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
