import { afterAll, expect, test } from 'vitest';
import { newEntry } from '../testing/entries.ts';
import { openTestStore } from '../testing/test-store.ts';

const at = await openTestStore();
const { entries, ledger } = at.store;

afterAll(() => at.close());

test('an entry is read with salt and payload, without them once it is erased, and not beyond the end', async () => {
  const given = [newEntry({}), newEntry({})];
  await ledger.append('events', given);
  await at.sql(`UPDATE reentry.log_payload SET salt = NULL, payload = NULL WHERE log = 'events' AND seq = 1`);

  const [first, second] = [await entries.sealed('events', 0), await entries.sealed('events', 1)];

  expect(first).toMatchObject({ seq: 0, salt: given[0]?.salt, payload: given[0]?.payload });
  expect(first?.entry).toHaveLength(58);
  expect(second).toMatchObject({ seq: 1, salt: null, payload: null });
  expect(second?.entry).toHaveLength(58);
  expect(await entries.sealed('events', 2)).toBeUndefined();
  expect(await entries.sealed('evidence', 0)).toBeUndefined();
  expect(await entries.sealed('events', Number.MAX_SAFE_INTEGER)).toBeUndefined();
});

test('checkpoints come largest first, and the smallest one that covers an entry is found', async () => {
  const root = Buffer.alloc(32, 1);
  const sizes = [1, 4, 9];
  for (const [index, size] of sizes.entries())
    await ledger.insertCheckpoint('events', { size, root, note: `note ${size}` }, sizes[index - 1] ?? -1);
  const shown = async (before: number | undefined, limit: number) =>
    (await entries.checkpointsBefore('events', before, limit)).map(({ size, previousSize }) => [
      size,
      previousSize,
    ]);

  expect(await shown(undefined, 2)).toEqual([
    [9, 4],
    [4, 1],
  ]);
  expect(await shown(4, 5)).toEqual([[1, -1]]);
  expect(await shown(1, 5)).toEqual([]);
  expect(await entries.firstCovering('events', 0)).toEqual({ size: 1, root, note: 'note 1' });
  expect(await entries.firstCovering('events', 1)).toMatchObject({ size: 4 });
  expect(await entries.firstCovering('events', 8)).toMatchObject({ size: 9 });
  expect(await entries.firstCovering('events', 9)).toBeUndefined();
  expect(await entries.checkpointsBefore('evidence', undefined, 5)).toEqual([]);
});
