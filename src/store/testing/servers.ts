import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { type DataFolder, openDataFolder } from '../data-folder.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../embedded/embedded-server.ts';
import { databaseName, ownerName } from '../embedded/settings.ts';
import { type Script, type ScriptOptions, startScript } from './scripts.ts';
import { temporaryFolder } from './temporary.ts';

/** A server on the data folder; stopped after the test. */
export async function startServer(path: string): Promise<EmbeddedServer & { readonly folder: DataFolder }> {
  const folder = await openDataFolder(path);
  onTestFinished(() => folder.release());
  return { ...(await startServerOn(folder)), folder };
}

export async function startServerOn(folder: DataFolder): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer(folder);
  onTestFinished(() => server.stop());
  return server;
}

/** A server started by another process, which says its pid and socket, and stops it when standard input closes. */
export async function startServerElsewhere(
  path: string,
  options?: ScriptOptions,
): Promise<Script & { readonly said: string }> {
  const script = startScript(
    `const { openDataFolder } = await import(store + 'data-folder.ts');
     const { startEmbeddedServer } = await import(store + 'embedded/embedded-server.ts');
     try {
       const folder = await openDataFolder(${JSON.stringify(path)});
       const server = await startEmbeddedServer(folder);
       console.log(server.pid + ' ' + server.socketFolder);
       process.stdin.on('data', () => undefined).on('end', () => server.stop());
     } catch (error) {
       console.log(error.code + ' ' + error.message);
     }`,
    options,
  );
  return { ...script, said: await script.nextLine() };
}

let template: Promise<string> | undefined;

/** A data folder with a cluster that was stopped cleanly: a copy, which is faster than making one. */
export async function folderWithCluster(): Promise<string> {
  template ??= makeTemplate();
  const path = join(await temporaryFolder(), 'data');
  await promisify(execFile)('cp', ['-a', await template, path]);
  return path;
}

/** After the last test of a file that asked for a `folderWithCluster`. */
export async function removeTemplate(): Promise<void> {
  if (template !== undefined) await rm(dirname(await template), { recursive: true, force: true });
}

async function makeTemplate(): Promise<string> {
  const path = join(await mkdtemp('/tmp/reentry-template-'), 'data');
  const folder = await openDataFolder(path);
  const server = await startEmbeddedServer(folder);
  await server.stop();
  await folder.release();
  return path;
}

/** Runs SQL on the server as its owner. */
export async function queryServer<Row extends pg.QueryResultRow>(
  server: Pick<EmbeddedServer, 'socketFolder' | 'port' | 'password'>,
  text: string,
): Promise<readonly Row[]> {
  const client = await connectTo(server, server.password);
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

export async function connectTo(
  { socketFolder, port }: Pick<EmbeddedServer, 'socketFolder' | 'port'>,
  password: string,
): Promise<pg.Client> {
  const client = new pg.Client({
    host: socketFolder,
    port,
    user: ownerName,
    database: databaseName,
    password,
    ssl: false,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Kills the server and every process of its, as the machine's end would. */
export async function killServer(pid: number): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=']);
  const children = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child ?? 0);
  for (const victim of [pid, ...children]) {
    try {
      process.kill(victim, 'SIGKILL');
    } catch (error) {
      // Its children end by themselves once it is gone.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Fields of /proc/<pid>/status. */
export async function processStatus(pid: number): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return new Map(
    text.split('\n').map((line) => [line.split(':')[0] ?? '', (line.split(':')[1] ?? '').trim()]),
  );
}
