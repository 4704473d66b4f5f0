import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CellValues,
  cellOf,
  claimedPairs,
  dayOf,
  foldText,
  scoreBucket,
  searchText,
  wordVariants,
} from './change-columns.ts';

const values: CellValues = {
  repoId: 'github.com/o/r',
  class: 'ai',
  riskBand: 'high',
  kind: 'pull_request',
  attributionLevel: 2,
  hasGaps: false,
  hasContradictions: true,
  hasSession: false,
  agents: ['codex', 'cursor'],
  models: [null, 'gpt-5'],
};

test('changes are in one cell where all values are equal, and in no other', () => {
  const others: readonly Partial<CellValues>[] = [
    { repoId: 'github.com/o/r2' },
    { class: 'mixed' },
    { riskBand: 'low' },
    { kind: 'direct_push' },
    { attributionLevel: null },
    { hasGaps: true },
    { hasContradictions: false },
    { hasSession: true },
    { agents: ['codex","cursor'], models: [null] },
    { agents: ['codex', 'cursor'], models: ['gpt-5', null] },
    { agents: [], models: ['codex', 'cursor', null, 'gpt-5'] },
  ];
  const cells = [values, ...others.map((other) => ({ ...values, ...other }))].map((one) =>
    Buffer.from(cellOf(one)).toString('hex'),
  );

  expect(new Set(cells).size).toBe(cells.length);
  expect(cellOf({ ...values })).toEqual(cellOf(values));
  expect(cellOf(values)).toHaveLength(16);
});

test('a pair that is claimed twice is there once, at its first place, and texts are as they are stored', () => {
  const claims = [
    { agent: 'codex', model: null },
    { agent: 'a\0', model: 'm' },
    { agent: 'codex', model: 'gpt-5' },
    { agent: 'a\uFFFD', model: 'm' },
    { agent: 'codex', model: null },
  ];

  expect(claimedPairs(claims)).toEqual({
    agents: ['codex', 'a\uFFFD', 'codex'],
    models: [null, 'm', 'gpt-5'],
  });
});

test('a score falls into one of twenty buckets of five points', () => {
  expect([0, 4.9, 5, 94.999, 95, 99.9, 100].map(scoreBucket)).toEqual([0, 0, 1, 18, 19, 19, 19]);
  expect([-3, 1e9].map(scoreBucket)).toEqual([0, 19]);
});

test('a day is the number of its date since 1970, whatever the time of day', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      expect(dayOf(`${date.toISOString().slice(0, 19)}Z`)).toBe(Math.floor(date.getTime() / 86_400_000));
    }),
  );
  expect(['', '0999-01-01T', '2024-13-01T', '2024-02-00T', '2024-1-1T', ' 2024-01-01T'].map(dayOf)).toEqual(
    Array.from({ length: 6 }, () => null),
  );
});

test('what is searched is title and name in lower case, cut at whole characters', () => {
  expect(searchText('Fix THE Ümlaut\0', 'Ada')).toBe('fix the Ümlaut\uFFFD\nada');
  expect(searchText('🦀'.repeat(300), '')).toBe(`${'🦀'.repeat(256)}\n`);
  expect(searchText('x'.repeat(300), 'N'.repeat(200))).toBe(`${'x'.repeat(256)}\n${'n'.repeat(100)}`);
});

test('a word is found however its letters were capitalised, as long as all or the first of them were', () => {
  for (const written of ['Übung', 'übung', 'ÜBUNG']) {
    for (const wanted of ['Übung', 'übung', 'ÜBUNG']) {
      expect(wordVariants(wanted)).toContain(foldText(written));
    }
  }
  expect(wordVariants('ReTry')).toEqual(['retry']);
});
