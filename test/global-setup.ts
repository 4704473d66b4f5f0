import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDataFolder } from '../src/store/data-folder.ts';
import { startEmbeddedServer } from '../src/store/embedded/embedded-server.ts';
import { databaseName, ownerName } from '../src/store/embedded/settings.ts';

/** One database server for the whole run: TEST_DATABASE_URL, else an embedded one that is gone afterwards. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) {
    project.provide('databaseUrl', given);
    return async () => undefined;
  }
  const path = await mkdtemp(join(tmpdir(), 'reentry-tests-'));
  const folder = await openDataFolder(path);
  const server = await startEmbeddedServer(folder);
  project.provide(
    'databaseUrl',
    `postgres://${ownerName}:${server.password}@/${databaseName}?host=${encodeURIComponent(server.socketFolder)}`,
  );
  return async () => {
    await server.stop();
    await folder.release();
    await rm(path, { recursive: true, force: true });
  };
}
