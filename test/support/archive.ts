import { type ImportOutcome, importRepository } from '../../src/app/import-repository.ts';
import { openArchive } from '../../src/archive.ts';
import type { OpenArchive } from '../../src/cli/world.ts';
import { mentionsAgent } from '../../src/core/attribution/agent-mention.ts';
import { priorModel } from '../../src/core/risk/prior-model.ts';
import { createChangeReplay } from '../../src/core/risk/replay.ts';
import { openRepository } from '../../src/intake/git/open-repository.ts';
import { openDataFolder } from '../../src/store/data-folder.ts';

export async function importFrom(archive: OpenArchive, repository: string): Promise<ImportOutcome> {
  const reader = await openRepository(repository, { replay: createChangeReplay(), mentionsAgent });
  try {
    return await importRepository(archive, reader, priorModel);
  } finally {
    await reader.close();
  }
}

export async function withArchive<Result>(
  dataFolder: string,
  work: (archive: OpenArchive) => Promise<Result>,
): Promise<Result> {
  const archive = await openArchive(await openDataFolder(dataFolder));
  try {
    return await work(archive);
  } finally {
    await archive.close();
  }
}
