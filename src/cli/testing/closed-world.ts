import { readConfig } from '../../config.ts';
import { priorModel } from '../../core/risk/prior-model.ts';
import type { World } from '../world.ts';

/** A world for commands that are to end before they open anything: whatever opens or asks fails. */
export function closedWorld(
  terminal: World['terminal'],
  { folder, environment = {} }: { readonly folder: string; readonly environment?: NodeJS.ProcessEnv },
): World {
  const unused = () => {
    throw new Error('nothing is to be opened');
  };
  return {
    config: readConfig(environment, folder),
    terminal,
    model: priorModel,
    version: '0.0.0',
    command: 'reentry',
    signal: new AbortController().signal,
    steadyMs: () => 0,
    openRepository: unused,
    openArchive: unused,
    openExistingArchive: unused,
    openEvidence: unused,
    openServer: unused,
    diagnose: unused,
  };
}
