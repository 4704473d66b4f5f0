import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDataFolder } from '../src/store/data-folder.ts';
import { sessionSettings } from '../src/store/database.ts';
import { startEmbeddedServer } from '../src/store/embedded/embedded-server.ts';
import { databaseName, ownerName } from '../src/store/embedded/settings.ts';
import { openStore } from '../src/store/open-store.ts';
import type { ChangeRows } from '../src/store/testing/change-rows.ts';
import { syntheticChanges } from './synthetic-changes.ts';

/** A database of synthetic changes on a server of its own, so that several processes can reach it. */
export interface PageDatabase extends AsyncDisposable {
  readonly databaseUrl: string;
  /** For whoever opens the database. */
  readonly dataFolder: string;
  readonly secondsToInsert: number;
}

export async function createPageDatabase(changes: number): Promise<PageDatabase> {
  const place = await mkdtemp(join(tmpdir(), 'reentry-bench-'));
  const folder = await openDataFolder(join(place, 'server'));
  const server = await startEmbeddedServer(folder);
  const databaseUrl = `postgres://${ownerName}:${server.password}@/${databaseName}?host=${encodeURIComponent(server.socketFolder)}`;
  const dataFolder = join(place, 'data');
  const started = performance.now();
  await insertChanges({ dataFolder, databaseUrl }, changes);
  const secondsToInsert = (performance.now() - started) / 1000;
  await settle(databaseUrl);
  return {
    databaseUrl,
    dataFolder,
    secondsToInsert,
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await folder.release();
      await rm(place, { recursive: true, force: true });
    },
  };
}

const batchSize = 500;

/** In the transactions in which deriving writes, without the logs. */
async function insertChanges(
  place: { dataFolder: string; databaseUrl: string },
  count: number,
): Promise<void> {
  const store = await openStore(place);
  const write = (batch: readonly ChangeRows[]) =>
    store.projections.transaction(async (tx) => {
      const rows = batch.map(({ row }) => row);
      await tx.upsertChanges(rows);
      await tx.replaceClaims(
        rows,
        batch.flatMap(({ claims }) => claims),
      );
      await tx.insertEvidenceRecords(rows.map((row) => ({ ...row, reason: 'merged' })));
    });
  let batch: ChangeRows[] = [];
  for (const change of syntheticChanges(count)) {
    batch.push(change);
    if (batch.length < batchSize) continue;
    await write(batch);
    batch = [];
  }
  if (batch.length > 0) await write(batch);
  await store.close();
}

/** What the server does by itself within a minute of an import. */
async function settle(databaseUrl: string): Promise<void> {
  const client = await connectByHand(databaseUrl);
  await client.query('VACUUM ANALYZE');
  await client.end();
}

/** Somebody with a database client, who sets nothing. */
export async function connectByHand(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ types: sessionSettings.types, connectionString: databaseUrl });
  await client.connect();
  return client;
}
