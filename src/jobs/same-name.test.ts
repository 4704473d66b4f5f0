import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { pausedAfter } from '../../test/support/gated-reader.ts';
import { type OpenBoard, openBoard, until } from '../../test/support/open-board.ts';
import { makeRepository, removeTestFolders } from '../intake/git/testing/make-repository.ts';
import { openRepositoryInThread } from '../intake/git/thread-reader.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing/test-store.ts';
import type { WorkBoardOptions } from './work-board.ts';

let database: TestDatabase;
let opened: OpenBoard | undefined;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  await database.drop();
});
afterAll(removeTestFolders);

/** Path of a repository whose folder is called `shop`, without a remote. */
function shop(...messages: readonly string[]): string {
  const { path } = makeRepository(
    messages.map((name, index) => ({ name, files: { [`${index}.ts`]: `export const a = '${name}';\n` } })),
  );
  const inside = `${path}-holder`;
  mkdirSync(inside);
  renameSync(path, join(inside, 'shop'));
  return join(inside, 'shop');
}

async function open(options: Partial<WorkBoardOptions> = {}) {
  opened = await openBoard(database, { pollSeconds: 600, ...options });
  const { board } = opened;
  const changes = async () => (await board.repositories()).map((one) => [one.path, one.changes] as const);
  return { board, changes };
}

test('another repository of the same name is refused, and the known one is followed on', async () => {
  const [known, other] = [shop('cart', 'checkout'), shop('ledger')];
  const { board, changes } = await open();
  await board.addRepository(known, 'ann');
  await until(changes, ([first]) => first?.[1] === 2);

  await expect(board.addRepository(other, 'ann')).rejects.toMatchObject({ code: 'REPOSITORY_NAME_TAKEN' });

  expect(await changes()).toEqual([[known, 2]]);
});

test('it is refused too while the import of the known one has sealed nothing yet', async () => {
  const [known, other] = [shop('cart', 'checkout'), shop('ledger')];
  const gate = pausedAfter(openRepositoryInThread, 0);
  const { board, changes } = await open({ openRepository: gate.openRepository });
  await board.addRepository(known, 'ann');
  await gate.reached;

  await expect(board.addRepository(other, 'ann')).rejects.toMatchObject({ code: 'REPOSITORY_NAME_TAKEN' });

  gate.open();
  await until(changes, ([first]) => first?.[0] === known && first[1] === 2);
});

test('a repository that was moved is the same one under its new path', async () => {
  const known = shop('cart', 'checkout');
  const { board, changes } = await open();
  await board.addRepository(known, 'ann');
  await until(changes, ([first]) => first?.[1] === 2);
  const moved = join(dirname(known), 'moved', 'shop');
  mkdirSync(dirname(moved));
  renameSync(known, moved);

  const job = await board.addRepository(moved, 'ann');

  expect(job).toMatchObject({ kind: 'import', subject: 'local/shop' });
  expect(await changes()).toEqual([[moved, 2]]);
});
