import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  areaUnderCurve,
  brierSkill,
  calibrationError,
  caughtAt,
  precisionRecallArea,
  stratifiedAuc,
} from './metrics.ts';

test('the AUC is the share of pairs in the right order, ties counting half', () => {
  const scored = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), {
    minLength: 2,
    maxLength: 40,
  });

  fc.assert(
    fc.property(scored, (rows) => {
      const positives = rows.filter(([, label]) => label);
      const negatives = rows.filter(([, label]) => !label);
      fc.pre(positives.length > 0 && negatives.length > 0);
      const won = positives.flatMap(([a]) => negatives.map(([b]): number => (a > b ? 1 : a === b ? 0.5 : 0)));

      const auc = areaUnderCurve({
        scores: rows.map(([score]) => score),
        labels: rows.map(([, label]) => label),
      });

      expect(auc).toBeCloseTo(won.reduce((sum, one) => sum + one, 0) / won.length, 10);
    }),
  );
});

test('size alone is worth nothing inside strata of one size', () => {
  const sizes = Array.from({ length: 40 }, (_, at) => Math.floor(at / 4));
  const labels = sizes.map((size, at) => size > 4 || at % 4 === 0);

  expect(areaUnderCurve({ scores: sizes, labels })).toBeGreaterThan(0.7);
  expect(stratifiedAuc({ scores: sizes, labels }, sizes)).toBe(0.5);
});

test('the other measures agree with values worked out by hand', () => {
  const scored = { scores: [0.9, 0.8, 0.3, 0.1], labels: [true, false, true, false] };

  expect(precisionRecallArea(scored)).toBeCloseTo((1 + 2 / 3) / 2, 10);
  expect(caughtAt(scored, 0.5)).toBe(0.5);
  expect(calibrationError(scored, 2)).toBeCloseTo((Math.abs(0.4 - 1) + Math.abs(1.7 - 1)) / 4, 10);
  expect(brierSkill(scored)).toBeCloseTo(1 - (0.01 + 0.64 + 0.49 + 0.01) / 4 / 0.25, 10);
});
