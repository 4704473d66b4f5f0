#!/usr/bin/env node
/** The only place that joins adapters to use cases. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { diagnose } from './app/diagnose.ts';
import type { RepositoryReader } from './app/ports.ts';
import { isFolder, openArchive, openEvidence, openParts } from './archive.ts';
import { runProgram } from './cli/program.ts';
import { reportError } from './cli/report-error.ts';
import { processTerminal, shellQuoted, type Terminal } from './cli/terminal.ts';
import type { World } from './cli/world.ts';
import { type Config, readConfig } from './config.ts';
import { mentionsAgent } from './core/attribution/agent-mention.ts';
import { priorModel } from './core/risk/prior-model.ts';
import { createChangeReplay } from './core/risk/replay.ts';
import { logEvidence } from './evidence.ts';
import { freeBytes } from './free-bytes.ts';
import { openRepository } from './intake/git/open-repository.ts';
import { existingDataFolder, openDataFolder } from './store/data-folder.ts';

function repositoryReader(path: string, { searchPath }: Config): Promise<RepositoryReader> {
  return openRepository(path, {
    replay: createChangeReplay(),
    mentionsAgent,
    ...(searchPath === undefined ? {} : { searchPath }),
  });
}

function world(config: Config, terminal: Terminal, signal: AbortSignal): World {
  const at = (path: string) => resolve(config.workingFolder, path);
  return {
    config,
    terminal,
    model: priorModel,
    command: commandFrom(config.workingFolder),
    version: packageVersion(),
    signal,
    steadyMs: () => performance.now(),
    openRepository: (path) => repositoryReader(at(path), config),
    openArchive: async (path) => openArchive(await openDataFolder(at(path)), config.databaseUrl),
    openExistingArchive: async (path) => openArchive(await existingDataFolder(at(path)), config.databaseUrl),
    openEvidence: async (path) => {
      const place = at(path);
      if (await isFolder(join(place, 'tile'))) return { ...logEvidence(place), close: async () => undefined };
      return openEvidence(await existingDataFolder(place), config.databaseUrl);
    },
    // Loaded when it is asked for: the other commands start without the server's libraries.
    openServer: async ({ dataFolder, host, port }) => {
      const { openServer } = await import('./serving.ts');
      return openServer({
        config: { ...config, host, port },
        terminal,
        version: packageVersion(),
        pagesFolder: join(checkout, 'web', 'dist'),
        folder: await openDataFolder(at(dataFolder)),
      });
    },
    diagnose: (path) => diagnoseMachine(at(path), config.databaseUrl),
  };
}

async function* diagnoseMachine(dataFolder: string, databaseUrl: string | undefined) {
  yield* diagnose({
    nodeVersion: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    gitVersion,
    dataFolder,
    dataFolderExists: await isFolder(join(dataFolder, 'logs')),
    freeBytes: () => freeBytes(dataFolder),
    exposedKeys: () => exposedKeys(join(dataFolder, 'keys')),
    openParts: async () => openParts(await existingDataFolder(dataFolder), { databaseUrl }),
  });
}

async function gitVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'], { timeout: 10_000 });
    return /\d+(\.\d+)+/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}

async function exposedKeys(folder: string): Promise<readonly string[]> {
  const exposed: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (name.endsWith('.key') && ((await stat(path)).mode & 0o077) !== 0) exposed.push(path);
  }
  return exposed;
}

const checkout = fileURLToPath(new URL('..', import.meta.url));

/** npm finds this checkout by itself only from inside. */
function commandFrom(workingFolder: string): string {
  if (resolve(workingFolder) === resolve(checkout)) return 'npm run reentry --';
  return `npm run --prefix ${shellQuoted(resolve(checkout))} reentry --`;
}

function packageVersion(): string {
  const text = readFileSync(join(checkout, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** npm and the terminal may both pass on one Ctrl-C; only a later one means "now". */
const secondSignalMs = 1_000;

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let first = Number.POSITIVE_INFINITY;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (performance.now() - first > secondSignalMs) process.exit(130);
      first = Math.min(first, performance.now());
      controller.abort();
    });
  }
  return controller.signal;
}

async function main(args: readonly string[]): Promise<number> {
  const signal = stopSignal();
  let terminal: Terminal | undefined;
  try {
    const config = readConfig();
    terminal = processTerminal(config.colour);
    return await runProgram(args, world(config, terminal, signal));
  } catch (error) {
    return reportError(error, terminal ?? processTerminal('never'), signal);
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
