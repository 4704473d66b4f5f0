import { expect, test } from 'vitest';
import { count, plural, utcMinute } from './sentence-parts.ts';

test('numbers are grouped by thousands in every locale', () => {
  expect([0, 999, 1000, 1234567, 12345678901234567890n].map(count)).toEqual([
    '0',
    '999',
    '1,000',
    '1,234,567',
    '12,345,678,901,234,567,890',
  ]);
});

test('one of a thing is singular', () => {
  expect([plural(0, 'change'), plural(1, 'change'), plural(2_797, 'entry', 'entries')]).toEqual([
    '0 changes',
    '1 change',
    '2,797 entries',
  ]);
});

test('a moment is said in UTC and names it, whatever zone it was written in', () => {
  expect(['2026-11-24T13:12:15.939Z', '2026-01-01T00:30:00+02:00'].map(utcMinute)).toEqual([
    '2026-11-24 13:12 UTC',
    '2025-12-31 22:30 UTC',
  ]);
});
