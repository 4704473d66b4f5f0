import { type ImportOutcome, importRepository } from '../app/import-repository.ts';
import type { Archive, RepositoryReader } from '../app/ports.ts';
import { plural } from '../core/sentence-parts.ts';
import { announce, startProgress } from './progress.ts';
import { printGaps } from './scan.ts';
import { printable } from './terminal.ts';
import type { World } from './world.ts';

export interface ImportGitOptions {
  readonly repository: string;
  readonly dataFolder: string;
  readonly since?: Date;
  readonly json?: true;
}

export async function importGit(world: World, options: ImportGitOptions): Promise<number> {
  await withImport(world, options, (outcome) =>
    world.terminal.out(options.json ? `${JSON.stringify(outcomeJson(outcome))}\n` : outcomeText(outcome)),
  );
  return 0;
}

/**
 * Imports one repository and tells the outcome while the archive is still open. The repository is opened first, so that a
 * mistaken path or one without commits leaves no data folder behind; `archive` is undefined for the latter.
 */
async function withImport(
  world: World,
  options: ImportGitOptions,
  tell: (outcome: ImportOutcome, archive?: Archive) => Promise<void>,
): Promise<void> {
  const reader = await world.openRepository(options.repository);
  try {
    const state = await reader.describe();
    printGaps(state.gaps, world.terminal);
    if (state.headSha === null) return await tell({ state, ...nothing });
    const opening = world.openArchive(options.dataFolder);
    const archive = await announce(world.terminal, 'Opening the data folder …', opening);
    try {
      await tell(await importInto(world, archive, reader, options.since), archive);
    } finally {
      await archive.close();
    }
  } finally {
    await reader.close();
  }
}

const nothing = {
  upToDate: false,
  changes: 0,
  added: 0,
  relearned: 0,
  derivation: { sealed: 0, restored: 0, differing: [] },
} as const;

async function importInto(
  { terminal, model, signal, steadyMs }: World,
  archive: Archive,
  reader: RepositoryReader,
  since: Date | undefined,
): Promise<ImportOutcome> {
  const progress = startProgress(terminal, 'Importing', steadyMs);
  try {
    return await importRepository(archive, reader, model, {
      ...(since === undefined ? {} : { since }),
      signal,
      onProgress: (done, total) => progress.update(done, total),
    });
  } finally {
    progress.end();
  }
}

function outcomeText(outcome: ImportOutcome): string {
  const name = printable(outcome.state.ref.id);
  const restored = outcome.derivation.sealed - outcome.added - outcome.relearned;
  const finished = restored > 0 ? `Finished ${plural(restored, 'record')} of an interrupted import.\n` : '';
  if (outcome.state.headSha === null)
    return `${name} has no commits yet: nothing to import.\nCommit something there, then run the command again.\n`;
  if (outcome.upToDate) return `${finished}${name} is up to date: nothing new since the last import.\n`;
  const again = outcome.relearned > 0 ? `, ${plural(outcome.relearned, 'change')} with something new` : '';
  return `${finished}${name}: ${plural(outcome.changes, 'change')} read, ${plural(outcome.added, 'new change')}${again}.\n`;
}

function outcomeJson(outcome: ImportOutcome): object {
  return {
    repository: outcome.state.ref.id,
    targetBranch: outcome.state.targetBranch,
    headSha: outcome.state.headSha,
    upToDate: outcome.upToDate,
    changes: outcome.changes,
    added: outcome.added,
    relearned: outcome.relearned,
    sealed: outcome.derivation.sealed,
    gaps: outcome.state.gaps,
  };
}
