import { expect, test } from 'vitest';
import { exact, fromNow, relative } from './time-words.ts';

const now = Date.parse('2026-11-24T12:00:00Z');

test('a distance is told in the largest unit that fits', () => {
  expect(relative(59_999)).toBe('59 seconds');
  expect(relative(3_600_000)).toBe('1 hour');
  expect(relative(-86_400_000 * 3)).toBe('3 days');
});

test('past and future differ', () => {
  expect(fromNow(new Date(now - 120_000), now)).toBe('2 minutes ago');
  expect(fromNow(new Date(now + 7_200_000), now)).toBe('in 2 hours');
  expect(fromNow(new Date(now - 900), now)).toBe('just now');
});

test('an exact time names its zone', () => {
  expect(exact(new Date(now))).toMatch(/^2026-11-2\d \d\d:\d\d:\d\d UTC([+−]\d+(:\d\d)?)?$/);
});
