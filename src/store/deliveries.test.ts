import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeliveryRow } from '../app/delivery-ports.ts';
import { openTestStore, type TestStore } from './testing/test-store.ts';

let at: TestStore;

beforeAll(async () => {
  at = await openTestStore();
});
afterAll(() => at.close());

function row(changed: Partial<DeliveryRow>): DeliveryRow {
  return {
    host: 'github',
    deliveryId: 'one',
    event: 'push',
    action: null,
    receivedAt: '2026-01-01T00:00:00.000Z',
    outcome: 'stored',
    facts: 1,
    bytes: 25_000_000,
    digest: Buffer.alloc(32, 7),
    detail: null,
    ...changed,
  };
}

test('rows come back as they were written, newest first, each host its own', async () => {
  const { deliveries } = at.store;
  const written = [
    row({ receivedAt: '2026-01-03T00:00:00.000Z', outcome: 'refused', deliveryId: null, event: null }),
    row({ receivedAt: '2026-01-02T00:00:00.000Z', outcome: 'not-understood', detail: 'place: "\u{1F600}"' }),
    row({}),
  ];

  for (const one of [written[1], written[0], written[2]]) await deliveries.add(one as DeliveryRow);
  await deliveries.add(row({ host: 'gitlab' }));

  expect(await deliveries.newest('github', 10)).toEqual(written);
  expect(await deliveries.newest('github', 1)).toEqual(written.slice(0, 1));
  expect(await deliveries.newestSigned('github')).toEqual(written[1]);
  expect(await deliveries.newestSigned('gitlab')).toMatchObject({ host: 'gitlab' });
});

test('only a delivery whose facts are stored is known by its id', async () => {
  const { deliveries } = at.store;
  for (const outcome of ['refused', 'not-understood', 'ignored'] as const)
    await deliveries.add(row({ deliveryId: 'two', outcome, facts: 0 }));

  expect(await deliveries.isStored('github', 'two')).toBe(false);
  await deliveries.add(row({ deliveryId: 'two' }));
  expect(await deliveries.isStored('github', 'two')).toBe(true);
  expect(await deliveries.isStored('gitlab', 'two')).toBe(false);
});

test('what PostgreSQL cannot hold does not stop a line', async () => {
  await at.store.deliveries.add(row({ deliveryId: 'three', detail: 'a\0b\uD800' }));

  expect(await at.sql(`SELECT detail FROM reentry.delivery WHERE delivery_id = 'three'`)).toEqual([
    { detail: 'a\uFFFDb\uFFFD' },
  ]);
});

test.each([
  'UPDATE reentry.delivery SET facts = 0',
  'DELETE FROM reentry.delivery',
  'TRUNCATE reentry.delivery',
])('the server may not run %s', async (statement) => {
  await expect(at.sql(`SET ROLE reentry_app; ${statement}`)).rejects.toMatchObject({ code: '42501' });
});
