import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { RollUpCounter, type RollUps } from '../core/change/roll-ups.ts';
import { migrations } from './migrations/all.ts';
import { migrate } from './migrations/migrate.ts';
import { openStore } from './open-store.ts';
import { anyChanges } from './testing/any-changes.ts';
import { type ChangeRows, changeRows } from './testing/change-rows.ts';
import { collect } from './testing/entries.ts';

import { createTestDatabase, openTestStore } from './testing/test-store.ts';

const at = await openTestStore();
const { projections } = at.store;

afterAll(() => at.close());
beforeEach(() => projections.dropProjections());

/** Counted anew from every row. */
async function recounted(store: Pick<typeof at.store, 'projections'> = at.store): Promise<RollUps> {
  const counter = new RollUpCounter();
  for (const row of await collect(store.projections.allChanges())) counter.count(counter.place(row));
  return sorted(counter.rollUps);
}

function sorted({ cells, scores, days }: RollUps): RollUps {
  const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return { cells: cells.toSorted(byText), scores: scores.toSorted(byText), days: days.toSorted(byText) };
}

const stored = async () => sorted(await projections.rollUps());

function upsert(changes: readonly ChangeRows[]): Promise<void> {
  return projections.transaction((tx) => tx.upsertChanges(changes.map(({ row }) => row)));
}

test('after any sequence of batches, repeated or changed, the roll-ups are what a recount gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyChanges(15), { minLength: 2, maxLength: 6 }), async (batches) => {
      await projections.dropProjections();
      for (const batch of batches) {
        await upsert(batch);
        await upsert(batch.slice(0, 3));
        expect(await stored()).toEqual(await recounted());
      }
    }),
    { numRuns: 25 },
  );
});

test('a transaction that fails leaves the roll-ups as they were', async () => {
  await upsert([changeRows({})]);
  const before = await stored();

  const failing = projections.transaction(async (tx) => {
    await tx.upsertChanges([changeRows({ class: 'ai' }).row, changeRows({ changeId: 'pr/2' }).row]);
    throw new Error('stop');
  });

  await expect(failing).rejects.toThrow('stop');
  expect(await stored()).toEqual(before);
});

test('transactions that replace the same changes at the same time count each of them once', async () => {
  const versions = ['human', 'ai', 'mixed', 'unknown'].map((name) =>
    Array.from({ length: 30 }, (_, index) =>
      changeRows({ changeId: `pr/${index}`, ordinal: index, class: name }),
    ),
  );

  await Promise.all([...versions, ...versions].map(upsert));

  expect(await stored()).toEqual(await recounted());
  expect((await projections.rollUps()).cells.map(({ changes }) => changes)).toEqual([30]);
});

test('more rows than one statement takes are counted, also where a change comes twice among them', async () => {
  const many = Array.from({ length: 1_200 }, (_, index) =>
    changeRows({ changeId: `pr/${index % 1_100}`, ordinal: index % 1_100, riskScore: index % 100 }),
  );

  await upsert(many);

  expect(await stored()).toEqual(await recounted());
  expect((await projections.rollUps()).cells.map(({ changes }) => changes)).toEqual([1_100]);
});

test('dropping the projections empties the roll-ups, and the same rows give the same again', async () => {
  const [changes = []] = fc.sample(anyChanges(40), { numRuns: 1, seed: 7 });
  await upsert(changes);
  const before = await stored();

  await projections.dropProjections();
  const dropped = await stored();
  await upsert(changes);

  expect(dropped).toEqual({ cells: [], scores: [], days: [] });
  expect(await stored()).toEqual(before);
});

test('a database from before has, once it is migrated, the columns and roll-ups that deriving gives', async () => {
  const old = await createTestDatabase();
  try {
    const [changes = []] = fc.sample(anyChanges(60), { numRuns: 1, seed: 11 });
    const strange = [
      changeRows({ changeId: 'x', ordinal: 100, mergedAt: 'no time at all', title: '🦀'.repeat(300) }),
      changeRows(
        {
          changeId: 'y',
          ordinal: 101,
          mergedAt: '1000-01-01T00:00:00Z',
          authorName: 'Ünal ÇELİK\n"\\\t\u0001\u007f\u2028',
        },
        [
          { agent: '"\\\b\f\n\r\t\u0001\u007f\u2028é🦀', model: '{},"NULL"', sessionId: null },
          { agent: 'NULL', model: null, sessionId: 's' },
          { agent: '', model: '', sessionId: 's' },
        ],
      ),
    ];
    const all = [...changes, ...strange];
    await upsert(all);
    await projections.transaction((tx) =>
      tx.replaceClaims(
        [],
        all.flatMap(({ claims }) => claims),
      ),
    );
    const expected = { rows: await collect(projections.allChanges()), rollUps: await stored() };
    const client = new pg.Client({ connectionString: old.databaseUrl });
    await client.connect();
    await migrate(client, migrations.slice(0, 2));
    for (const table of ['change', 'claim']) {
      const names = await old.sql<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'reentry' AND table_name = $1`,
        [table],
      );
      const columns = names.map(({ name }) => name).join(', ');
      const [{ rows = '[]' } = {}] = await at.sql<{ rows: string }>(
        `SELECT json_agg(one)::text AS rows FROM (SELECT ${columns} FROM reentry.${table}) AS one`,
      );
      await client.query(
        `INSERT INTO reentry.${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::reentry.${table}, $1)`,
        [rows],
      );
    }
    await client.end();

    const store = await openStore({ dataFolder: old.dataFolder, databaseUrl: old.databaseUrl });
    const migrated = {
      rows: await collect(store.projections.allChanges()),
      rollUps: sorted(await store.projections.rollUps()),
    };
    await store.close();

    expect(migrated.rows).toEqual(expected.rows);
    expect(migrated.rollUps).toEqual(expected.rollUps);
  } finally {
    await old.drop();
  }
});
