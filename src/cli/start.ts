import { summariseRepository } from '../app/summarise-repository.ts';
import { outcomeText, withImport } from './import-git.ts';
import { summaryText } from './print-summary.ts';
import type { World } from './world.ts';

export interface StartOptions {
  readonly repository: string;
  readonly dataFolder: string;
}

const riskiestShown = 5;

/** `npm start`: imports the repository and tells its story. */
export async function start(world: World, options: StartOptions): Promise<number> {
  const { terminal } = world;
  await withImport(world, options, async (outcome, archive) => {
    await terminal.out(outcomeText(outcome));
    if (archive === undefined) return;
    const summary = await summariseRepository(archive, outcome.state.ref.id, riskiestShown);
    if (summary) await terminal.out(summaryText(summary, archive.path, world));
  });
  return 0;
}
