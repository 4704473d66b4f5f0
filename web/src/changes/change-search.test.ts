import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChangeFilter, ChangeListQuery } from '../../../src/contract/changes.ts';
import { parseSearch, readChangesSearch } from '../route-search.ts';
import { activeFilters, changesHref, filterQuery, listQuery, withSearch } from './change-search.ts';

const names = [
  'q',
  'repo',
  'class',
  'band',
  'agent',
  'model',
  'level',
  'kind',
  'from',
  'to',
  'gaps',
  'sort',
  'order',
];
const values = ['human', 'true', '0', '2026-02-31', '2026-02-28', 'asc', 'risk', 'low', 'x'.repeat(2_000)];
const anyAddress = fc
  .array(
    fc.tuple(
      fc.constantFrom(...names, 'contradictions', 'cursor', '__proto__', 'more'),
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...values)),
    ),
    { maxLength: 120 },
  )
  .map(
    (pairs) =>
      `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')}`,
  );

test('any address gives a query that the server takes, and is written and read again without a change', () => {
  fc.assert(
    fc.property(anyAddress, (address) => {
      const search = readChangesSearch(parseSearch(address));

      expect(ChangeListQuery.safeParse(listQuery(search)).success).toBe(true);
      expect(ChangeFilter.safeParse(filterQuery(search)).success).toBe(true);
      const written = changesHref(search).replace('/changes', '');
      expect(readChangesSearch(parseSearch(written))).toEqual(search);
    }),
  );
});

test('each active filter can be taken away alone, and the page begins anew', () => {
  const search = readChangesSearch(
    parseSearch('?q=fix&class=ai&class=mixed&gaps=true&from=2026-01-01&cursor=x'),
  );

  const active = activeFilters(search);

  expect(active.map(({ name, value }) => [name, value])).toEqual([
    ['q', 'fix'],
    ['from', '2026-01-01'],
    ['gaps', 'true'],
    ['class', 'ai'],
    ['class', 'mixed'],
  ]);
  for (const { without } of active) {
    expect(activeFilters(without)).toHaveLength(4);
    expect(without.cursor).toBeUndefined();
  }
});

test('the usual order is left out of the address', () => {
  expect(withSearch({ sort: 'risk' }, { sort: 'merged', order: 'desc' })).toEqual({});
  expect(withSearch({}, { sort: 'size', order: 'asc' })).toEqual({ sort: 'size', order: 'asc' });
});
