/** Opens data folders: database, logs and keys, held by this process alone. */
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveParts } from './app/diagnose.ts';
import { OneByOne } from './app/one-by-one.ts';
import type { Archive, LedgerWriter, Surroundings } from './app/ports.ts';
import type { OpenArchive, OpenEvidence } from './cli/world.ts';
import { AppError } from './core/errors.ts';
import { evidenceOf, logFolder, logNames } from './evidence.ts';
import { openKeys } from './ledger/keys.ts';
import { openLog } from './ledger/open-log.ts';
import { statementSigner } from './ledger/statement-signer.ts';
import type { DataFolder } from './store/data-folder.ts';
import { type OpenStoreOptions, openStore, type Store } from './store/open-store.ts';

export const surroundings: Surroundings = { now: () => new Date(), randomBytes: (size) => randomBytes(size) };

/** A data folder with both logs ready to append to, held by this process alone. */
export async function openArchive(folder: DataFolder, databaseUrl?: string): Promise<OpenArchive> {
  const parts = await openParts(folder, { databaseUrl });
  try {
    return { ...(await archiveOf(folder.path, parts)), close: parts.close };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** Opens both logs for appending. */
export async function archiveOf(path: string, parts: Parts): Promise<Archive> {
  return {
    path,
    ledger: parts.ledger,
    projections: parts.projections,
    events: await parts.openLog('events'),
    evidence: await parts.openLog('evidence'),
    signer: statementSigner((await parts.keys()).statements),
    surroundings,
    derivation: new OneByOne(),
  };
}

/** As `openArchive`, but only what looking needs: nothing is signed, so no start-up guard stands in the way. */
export async function openEvidence(folder: DataFolder, databaseUrl?: string): Promise<OpenEvidence> {
  const store = await openHeldStore(folder, { databaseUrl });
  return { ...(await evidenceOf(folder.path, store)), close: () => closeHeld(store, folder) };
}

export interface Parts extends ArchiveParts {
  readonly ledger: LedgerWriter;
  readonly store: Store;
  keys(): ReturnType<typeof openKeys>;
}

export async function openParts(folder: DataFolder, options: DatabaseOptions): Promise<Parts> {
  const store = await openHeldStore(folder, options);
  let opened: ReturnType<typeof openKeys> | undefined;
  const keys = () => {
    opened ??= sealedBefore(store).then((sealed) =>
      openKeys({ dataFolder: folder.path, randomBytes: surroundings.randomBytes, sealed }),
    );
    return opened;
  };
  return {
    store,
    ledger: store.ledger,
    projections: store.projections,
    keys,
    describe: () => store.describe(),
    openLog: async (log) =>
      openLog({ folder: logFolder(folder.path, log), log, key: (await keys())[log], store: store.ledger }),
    close: () => closeHeld(store, folder),
  };
}

interface DatabaseOptions extends Pick<OpenStoreOptions, 'prepare'> {
  readonly databaseUrl: string | undefined;
}

async function openHeldStore(folder: DataFolder, options: DatabaseOptions): Promise<Store> {
  const { databaseUrl, prepare } = options;
  try {
    if (databaseUrl === undefined) await requireOwnDatabase(folder.path);
    return await openStore({
      dataFolder: folder,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      ...(prepare === undefined ? {} : { prepare }),
    });
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

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
