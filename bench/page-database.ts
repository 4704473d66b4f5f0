import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { archiveOf, openParts } from '../src/archive.ts';
import { openDataFolder } from '../src/store/data-folder.ts';
import { sessionSettings } from '../src/store/database.ts';
import { startEmbeddedServer } from '../src/store/embedded/embedded-server.ts';
import { databaseName, ownerName } from '../src/store/embedded/settings.ts';
import type { Store } from '../src/store/open-store.ts';
import type { ChangeRows } from '../src/store/testing/change-rows.ts';
import { repositoryIds, syntheticChanges } from './synthetic-changes.ts';
import { syntheticRecords } from './synthetic-records.ts';

/** A database of synthetic changes on a server of its own, so that several processes can reach it. */
export interface PageDatabase extends AsyncDisposable {
  readonly databaseUrl: string;
  /** For whoever opens the database. */
  readonly dataFolder: string;
  readonly changes: number;
}

export async function createPageDatabase(changes: number): Promise<PageDatabase> {
  await using making = new AsyncDisposableStack();
  const place = await mkdtemp(join(tmpdir(), 'reentry-bench-'));
  making.defer(() => rm(place, { recursive: true, force: true }));
  const folder = await openDataFolder(join(place, 'server'));
  making.defer(() => folder.release());
  const server = await startEmbeddedServer(folder);
  making.defer(() => server.stop());
  const databaseUrl = `postgres://${ownerName}:${server.password}@/${databaseName}?host=${encodeURIComponent(server.socketFolder)}`;
  const dataFolder = join(place, 'data');
  await fill({ databaseUrl, dataFolder }, changes);
  const made = making.move();
  return { databaseUrl, dataFolder, changes, [Symbol.asyncDispose]: () => made.disposeAsync() };
}

async function fill(
  { databaseUrl, dataFolder }: Pick<PageDatabase, 'databaseUrl' | 'dataFolder'>,
  changes: number,
): Promise<void> {
  const parts = await openParts(await openDataFolder(dataFolder), { databaseUrl });
  try {
    const archive = await archiveOf(dataFolder, parts);
    await insertChanges(parts.store, changes);
    await insertSurroundings(parts.store);
    await archive.evidence.publish();
  } finally {
    await parts.close();
  }
  await settle(databaseUrl);
}

const batchSize = 500;
const records = 1_000;

/** In the transactions in which deriving writes; a hundred changes share a sealed record. */
async function insertChanges({ projections }: Store, count: number): Promise<void> {
  await projections.transaction((tx) => tx.append('evidence', syntheticRecords(records)));
  const write = (batch: readonly ChangeRows[]) =>
    projections.transaction(async (tx) => {
      const rows = batch.map(({ row }) => ({ ...row, evidenceSeq: row.evidenceSeq % records }));
      await tx.upsertChanges(rows);
      await tx.replaceClaims(
        rows,
        batch.flatMap(({ claims }) => claims),
      );
    });
  let batch: ChangeRows[] = [];
  for (const change of syntheticChanges(count)) {
    batch.push(change);
    if (batch.length < batchSize) continue;
    await write(batch);
    batch = [];
  }
  if (batch.length > 0) await write(batch);
}

const importedAt = '2026-02-28T12:00:00Z';

async function insertSurroundings({ projections, work }: Store): Promise<void> {
  const row = {
    url: null,
    targetBranch: 'main',
    headSha: 'a'.repeat(40),
    refsDigest: '',
    changes: 0,
    factSeq: 0,
  };
  await projections.transaction(async (tx) => {
    for (const repoId of repositoryIds)
      await tx.upsertRepository({ ...row, repoId, name: repoId, importedAt });
  });
  // Else the server would begin one a minute after its start, in the middle of the measurements.
  const now = new Date().toISOString();
  await work.putVerification({
    id: randomUUID(),
    state: 'passed',
    startedAt: now,
    finishedAt: now,
    requestedBy: 'bench',
    logs: [],
    findings: [],
  });
}

/** What the server does by itself within a minute of an import. */
async function settle(databaseUrl: string): Promise<void> {
  const client = await connectByHand(databaseUrl);
  await client.query('VACUUM ANALYZE');
  await client.end();
}

/** Somebody with a database client, who sets what our own sessions set. */
export async function connectByHand(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ types: sessionSettings.types, connectionString: databaseUrl });
  await client.connect();
  // Were the server to stop first, the next statement tells it.
  client.on('error', () => undefined);
  await client.query('SET random_page_cost = 1.1');
  return client;
}
