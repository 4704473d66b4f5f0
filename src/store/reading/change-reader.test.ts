import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { ParsedQuery } from '../../contract/api.ts';
import type { ChangeFilter, ChangeList, ChangeListItem } from '../../contract/changes.ts';
import { anyChanges, anyFilter } from '../testing/any-changes.ts';
import { type ChangeRows, changeRows } from '../testing/change-rows.ts';
import { collect } from '../testing/entries.ts';
import {
  byClass,
  counted,
  distributionOf,
  facetsOf,
  inOrder,
  timelineOf,
} from '../testing/expected-reading.ts';
import { agentsOf, isSelected, listItem, modelsOf } from '../testing/filter-changes.ts';
import { openTestStore } from '../testing/test-store.ts';

const at = await openTestStore();
const { changes: reader, projections } = at.store;

afterAll(() => at.close());
beforeEach(() => projections.dropProjections());

type ListQuery = ParsedQuery<'listChanges'>;

async function store(changes: readonly ChangeRows[]): Promise<void> {
  await projections.dropProjections();
  await projections.transaction(async (tx) => {
    await tx.upsertChanges(changes.map(({ row }) => row));
    await tx.replaceClaims(
      [],
      changes.flatMap(({ claims }) => claims),
    );
  });
}

const anyOrder = fc.record({
  sort: fc.constantFrom('merged', 'risk', 'size'),
  order: fc.constantFrom('asc', 'desc'),
}) as fc.Arbitrary<Pick<ListQuery, 'sort' | 'order'>>;

test('lists, facets, charts and exports under any filters are what looking at every change gives', async () => {
  const anyQuery = fc.record({ filter: anyFilter, order: anyOrder, limit: fc.integer({ min: 1, max: 30 }) });
  await fc.assert(
    fc.asyncProperty(
      anyChanges(40),
      fc.array(anyQuery, { minLength: 6, maxLength: 6 }),
      async (changes, queries) => {
        await store(changes);
        for (const { filter, order, limit } of queries) {
          const selected = changes.filter((one) => isSelected(one, filter));
          const sorted = inOrder(selected, order).map(listItem);

          const list = await reader.list({ ...filter, ...order, limit });

          expect(list).toMatchObject({
            items: sorted.slice(0, limit),
            total: sorted.length,
            offset: 0,
            previous: null,
          });
          expect(list.next === null).toBe(sorted.length <= limit);
          expect(await reader.facets(filter)).toEqual(facetsOf(changes, filter));
          expect(await reader.distribution(filter)).toEqual(distributionOf(selected));
          for (const by of ['day', 'week', 'month'] as const)
            expect(await reader.timeline(filter, by)).toEqual(timelineOf(selected, by));
          expect(await collect(reader.export({ ...filter, ...order }))).toEqual(sorted);
        }
      },
    ),
    { numRuns: 25 },
  );
});

async function follow(
  query: ListQuery,
  link: 'next' | 'previous',
  from: ChangeList,
): Promise<readonly ChangeList[]> {
  const lists = [from];
  for (let cursor = from[link]; cursor !== null; ) {
    const list = await reader.list({ ...query, cursor });
    lists.push(list);
    cursor = list[link];
  }
  return lists;
}

test('pages show every change once, in order, forwards and backwards, also where all keys are equal', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyChanges(25),
      anyOrder,
      fc.integer({ min: 1, max: 9 }),
      fc.record({ class: fc.constantFrom(['ai', 'mixed'], undefined), q: fc.constantFrom('fix', undefined) }),
      async (changes, order, limit, filter) => {
        await store(changes);
        const query = { ...order, limit, ...filter } as ListQuery;
        const selected = changes.filter((one) => isSelected(one, query));
        const sorted = inOrder(selected, order).map(listItem);

        const forwards = await follow(query, 'next', await reader.list(query));
        const last = forwards.at(-1);
        const backwards = last ? await follow(query, 'previous', last) : [];

        expect(forwards.flatMap(({ items }) => items)).toEqual(sorted);
        expect(backwards.toReversed().flatMap(({ items }) => items)).toEqual(sorted);
        expect(forwards.map(({ offset }) => offset)).toEqual(forwards.map((_, index) => index * limit));
        expect(backwards.toReversed()).toMatchObject(
          forwards.map(({ offset, total }) => ({ offset, total })),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test('changes that arrive between two pages move nothing that was shown, and are counted', async () => {
  const made = (ordinal: number, mergedAt: string) =>
    changeRows({ ordinal, changeId: `pr/${ordinal}`, mergedAt: `${mergedAt}T00:00:00Z` });
  await store([made(0, '2024-01-01'), made(1, '2024-01-02'), made(2, '2024-01-03')]);
  const query: ListQuery = { sort: 'merged', order: 'desc', limit: 2 };
  const first = await reader.list(query);

  await projections.transaction((tx) => tx.upsertChanges([made(3, '2024-01-04').row]));
  const second = await reader.list({ ...query, cursor: first.next ?? '' });

  expect(second.items.map(({ changeId }) => changeId)).toEqual(['pr/0']);
  expect(second).toMatchObject({ total: 4, offset: 3, next: null });
});

test('a filter value is text whatever it holds: nothing it says is an error or a pattern', async () => {
  await store([changeRows({ title: '50% of a_b \\ (done)' }, [{ agent: 'codex', model: 'm' }])]);
  const hostile = [
    '\0',
    '\uD800',
    '%',
    '_',
    '\\',
    "'; DROP TABLE x; --",
    '{"',
    '$1',
    ':*&|!',
    '\u202E',
    'x '.repeat(500),
  ];

  for (const value of [
    ...hostile,
    'y'.repeat(1_000),
    ' '.repeat(1_000),
    '#99999999999999999999',
    '#',
    '#-1',
    'f'.repeat(999),
  ]) {
    const filters: readonly ChangeFilter[] = [
      { q: value },
      { repo: [value] },
      { agent: [value] },
      { model: [value, value] },
    ];
    for (const filter of filters) {
      const { total } = await reader.list({ ...filter, sort: 'risk', order: 'asc', limit: 3 });
      expect(total).toBe(
        filter.q !== undefined && ['%', '_', '\\', ' '.repeat(1_000)].includes(value) ? 1 : 0,
      );
      expect((await reader.facets(filter)).total).toBe(total);
      await reader.timeline(filter, 'week');
      await reader.distribution(filter);
    }
    expect(await reader.find(value, value)).toBeUndefined();
    expect(await reader.records(value, value)).toEqual([]);
    expect(await reader.neighbours(value, value)).toEqual({ older: null, newer: null });
  }
});

test('a cursor that no list gave, or a list in another order, is refused', async () => {
  await store([changeRows({ changeId: 'a' }), changeRows({ changeId: 'b', ordinal: 1 })]);
  const query: ListQuery = { sort: 'risk', order: 'desc', limit: 1 };
  const { next } = await reader.list(query);
  const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const wrong = [
    ...['', '!', 'null', '\0', made(null), made({}), made([]), made(['risk', 'desc', 'after', 'x', 1])],
    made(['risk', 'desc', 'after', 1, 1.5]),
    made(['risk', 'desc', 'between', 1, 1]),
    made(['risk', 'desc', 'after', 1, 1, 1]),
    made(['risk', 'desc', 'after', null, 1]),
  ];

  expect((await reader.list({ ...query, cursor: next ?? '' })).items).toHaveLength(1);
  for (const cursor of wrong)
    await expect(reader.list({ ...query, cursor })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  for (const other of [{ sort: 'size' }, { sort: 'merged' }, { order: 'asc' }] as const)
    await expect(reader.list({ ...query, ...other, cursor: next ?? '' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  const strange = made(['merged', 'desc', 'after', '\uD800\0', -1]);
  expect(
    (await reader.list({ sort: 'merged', order: 'desc', limit: 1, cursor: strange })).items,
  ).toHaveLength(1);
});

test('a facet shows its hundred most frequent values', async () => {
  const changes = Array.from({ length: 150 }, (_, index) =>
    changeRows({ changeId: `pr/${index}`, ordinal: index }, [{ agent: `agent-${index % 120}` }]),
  );
  await store(changes);

  const { agent } = await reader.facets({});

  expect(agent).toEqual(counted(changes.flatMap(({ claims }) => agentsOf(claims))).slice(0, 100));
});

test('an export of many pages gives each change once', async () => {
  const changes = Array.from({ length: 2_100 }, (_, index) =>
    changeRows({
      changeId: `pr/${index}`,
      ordinal: index,
      riskScore: index % 7,
      class: index % 3 ? 'ai' : 'human',
    }),
  );
  await store(changes);

  const pages: (readonly ChangeListItem[])[] = [];
  for await (const page of reader.export({ sort: 'risk', order: 'desc', class: ['ai'] })) pages.push(page);

  expect(pages.map(({ length }) => length)).toEqual([1_000, 400]);
  const selected = changes.filter(({ row }) => row.class === 'ai');
  expect(pages.flat()).toEqual(inOrder(selected, { sort: 'risk', order: 'desc' }).map(listItem));
});

test('changes that lie far from where a page begins are on it like any others', async () => {
  const changes = Array.from({ length: 2_100 }, (_, index) =>
    changeRows({
      changeId: `pr/${index}`,
      ordinal: index,
      mergedAt: new Date(Date.UTC(2024, 0, 1, index)).toISOString(),
      class: index < 600 ? 'ai' : 'human',
    }),
  );
  await store(changes);
  const selected = changes.filter(({ row }) => row.class === 'ai');

  for (const order of ['desc', 'asc'] as const) {
    const query: ListQuery = { sort: 'merged', order, limit: 200, class: ['ai'] };
    const pages = await follow(query, 'next', await reader.list(query));

    expect(pages.map(({ total, offset }) => [total, offset])).toEqual([
      [600, 0],
      [600, 200],
      [600, 400],
    ]);
    expect(pages.flatMap(({ items }) => items)).toEqual(inOrder(selected, query).map(listItem));
  }
});

test('one change is found with its records, newest first, and its neighbours on the first-parent line', async () => {
  const changes = ['a', 'b', 'c'].map((changeId, ordinal) =>
    changeRows({ changeId, ordinal, title: `Title ${changeId}` }),
  );
  await store([...changes, changeRows({ repoId: 'other', changeId: 'z', ordinal: 3 })]);
  const record = {
    repoId: 'github.com/o/r',
    changeId: 'b',
    factSeq: 5,
    statementDigest: Buffer.alloc(32, 7),
  };
  await projections.transaction((tx) =>
    tx.insertEvidenceRecords([
      { ...record, evidenceSeq: 1, reason: 'merged' },
      { ...record, evidenceSeq: 4, factSeq: 9, reason: 'learned-later' },
    ]),
  );

  expect(await reader.find('github.com/o/r', 'b')).toEqual(changes[1] && listItem(changes[1]));
  expect(await reader.records('github.com/o/r', 'b')).toEqual([
    { evidenceSeq: 4, factSeq: 9, reason: 'learned-later', statementDigest: record.statementDigest },
    { evidenceSeq: 1, factSeq: 5, reason: 'merged', statementDigest: record.statementDigest },
  ]);
  expect(await reader.neighbours('github.com/o/r', 'b')).toEqual({
    older: { changeId: 'a', title: 'Title a' },
    newer: { changeId: 'c', title: 'Title c' },
  });
  expect(await reader.neighbours('github.com/o/r', 'c')).toMatchObject({
    older: { changeId: 'b' },
    newer: null,
  });
});

test('the overview counts what looking at every change counts', async () => {
  await fc.assert(
    fc.asyncProperty(anyChanges(40), async (changes) => {
      await store(changes);
      const times = changes.map(({ row }) => row.mergedAt).toSorted();
      const count = (holds: (change: ChangeRows) => boolean) => changes.filter(holds).length;
      const band = (name: string) => count(({ row }) => row.riskBand === name);

      const { changes: totals, agents, timeline, distribution } = await reader.overview();

      expect(totals).toEqual({
        total: changes.length,
        oldest: times[0] ?? null,
        newest: times.at(-1) ?? null,
        byClass: byClass(changes),
        byBand: { low: band('low'), medium: band('medium'), high: band('high'), critical: band('critical') },
        byLevel: [...Map.groupBy(changes, ({ row }) => row.attributionLevel)]
          .map(([level, some]) => ({ level, changes: some.length }))
          .toSorted((a, b) => (a.level ?? -1) - (b.level ?? -1)),
        withSession: count(({ claims }) => claims.some(({ sessionId }) => sessionId !== null)),
        withModel: count(({ claims }) => modelsOf(claims).length > 0),
        withGaps: count(({ row }) => row.gaps > 0),
        withContradictions: count(({ row }) => row.contradictions > 0),
      });
      expect(agents).toEqual(
        counted(changes.flatMap(({ claims }) => agentsOf(claims))).map(({ value: agent, changes: of }) => ({
          agent,
          changes: of,
          models: counted(
            changes.flatMap(({ claims }) =>
              modelsOf(claims.filter((claim) => agentsOf([claim])[0] === agent)),
            ),
          ).map(({ value, changes: withModel }) => ({ model: value, changes: withModel })),
        })),
      );
      expect(timeline).toEqual(timelineOf(changes, 'week'));
      expect(distribution).toEqual(distributionOf(changes));
    }),
    { numRuns: 15 },
  );
});

test('the overview shows a history of more than two years of weeks by months', async () => {
  const weekly = (weeks: number) =>
    Array.from({ length: weeks }, (_, index) =>
      changeRows({
        changeId: `pr/${index}`,
        ordinal: index,
        mergedAt: new Date(Date.UTC(2022, 0, 3 + 7 * index)).toISOString(),
      }),
    );

  await store(weekly(104));
  expect((await reader.overview()).timeline.by).toBe('week');
  await store(weekly(105));
  expect((await reader.overview()).timeline).toEqual(timelineOf(weekly(105), 'month'));
});

test('the riskiest are the five highest agent-made ones of the ninety days up to the newest of them', async () => {
  const made = (ordinal: number, day: string, riskScore: number, actorClass: string) =>
    changeRows({
      changeId: `pr/${ordinal}`,
      ordinal,
      mergedAt: `${day}T00:00:00Z`,
      riskScore,
      class: actorClass,
    });
  await store([
    made(0, '2024-03-01', 99, 'ai'),
    made(1, '2024-03-02', 70, 'ai'),
    made(2, '2024-04-01', 50, 'mixed'),
    made(3, '2024-05-01', 50, 'ai'),
    made(4, '2024-05-02', 98, 'human'),
    made(5, '2024-05-02', 97, 'unknown'),
    made(6, '2024-05-30', 20, 'ai'),
    made(7, '2024-05-30', 10, 'mixed'),
    made(8, '2024-05-30', 5, 'ai'),
    made(9, '2025-01-01', 100, 'human'),
  ]);

  const { riskiest } = await reader.overview();

  // 2024-03-01 is the ninety-first day.
  expect(riskiest.map(({ changeId }) => changeId)).toEqual(['pr/1', 'pr/3', 'pr/2', 'pr/6', 'pr/7']);
});
