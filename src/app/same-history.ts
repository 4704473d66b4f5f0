import type { RepositoryRef } from '../core/change/observed-change.ts';
import { AppError } from '../core/errors.ts';
import type { RepositoryReader } from './ports.ts';

/**
 * A repository without a remote is known by its folder's name, which another one may have too: then the changes of both would
 * be told as those of one. `landmarks` are commits of the one that is known; without any, nothing is known. One with a remote
 * is what its address says, rewritten or not. Error: REPOSITORY_NAME_TAKEN.
 */
export async function requireSameHistory(
  reader: RepositoryReader,
  ref: RepositoryRef,
  landmarks: readonly string[],
): Promise<void> {
  if (ref.url !== undefined || landmarks.length === 0 || (await reader.hasCommit(landmarks))) return;
  throw new AppError('REPOSITORY_NAME_TAKEN', { id: ref.id });
}
