import type { ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';
import type { DataFolder } from '../data-folder.ts';
import { findBinaries, linkLibraries } from './binaries.ts';
import {
  type ClusterPaths,
  cannotRun,
  clusterPaths,
  openCluster,
  type Program,
  preparePostgresFolder,
} from './cluster.ts';
import { readPostmasterFile, stopLeftover, until } from './postmaster-file.ts';
import { serverAccount, spawnAs } from './server-account.ts';
import { isDiskFull, logSize, readLog, rotateLog, saysStillHeld, startFailure } from './server-log.ts';
import { port, serverArguments } from './settings.ts';
import { makeSocketFolder, removeSocketFolder } from './socket-folder.ts';

/** The bundled PostgreSQL on the cluster in a data folder. */
export interface EmbeddedServer {
  readonly socketFolder: string;
  readonly port: number;
  /** Of the owner; the socket lets in nobody without it. */
  readonly password: string;
  readonly logFile: string;
  readonly pid: number;
  /** Why the server, which was running, no longer answers. */
  whyLost(cause: unknown): Promise<AppError>;
  /** Ends open sessions and stops; resolves when the process is gone. May be called twice. */
  stop(): Promise<void>;
}

/** Recovery after a crash writes a line every ten seconds; a server silent for this long hangs. */
const silenceLimitMs = 60_000;
const heldLimitMs = 15_000;
/**
 * Starts the bundled PostgreSQL for the holder of the data folder, creating the cluster at first. A server left behind by
 * a killed process is stopped before.
 * Errors: POSTGRES_MISSING, POSTGRES_NOT_STARTING, DISK_FULL.
 */
export async function startEmbeddedServer(dataFolder: DataFolder): Promise<EmbeddedServer> {
  const paths = clusterPaths(dataFolder.path);
  try {
    const binaries = await findBinaries();
    const account = await serverAccount(paths.cluster, [dataFolder.path, binaries.postgres]);
    await preparePostgresFolder(paths, account);
    const program = { binaries, account, environment: await linkLibraries(binaries, paths.libraries) };
    await removeSocketFolder(paths, await stopLeftover(paths.cluster));
    const password = await openCluster(paths, program);
    const socketFolder = await makeSocketFolder(paths, account);
    const running = await startPatiently(paths, program, socketFolder);
    return handle(paths, { ...running, password, socketFolder });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new AppError('DISK_FULL', { path: paths.folder }, { cause: error });
    throw error;
  }
}

interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  readonly logStart: number;
}

/** What a killed server leaves (a lock file, shared memory of dying backends) goes away by itself, soon. */
async function startPatiently(paths: ClusterPaths, program: Program, socketFolder: string): Promise<Running> {
  const end = performance.now() + heldLimitMs;
  for (let pauseMs = 50; ; pauseMs *= 2) {
    const started = await start(paths, program, socketFolder);
    if (!('said' in started)) return started;
    if (!saysStillHeld(started.said) || performance.now() > end)
      throw await startFailure(started.said, paths.log);
    await wait(pauseMs);
  }
}

async function start(
  paths: ClusterPaths,
  program: Program,
  socketFolder: string,
): Promise<Running | { readonly said: string }> {
  await rotateLog(paths.log);
  const logStart = await logSize(paths.log);
  const log = await open(paths.log, 'a', 0o600);
  const child = spawnAs(
    program.account,
    program.binaries.postgres,
    serverArguments(paths.cluster, socketFolder),
    {
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC', ...program.environment },
      // A session of its own: Ctrl-C in our terminal is for us, and we stop the server in our time.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  // A process that ends without `stop` (a second Ctrl-C, a failure that nobody caught) takes its server along.
  const endWithUs = () => child.kill('SIGINT');
  process.once('exit', endWithUs);
  let failure: unknown;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      failure = error;
      resolve();
    });
  });
  let isGone = false;
  void gone.then(() => {
    isGone = true;
    process.off('exit', endWithUs);
  });
  await log.close();
  // A forgotten `stop` must not keep the process; the next start deals with the server.
  child.unref();
  const ready = await becomesReady(paths, () => isGone || child.pid === undefined, child.pid);
  if (ready) return { child, pid: child.pid ?? 0, gone, logStart };
  await end(child, gone, shutdowns.slice(1));
  if (failure !== undefined) throw cannotRun(failure, program.binaries.postgres, paths.log);
  return { said: await readLog(paths.log, logStart) };
}

async function becomesReady(
  paths: ClusterPaths,
  isGone: () => boolean,
  pid: number | undefined,
): Promise<boolean> {
  let sizeBefore = -1;
  for (;;) {
    let ready = false;
    const settled = await until(async () => {
      const file = await readPostmasterFile(paths.cluster);
      ready = file?.ready === true && file.pid === pid;
      return ready || isGone();
    }, silenceLimitMs);
    if (settled) return ready;
    const size = await logSize(paths.log);
    if (size === sizeBefore) return false;
    sizeBefore = size;
  }
}

function handle(
  paths: ClusterPaths,
  running: Running & { readonly password: string; readonly socketFolder: string },
): EmbeddedServer {
  const { child, pid, gone, logStart, password, socketFolder } = running;
  let stopping: Promise<void> | undefined;
  let isGone = false;
  void gone.then(() => {
    isGone = true;
  });
  const stop = async () => {
    await end(child, gone, shutdowns);
    await removeSocketFolder(paths, socketFolder);
  };
  return {
    socketFolder,
    port,
    password,
    pid,
    logFile: paths.log,
    whyLost: async (cause) => {
      const said = await readLog(paths.log, logStart);
      if (await isDiskFull(said, paths.log))
        return new AppError('DISK_FULL', { path: paths.folder }, { cause });
      const detail = /\bPANIC:.*/.exec(said)?.[0] ?? lostReasons[isGone ? 'ended' : 'closed'];
      return new AppError('POSTGRES_STOPPED', { detail, log: paths.log }, { cause });
    },
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

const lostReasons = {
  ended: 'its process was ended from outside',
  closed: 'it closed the connection, or one of its processes crashed',
};

/** Fast shutdown, immediate shutdown, the kernel: each loses nothing that was committed. */
const shutdowns = [
  ['SIGINT', 15_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 5_000],
] as const;

async function end(
  child: ChildProcess,
  gone: Promise<void>,
  signals: readonly (typeof shutdowns)[number][],
): Promise<void> {
  for (const [signal, limitMs] of signals) {
    child.kill(signal);
    if (await settles(gone, limitMs)) return;
  }
}

async function settles(promise: Promise<void>, limitMs: number): Promise<boolean> {
  const timer = new AbortController();
  const late = wait(limitMs, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
