#!/usr/bin/env node
/** The only place that joins adapters to use cases. */
import { execFile } from 'node:child_process';
import { createPublicKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ArchiveParts, diagnose } from './app/diagnose.ts';
import type {
  LedgerWriter,
  LogName,
  RepositoryReader,
  StatementVerifier,
  Surroundings,
} from './app/ports.ts';
import { runProgram } from './cli/program.ts';
import { reportError } from './cli/report-error.ts';
import { processTerminal, shellQuoted, type Terminal } from './cli/terminal.ts';
import type { OpenArchive, OpenEvidence, World } from './cli/world.ts';
import { type Config, readConfig } from './config.ts';
import { mentionsAgent } from './core/attribution/agent-mention.ts';
import { AppError } from './core/errors.ts';
import { payloadType } from './core/evidence/change-evidence.ts';
import { verifyEnvelope } from './core/evidence/dsse.ts';
import { utf8Text } from './core/evidence/utf8-text.ts';
import { priorModel } from './core/risk/prior-model.ts';
import { createChangeReplay } from './core/risk/replay.ts';
import { ed25519Verifier } from './core/tlog/node-primitives.ts';
import { openRepository } from './intake/git/open-repository.ts';
import { openKeys } from './ledger/keys.ts';
import { openLog } from './ledger/open-log.ts';
import { statementSigner } from './ledger/statement-signer.ts';
import { verifyLog } from './ledger/verify-log.ts';
import { type DataFolder, existingDataFolder, openDataFolder } from './store/data-folder.ts';
import { openStore, type Store } from './store/open-store.ts';

const logNames = ['events', 'evidence'] as const;
const surroundings: Surroundings = { now: () => new Date(), randomBytes: (size) => randomBytes(size) };

/** A data folder with both logs ready to append to, held by this process alone. */
export async function openArchive(folder: DataFolder, databaseUrl?: string): Promise<OpenArchive> {
  const parts = await openParts(folder, databaseUrl);
  try {
    return {
      path: folder.path,
      ledger: parts.ledger,
      projections: parts.projections,
      events: await parts.openLog('events'),
      evidence: await parts.openLog('evidence'),
      signer: statementSigner((await parts.keys()).statements),
      surroundings,
      close: parts.close,
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** As `openArchive`, but only what looking needs: nothing is signed, so no start-up guard stands in the way. */
export async function openEvidence(folder: DataFolder, databaseUrl?: string): Promise<OpenEvidence> {
  const store = await openHeldStore(folder, databaseUrl);
  return {
    path: folder.path,
    present: logNames,
    database: store,
    statements: statementVerifier(await publicStatementKey(folder.path)),
    logs: {
      verify: async (log, options) => {
        const vkey = await readOptional(join(folder.path, 'keys', `${log}.vkey`));
        return verifyLog({
          ...options,
          folder: logFolder(folder.path, log),
          log,
          store: store.ledger,
          ...(vkey === undefined ? {} : { vkey: vkey.trim() }),
        });
      },
    },
    close: () => closeHeld(store, folder),
  };
}

/** One log's folder by itself: files and signature, without database and payloads. */
function openLogEvidence(path: string): OpenEvidence {
  return {
    path,
    present: [basename(path) === 'events' ? 'events' : 'evidence'],
    database: undefined,
    statements: statementVerifier(undefined),
    logs: { verify: (log, options) => verifyLog({ ...options, folder: path, log }) },
    close: async () => undefined,
  };
}

interface Parts extends ArchiveParts {
  readonly ledger: LedgerWriter;
  keys(): ReturnType<typeof openKeys>;
}

async function openParts(folder: DataFolder, databaseUrl: string | undefined): Promise<Parts> {
  const store = await openHeldStore(folder, databaseUrl);
  let opened: ReturnType<typeof openKeys> | undefined;
  const keys = () => {
    opened ??= sealedBefore(store).then((sealed) =>
      openKeys({ dataFolder: folder.path, randomBytes: surroundings.randomBytes, sealed }),
    );
    return opened;
  };
  return {
    ledger: store.ledger,
    projections: store.projections,
    keys,
    describe: () => store.describe(),
    openLog: async (log) =>
      openLog({ folder: logFolder(folder.path, log), log, key: (await keys())[log], store: store.ledger }),
    close: () => closeHeld(store, folder),
  };
}

async function openHeldStore(folder: DataFolder, databaseUrl: string | undefined): Promise<Store> {
  try {
    if (databaseUrl === undefined) await requireOwnDatabase(folder.path);
    return await openStore({ dataFolder: folder, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  } catch (error) {
    await folder.release();
    throw error;
  }
}

/** Logs without a database were written with another server: a new, empty one here would look like a lost one. */
async function requireOwnDatabase(path: string): Promise<void> {
  if (!(await isFolder(join(path, 'logs'))) || (await isFolder(join(path, 'postgres')))) return;
  throw new AppError('CONFIG_INVALID', {
    detail: `DATABASE_URL is not set, and ${path} holds logs but no database of its own (its folder postgres).`,
  });
}

async function closeHeld(store: Store, folder: DataFolder): Promise<void> {
  try {
    await store.close();
  } finally {
    await folder.release();
  }
}

async function sealedBefore({ ledger }: Store): Promise<boolean> {
  for (const log of logNames) if ((await ledger.size(log)) > 0) return true;
  return false;
}

function logFolder(dataFolder: string, log: LogName): string {
  return join(dataFolder, 'logs', log);
}

async function publicStatementKey(dataFolder: string): Promise<Uint8Array | undefined> {
  const pem = await readOptional(join(dataFolder, 'keys', 'statements.pub'));
  if (pem === undefined) return undefined;
  try {
    // The last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the key (RFC 8410 section 4).
    return createPublicKey(pem).export({ format: 'der', type: 'spki' }).subarray(-32);
  } catch {
    return undefined;
  }
}

function statementVerifier(publicKey: Uint8Array | undefined): StatementVerifier {
  if (publicKey === undefined)
    return { open: () => ({ reason: 'the public key keys/statements.pub is missing' }) };
  const verify = ed25519Verifier(publicKey);
  return {
    open: (envelope) => {
      const opened = verifyEnvelope(utf8Text(envelope), payloadType, verify);
      return opened.ok ? { payload: opened.payload } : { reason: opened.reason };
    },
  };
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

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
      if (await isFolder(join(place, 'tile'))) return openLogEvidence(place);
      return openEvidence(await existingDataFolder(place), config.databaseUrl);
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
    openParts: async () => openParts(await existingDataFolder(dataFolder), databaseUrl),
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

/** Of the folder, or of the nearest one above it that exists. */
async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    if (dirname(path) === path) throw error;
    return freeBytes(dirname(path));
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
