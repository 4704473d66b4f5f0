import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { serversBelow, signalAll } from './processes.ts';

/** A temporary folder for repositories and data folders; removing it also ends what a failed test left running there. */
export interface Place extends AsyncDisposable {
  readonly path: string;
}

/** Not below TMPDIR: every account, PostgreSQL's among them, may pass here. */
export async function makePlace(): Promise<Place> {
  const path = await mkdtemp('/tmp/reentry-e2e-');
  await chmod(path, 0o755);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      signalAll(await serversBelow(path), 'SIGKILL');
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Gone after the test. */
export async function temporaryPlace(): Promise<string> {
  const place = await makePlace();
  onTestFinished(() => place[Symbol.asyncDispose]());
  return place.path;
}
