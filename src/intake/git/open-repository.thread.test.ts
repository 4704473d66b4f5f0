import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { RepositoryReader } from '../../app/ports.ts';
import { mentionsAgent } from '../../core/attribution/agent-mention.ts';
import type { ObservedChange } from '../../core/change/observed-change.ts';
import { createChangeReplay } from '../../core/risk/replay.ts';
import { lookAtRepository } from './look-at-repository.ts';
import { openRepository } from './open-repository.ts';
import { makeFolder, makeRepository, removeTestFolders } from './testing/make-repository.ts';
import { openRepositoryInThread } from './thread-reader.ts';

let temporary: string;
const before = process.env.TMPDIR;

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'reentry-thread-'));
  process.env.TMPDIR = temporary;
});
afterEach(() => {
  // Readers make their folders there, and remove them when they are closed.
  const left = readdirSync(temporary);
  rmSync(temporary, { recursive: true });
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  expect(left).toEqual([]);
  expect(threads()).toBe(0);
});
afterAll(removeTestFolders);

function threads(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length - idlePorts;
}

// The test runner has some itself.
const idlePorts = process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length;

const many = makeRepositoryOf(500);

function makeRepositoryOf(commits: number) {
  return makeRepository(
    Array.from({ length: commits }, (_, index) => ({
      name: `commit ${index}`,
      message: `commit ${index}\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n`,
      files: { [`file-${index % 7}.ts`]: `export const value = ${index};\n`.repeat(1 + (index % 5)) },
    })),
  );
}

async function collect(reader: RepositoryReader) {
  const changes: ObservedChange[] = [];
  const progress: (readonly [number, number])[] = [];
  for await (const change of reader.changes({ onProgress: (...told) => progress.push(told) }))
    changes.push(change);
  return { changes, progress };
}

test('a thread reads what a reader in this thread reads, and tells its progress', async () => {
  const direct = await openRepository(many.path, { replay: createChangeReplay(), mentionsAgent });
  const threaded = await openRepositoryInThread(many.path);

  const [expected, found] = [await collect(direct), await collect(threaded)];
  const states = [await direct.describe(), await threaded.describe()];
  const running = threads();
  await Promise.all([direct.close(), threaded.close()]);

  expect(found.changes).toEqual(expected.changes);
  expect(found.changes).toHaveLength(500);
  expect(found.progress[0]?.[1]).toBe(500);
  expect(states[1]).toEqual(states[0]);
  expect(running).toBeGreaterThan(0);
});

test('a look sees the digest, branch and head that a reader describes', async () => {
  const reader = await openRepositoryInThread(many.path);
  const { ref, targetBranch, headSha, refsDigest } = await reader.describe();
  await reader.close();

  expect(await lookAtRepository(many.path)).toEqual({
    path: many.path,
    ref,
    targetBranch,
    headSha,
    refsDigest,
  });
});

test('a failure arrives with its code, its details and what to do', async () => {
  const path = makeFolder();
  rmSync(path, { recursive: true });

  await expect(openRepositoryInThread(path)).rejects.toMatchObject({
    name: 'AppError',
    code: 'NOT_A_REPOSITORY',
    details: { path },
    action: expect.stringContaining('Give the path'),
  });
});

test('a failure while reading arrives too', async () => {
  const reader = await openRepositoryInThread(many.path);

  const reading = reader.changes({ head: 'no-such-branch' })[Symbol.asyncIterator]().next();

  await expect(reading).rejects.toMatchObject({ code: 'REVISION_UNKNOWN' });
  await reader.close();
});

test('an abort ends the reading with its reason', async () => {
  const reader = await openRepositoryInThread(many.path);
  const controller = new AbortController();
  const changes = reader.changes({ signal: controller.signal })[Symbol.asyncIterator]();
  await changes.next();

  const rest = (async () => {
    for (;;) if ((await changes.next()).done) return 'ended';
  })();
  controller.abort(new Error('enough'));

  await expect(rest).rejects.toThrow('enough');
  await reader.close();
});

test('whoever stops in the middle leaves nothing behind', async () => {
  const reader = await openRepositoryInThread(many.path);

  for await (const change of reader.changes({})) if (change.files.length > 0) break;
  await reader.close();
  await reader.close();

  await expect(reader.changes({})[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('a reader that is closed while it reads ends whoever waits for it', async () => {
  const reader = await openRepositoryInThread(many.path);
  const changes = reader.changes({})[Symbol.asyncIterator]();
  await changes.next();

  await reader.close();

  await expect(
    (async () => {
      for (;;) if ((await changes.next()).done) return;
    })(),
  ).rejects.toBeInstanceOf(Error);
});
