import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barParts, classOutlines, scaleMarks } from './stacked-bars.ts';

test('a scale is in whole steps that people count in, and reaches the largest bar', () => {
  expect(scaleMarks(0, 4)).toEqual([0, 1]);
  expect(scaleMarks(3, 4)).toEqual([0, 1, 2, 3]);
  expect(scaleMarks(17, 4)).toEqual([0, 5, 10, 15, 20]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 8 }), (max, count) => {
      const marks = scaleMarks(max, count);

      expect(marks.length).toBeLessThanOrEqual(count + 1);
      expect(marks.at(-1)).toBeGreaterThanOrEqual(max);
      expect(marks.every(Number.isInteger)).toBe(true);
    }),
  );
});

test('each class that has changes is seen, inside of the plot, without gaps or overlaps', () => {
  const count = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(fc.record({ human: count, ai: count, mixed: count, unknown: count }), (counts) => {
      const total = counts.human + counts.ai + counts.mixed + counts.unknown;

      const parts = barParts(counts, Math.max(1, total), 120);

      expect(parts).toHaveLength(Object.values(counts).filter((changes) => changes > 0).length);
      let bottom = 120;
      for (const { y, height } of parts) {
        expect(height).toBeGreaterThan(0.9);
        expect(y + height).toBeCloseTo(bottom);
        bottom = y;
      }
      expect(bottom).toBeGreaterThan(-0.001);
    }),
  );
});

test('each class has one outline, with a box for every bar that has any of it', () => {
  const none = { human: 0, ai: 0, mixed: 0, unknown: 0 };

  const outlines = classOutlines([{ ...none, ai: 1 }, { ...none, ai: 1, human: 3 }, none], 4, 100);

  expect(outlines).toEqual({
    ai: 'M0.08 75.00h.84v25.00h-.84zM1.08 75.00h.84v25.00h-.84z',
    human: 'M1.08 0.00h.84v75.00h-.84z',
    mixed: '',
    unknown: '',
  });
});
