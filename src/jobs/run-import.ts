import { type ImportOutcome, importRepository } from '../app/import-repository.ts';
import type { Archive, RepositoryReader } from '../app/ports.ts';
import type { RepositorySource } from '../app/work-ports.ts';
import type { Scorecard } from '../core/risk/scorecard.ts';
import { plural } from '../core/sentence-parts.ts';
import { goneFrom, requireSame } from './expected-source.ts';

export interface ImportWork {
  readonly archive: Archive;
  readonly model: Scorecard;
  readonly openRepository: (path: string) => Promise<RepositoryReader>;
}

export interface ImportRun {
  readonly source: RepositorySource;
  readonly tell: (step: string, done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** Imports what is new and tells in a sentence how it ended. Errors: REPOSITORY_GONE, REPOSITORY_REPLACED, those of importing. */
export async function runImport(
  { archive, model, openRepository }: ImportWork,
  { source, tell, signal }: ImportRun,
): Promise<string> {
  tell('Opening the repository', 0, 0);
  const reader = await openRepository(source.path).catch(goneFrom(source));
  try {
    signal.throwIfAborted();
    requireSame(source, (await reader.describe()).ref);
    const onProgress = (done: number, total: number) => tell('Reading and sealing changes', done, total);
    return outcomeText(await importRepository(archive, reader, model, { onProgress, signal }));
  } finally {
    await reader.close();
  }
}

function outcomeText({ state, upToDate, added, relearned }: ImportOutcome): string {
  if (state.headSha === null) return 'The repository has no commits yet.';
  if (upToDate || added + relearned === 0) return 'Nothing was new.';
  const parts = [
    ...(added > 0 ? [`${plural(added, 'change')} added`] : []),
    ...(relearned > 0 ? [`${plural(relearned, 'known change')} with something new`] : []),
  ];
  return `${parts.join(', ')}.`;
}
