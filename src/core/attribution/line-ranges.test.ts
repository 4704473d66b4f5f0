import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LineRange } from './attribution-record.ts';
import { countLines, intersectRanges, normaliseRanges, subtractRanges, uniteRanges } from './line-ranges.ts';

const anyRange = fc.tuple(fc.integer({ min: -3, max: 60 }), fc.integer({ min: -3, max: 60 }));
const anyRanges = fc.array(anyRange, { maxLength: 20 });

function linesOf(ranges: readonly LineRange[]): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const [start, end] of ranges)
    if (start >= 1) for (let line = start; line <= end; line += 1) lines.add(line);
  return lines;
}

test('normalised ranges hold the same lines, sorted, disjoint and not touching', () => {
  fc.assert(
    fc.property(anyRanges, (ranges) => {
      const normal = normaliseRanges(ranges);

      expect(linesOf(normal)).toEqual(linesOf(ranges));
      expect(countLines(normal)).toBe(linesOf(ranges).size);
      normal.slice(1).forEach(([start], index) => {
        expect(start).toBeGreaterThan((normal[index]?.[1] ?? Number.NaN) + 1);
      });
    }),
  );
});

test('intersection, difference and union agree with sets of lines', () => {
  fc.assert(
    fc.property(anyRanges, anyRanges, (first, second) => {
      const [left, right] = [normaliseRanges(first), normaliseRanges(second)];
      const [a, b] = [linesOf(left), linesOf(right)];

      const both = [...a].filter((line) => b.has(line));
      const only = [...a].filter((line) => !b.has(line));

      expect(linesOf(intersectRanges(left, right))).toEqual(new Set(both));
      expect(linesOf(subtractRanges(left, right))).toEqual(new Set(only));
      expect(linesOf(uniteRanges(first, second))).toEqual(new Set([...a, ...b]));
    }),
  );
});

test('numbers that are no line numbers are left out', () => {
  const odd: LineRange[] = [
    [Number.NaN, 3],
    [1.5, 2],
    [4, Number.POSITIVE_INFINITY],
    [7, 7],
  ];

  expect(normaliseRanges(odd)).toEqual([[7, 7]]);
});
