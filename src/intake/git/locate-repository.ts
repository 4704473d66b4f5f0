import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';

/** Where the parts of a repository lie, found without running git in it. */
export interface RepositoryPlace {
  /** As the user named it. */
  readonly path: string;
  /** Holds HEAD: `.git`, a bare repository, or a worktree's or submodule's own folder. */
  readonly gitDir: string;
  /** Holds objects, references and configuration; differs from `gitDir` in a linked worktree. */
  readonly commonDir: string;
  /** Name of the folder that people know it by; the same for every worktree. */
  readonly folderName: string;
}

/** Finds the repository that `path` is, or whose working tree it lies in. Fails with NOT_A_REPOSITORY. */
export async function locateRepository(path: string): Promise<RepositoryPlace> {
  const start = await realpath(path).catch(() => undefined);
  const gitDir = start === undefined ? undefined : await gitDirOf(start);
  if (gitDir === undefined) throw new AppError('NOT_A_REPOSITORY', { path });
  const commonDir = await commonDirOf(gitDir);
  return { path, gitDir, commonDir, folderName: folderName(commonDir) };
}

async function gitDirOf(start: string): Promise<string | undefined> {
  if (await isGitDir(start)) return start;
  for (let folder = start; ; folder = dirname(folder)) {
    const found = await gitDirIn(folder);
    if (found !== undefined || folder === dirname(folder)) return found;
  }
}

/** What `.git` in this folder is: the git directory, or a file that names it (worktrees, submodules). */
async function gitDirIn(folder: string): Promise<string | undefined> {
  const entry = join(folder, '.git');
  const kind = await stat(entry).catch(() => undefined);
  if (kind?.isDirectory()) return (await isGitDir(entry)) ? entry : undefined;
  if (!kind?.isFile() || kind.size > 16_384) return undefined;
  const target = /^gitdir: (.+?)\r?\n?$/s.exec(await readFile(entry, 'utf8'))?.[1];
  if (target === undefined) return undefined;
  const gitDir = resolve(folder, target);
  return (await isGitDir(gitDir)) ? gitDir : undefined;
}

async function isGitDir(folder: string): Promise<boolean> {
  const head = await stat(join(folder, 'HEAD')).catch(() => undefined);
  if (!head?.isFile()) return false;
  const objects = await stat(join(await commonDirOf(folder), 'objects')).catch(() => undefined);
  return objects?.isDirectory() === true;
}

async function commonDirOf(gitDir: string): Promise<string> {
  const target = await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => undefined);
  return target === undefined ? gitDir : resolve(gitDir, target.replace(/\r?\n$/, ''));
}

function folderName(commonDir: string): string {
  const name = basename(commonDir) === '.git' ? basename(dirname(commonDir)) : basename(commonDir);
  return name.replace(/\.git$/, '') || 'repository';
}
