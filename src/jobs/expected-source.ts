import { access } from 'node:fs/promises';
import type { RepositorySource } from '../app/work-ports.ts';
import type { RepositoryRef } from '../core/change/observed-change.ts';
import { AppError } from '../core/errors.ts';
import { storedText } from '../core/evidence/stored-text.ts';

/**
 * For `catch`: what it means that there is no repository where one was before, and any failure of reading it while it went
 * away. Error: REPOSITORY_GONE, or the given one.
 */
export function goneFrom({ path }: RepositorySource): (error: unknown) => Promise<never> {
  return async (error) => {
    const isGone = error instanceof AppError && error.code === 'NOT_A_REPOSITORY';
    if (!isGone && (await exists(path))) throw error;
    throw new AppError('REPOSITORY_GONE', { path }, { cause: error });
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Another repository at the path must not be imported unasked. Error: REPOSITORY_REPLACED. */
export function requireSame({ repoId, path }: RepositorySource, found: RepositoryRef): void {
  if (storedText(found.id) === repoId) return;
  throw new AppError('REPOSITORY_REPLACED', { path, found: found.id, expected: repoId });
}
