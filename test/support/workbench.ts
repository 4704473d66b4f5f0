import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { type Verification, verifyArchive } from '../../src/app/verify-archive.ts';
import { openArchive, openEvidence } from '../../src/archive.ts';
import type { OpenArchive } from '../../src/cli/world.ts';
import { type DataFolder, openDataFolder } from '../../src/store/data-folder.ts';
import { startEmbeddedServer } from '../../src/store/embedded/embedded-server.ts';
import { databaseName, ownerName } from '../../src/store/embedded/settings.ts';
import { connectTo } from '../../src/store/testing/servers.ts';

/** A data folder whose embedded server runs, to be damaged and looked at. */
export interface Workbench extends AsyncDisposable {
  readonly path: string;
  /** The same data folder at an earlier time. */
  readonly earlier: string;
  /** Tables and folders that may no longer be what they were. */
  readonly touched: Set<string>;
  /** Runs SQL as the owner of the database, who may do what the server's own role may not. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Puts other bytes into a file; the path is relative to the data folder. */
  edit(file: string, change: (bytes: Buffer) => Uint8Array | string): Promise<void>;
  remove(file: string): Promise<void>;
  /** What an operator has, who holds the keys. */
  withArchive<Result>(work: (archive: OpenArchive) => Promise<Result>): Promise<Result>;
  verify(): Promise<Verification>;
}

export async function openWorkbench(path: string, earlier: string): Promise<Workbench> {
  const folder = await openDataFolder(path);
  const server = await startEmbeddedServer(folder);
  const client = await connectTo(server, server.password);
  const touched = new Set<string>();
  let evidence: ReturnType<typeof openEvidence> | undefined;
  const touch = (file: string) => {
    touched.add(file.split('/')[0] ?? file);
    return join(path, file);
  };
  const sql: Workbench['sql'] = async <Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ) => {
    for (const [, table = ''] of text.matchAll(/reentry\.(\w+)/g)) touched.add(table);
    return (await client.query<Row>(text, [...values])).rows;
  };
  // The folder stays ours, and the server runs on: whoever opens them meanwhile only borrows them.
  const borrowed: DataFolder = { path: folder.path, release: async () => undefined };
  const url = `postgres://${ownerName}:${server.password}@/${databaseName}?host=${encodeURIComponent(server.socketFolder)}`;
  return {
    path,
    earlier,
    touched,
    sql,
    edit: async (file, change) => {
      const target = touch(file);
      await writeFile(target, change(await readFile(target)));
    },
    remove: (file) => rm(touch(file), { recursive: true }),
    withArchive: async (work) => {
      for (const name of ['logs', ...(await tableNames(sql))]) touched.add(name);
      await using opened = closing(await openArchive(borrowed, url));
      return await work(opened);
    },
    verify: async () => {
      // Opened once: what it reads at that time is the public key of statements, which nobody touches here.
      evidence ??= openEvidence(borrowed, url);
      return verifyArchive(await evidence);
    },
    [Symbol.asyncDispose]: async () => {
      await (await evidence)?.close();
      await client.end();
      await server.stop();
      await folder.release();
    },
  };
}

/** Keeps logs, keys and tables as they are; what it returns puts back whichever of them was touched since. */
export async function keepState(bench: Workbench): Promise<() => Promise<void>> {
  const { path, sql, touched } = bench;
  const kept = `${path}-kept`;
  await run('mkdir', [kept]);
  await run('cp', ['-a', join(path, 'logs'), join(path, 'keys'), kept]);
  const tables = await tableNames(sql);
  await sql('CREATE SCHEMA kept');
  for (const name of tables) await sql(`CREATE TABLE kept.${name} AS TABLE reentry.${name}`);
  touched.clear();
  return async () => {
    for (const name of ['logs', 'keys'].filter((folder) => touched.has(folder))) {
      await rm(join(path, name), { recursive: true, force: true });
      await run('cp', ['-a', join(kept, name), path]);
    }
    for (const name of tables.filter((table) => touched.has(table))) {
      await sql(
        `BEGIN; DELETE FROM reentry.${name}; INSERT INTO reentry.${name} SELECT * FROM kept.${name}; COMMIT`,
      );
    }
    touched.clear();
  };
}

async function tableNames(sql: Workbench['sql']): Promise<readonly string[]> {
  const rows = await sql<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'reentry' AND tablename <> 'migration'`,
  );
  return rows.map(({ name }) => name);
}

const run = promisify(execFile);

function closing<Opened extends { close(): Promise<void> }>(opened: Opened): Opened & AsyncDisposable {
  return Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() });
}
