import { type Rebuild, rebuildProjections } from '../app/rebuild-projections.ts';
import { plural } from '../core/sentence-parts.ts';
import { startProgress } from './progress.ts';
import { style, type Terminal } from './terminal.ts';
import type { World } from './world.ts';

export interface RebuildOptions {
  readonly dataFolder: string;
  readonly json?: true;
}

export async function rebuild(world: World, options: RebuildOptions): Promise<number> {
  const archive = await world.openExistingArchive(options.dataFolder);
  const progress = startProgress(world.terminal, 'Rebuilding', world.steadyMs);
  try {
    const outcome = await rebuildProjections(archive, world.model, {
      onProgress: (done, total) => progress.update(done, total),
      signal: world.signal,
    });
    progress.end();
    const same = outcome.interruptedBefore ? null : outcome.digestBefore === outcome.digestAfter;
    await world.terminal.out(
      options.json ? `${JSON.stringify({ ...outcome, same })}\n` : rebuildText(outcome, same, world.terminal),
    );
    return same === false ? 1 : 0;
  } finally {
    progress.end();
    await archive.close();
  }
}

function rebuildText(outcome: Rebuild, same: boolean | null, terminal: Terminal): string {
  const { derivation } = outcome;
  const verdict =
    same === null
      ? style(
          terminal,
          'yellow',
          'The rows were unfinished before (an interrupted import or rebuild); now they are whole.',
        )
      : same
        ? style(terminal, 'green', 'The rebuilt evidence is the same.')
        : style(terminal, 'red', 'The rebuilt evidence differs: rows had been changed.');
  return [
    `${verdict}\n`,
    `  ${plural(outcome.changes, 'change')}, ${plural(derivation.restored, 'record')} restored, ${plural(derivation.sealed, 'record')} sealed now\n`,
    `  digest before ${outcome.digestBefore}\n  digest after  ${outcome.digestAfter}\n`,
    derivation.differing.length > 0
      ? `  ${plural(derivation.differing.length, 'record')} would be written differently by this version; the sealed ones stand.\n`
      : '',
  ].join('');
}
