import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noChanges, timeBars, totalOf } from './time-bars.ts';

const day = fc
  .date({ min: new Date('2005-04-07T00:00:00Z'), max: new Date('2027-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

test('bars touch, hold every change once and stay within their number', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('day' as const, 'week' as const, 'month' as const),
      fc.uniqueArray(day, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 26, max: 200 }),
      (by, days, maxBars) => {
        const buckets = days.map((start, at) => ({
          ...noChanges,
          start: begin(by, start),
          ai: 1,
          human: at,
        }));

        const bars = timeBars({ by, buckets }, maxBars);

        expect(bars.length).toBeLessThanOrEqual(maxBars);
        expect(bars.reduce((sum, bar) => sum + totalOf(bar.counts), 0)).toBe(
          buckets.reduce((sum, bucket) => sum + totalOf(bucket), 0),
        );
        bars.forEach(({ from, to }, at) => {
          expect(from <= to).toBe(true);
          const next = bars[at + 1];
          if (next) expect(Date.parse(next.from) - Date.parse(to)).toBe(86_400_000);
        });
        expect(totalOf(bars[0]?.counts ?? noChanges)).toBeGreaterThan(0);
        expect(totalOf(bars.at(-1)?.counts ?? noChanges)).toBeGreaterThan(0);
      },
    ),
  );
});

test('a bucket is counted in the bar of its days', () => {
  const buckets = [
    { ...noChanges, start: '2025-12-29', ai: 2 },
    { ...noChanges, start: '2026-01-12', human: 3 },
  ];

  expect(timeBars({ by: 'week', buckets }, 10)).toEqual([
    { from: '2025-12-29', to: '2026-01-04', counts: { ...noChanges, ai: 2 } },
    { from: '2026-01-05', to: '2026-01-11', counts: noChanges },
    { from: '2026-01-12', to: '2026-01-18', counts: { ...noChanges, human: 3 } },
  ]);
});

test('nothing gives no bar', () => {
  expect(timeBars({ by: 'week', buckets: [] }, 10)).toEqual([]);
});

/** As the server begins buckets. */
function begin(by: 'day' | 'week' | 'month', text: string): string {
  if (by === 'month') return `${text.slice(0, 7)}-01`;
  const date = new Date(`${text}T00:00:00Z`);
  if (by === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}
