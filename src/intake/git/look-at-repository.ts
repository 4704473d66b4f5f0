import { realpath } from 'node:fs/promises';
import type { RepositoryLook } from '../../app/work-ports.ts';
import { locateRepository } from './locate-repository.ts';
import { openPrivateView } from './private-view.ts';
import { readReferences } from './references.ts';
import { repositoryRef } from './repository-ref.ts';

/**
 * What the references of a repository say right now; a few short runs of git, however long the history is.
 * Errors: GIT_NOT_FOUND, NOT_A_REPOSITORY, REPOSITORY_UNREADABLE, and the abort's reason.
 */
export async function lookAtRepository(
  path: string,
  options: { readonly searchPath?: string; readonly signal?: AbortSignal } = {},
): Promise<RepositoryLook> {
  const place = await locateRepository(path);
  const view = await openPrivateView(place, options);
  try {
    const { headSha, targetBranch, digest } = await readReferences(view, place);
    const ref = repositoryRef(view.settings.get('remote.origin.url'), place.folderName);
    return { path: await realpath(path), ref, targetBranch, headSha, refsDigest: digest };
  } finally {
    await view.close();
  }
}
