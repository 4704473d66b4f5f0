import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RepositoryState } from '../app/ports.ts';
import { summariseRepository } from '../app/summarise-repository.ts';
import type { Job } from '../contract/work.ts';
import { type ErrorCode, errorTable } from '../core/errors.ts';
import { summaryText } from './print-summary.ts';
import { startProgress } from './progress.ts';
import { printGaps } from './scan.ts';
import { addressText, stopped, withServer } from './serve.ts';
import { printable, style } from './terminal.ts';
import type { OpenServer, ServerOptions, World } from './world.ts';

export interface StartOptions extends ServerOptions {
  readonly repository: string;
}

const riskiestShown = 5;
const lookMs = 100;

/** `npm start`: serves, imports the repository as a job, tells its story, and goes on serving until Ctrl-C. */
export async function start(world: World, options: StartOptions): Promise<number> {
  const { terminal } = world;
  // Looked at first, so that a mistaken path or a repository without commits leaves no data folder behind.
  const { ref, headSha } = await describe(world, options.repository);
  if (headSha === null) {
    const name = printable(ref.id);
    await terminal.out(
      `${name} has no commits yet: nothing to import.\nCommit something there, then run the command again.\n`,
    );
    return 0;
  }
  return withServer(world, options, async (server) => {
    await terminal.out(addressText(server, terminal));
    const job = await importHere(world, server, options.repository);
    if (job.error !== null) return refused(world, job.error);
    await terminal.out(`${printable(job.subject)}: ${printable(job.outcome ?? 'imported.')}\n`);
    const summary = await summariseRepository(server.archive, job.subject, riskiestShown);
    if (summary) await terminal.out(summaryText(summary, server.archive.path, world));
    await terminal.out(
      `\n${addressText(server, terminal)}New commits are imported as they come; Ctrl-C stops.\n`,
    );
    await stopped(world.signal);
    return 0;
  });
}

async function describe(world: World, path: string): Promise<RepositoryState> {
  const reader = await world.openRepository(path);
  try {
    const state = await reader.describe();
    printGaps(state.gaps, world.terminal);
    return state;
  } finally {
    await reader.close();
  }
}

/** Shows how the job goes until it ends. Ctrl-C throws; the next start goes on from there. */
async function importHere(world: World, { work }: OpenServer, repository: string): Promise<Job> {
  const { terminal, signal, steadyMs, config } = world;
  const progress = startProgress(terminal, 'Importing', steadyMs);
  try {
    const { id } = await work.addRepository(resolve(config.workingFolder, repository), 'start');
    for (;;) {
      await wait(lookMs, undefined, { signal });
      const job = (await work.jobs()).find((one) => one.id === id);
      if (job === undefined) throw new Error(`the job ${id} is gone`);
      if (job.state !== 'waiting' && job.state !== 'running') return job;
      if (job.progress && job.progress.total > 0) progress.update(job.progress.done, job.progress.total);
    }
  } finally {
    progress.end();
  }
}

/** As a failed command is told, though its error went through the database. */
function refused({ terminal }: World, { code, detail, action }: NonNullable<Job['error']>): number {
  const name = style({ colour: terminal.errColour }, 'red', code);
  terminal.err(`${name} ${printable(detail)}\n${printable(action)}\n`);
  return errorTable[Object.hasOwn(errorTable, code) ? (code as ErrorCode) : 'INTERNAL'].exitStatus;
}
