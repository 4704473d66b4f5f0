import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binOf, fitAdditive } from './fit-additive.ts';

const options = { rounds: 60, learningRate: 0.2, l2: 1, minHessian: 1, maxBins: 16 };

function rowsOf(labels: readonly number[], groups: readonly number[] = labels.map(() => 0)) {
  return { labels, weights: labels.map(() => 1), groups };
}

test('a column keeps its direction even where the labels speak against it', () => {
  const values = fc.array(fc.tuple(fc.nat(40), fc.nat(1)), { minLength: 20, maxLength: 120 });

  fc.assert(
    fc.property(values, fc.constantFrom(-1 as const, 1 as const), (rows, direction) => {
      const fit = fitAdditive(
        [{ values: rows.map(([value]) => value), direction }],
        rowsOf(rows.map(([, label]) => label)),
        options,
      );
      const logits = fit.shapes[0]?.logits ?? [];
      logits.slice(1).forEach((logit, at) => {
        expect((logit - (logits[at] ?? 0)) * direction).toBeGreaterThanOrEqual(0);
      });
    }),
    { numRuns: 50 },
  );
});

test('a step in the labels is found where it is', () => {
  const values = Array.from({ length: 400 }, (_, at) => at % 20);
  const fit = fitAdditive(
    [{ values, direction: 0 }],
    rowsOf(values.map((value, at) => (value >= 12 ? Number(at % 7 !== 0) : Number(at % 7 === 0)))),
    options,
  );

  const [shape] = fit.shapes;
  const at = (value: number) => shape?.logits[binOf(shape.thresholds, value)] ?? Number.NaN;
  expect(at(13) - at(11)).toBeGreaterThan(1.5);
  expect(at(11)).toBeCloseTo(at(3), 1);
});

test('a difference between groups is left to their base rates', () => {
  const groups = Array.from({ length: 400 }, (_, at) => at % 2);
  const labels = groups.map((group, at) => Number(group === 1 ? at % 8 !== 1 : at % 8 === 0));
  const columns = [{ values: groups, direction: 0 as const }];

  const together = fitAdditive(columns, rowsOf(labels), options).shapes[0]?.logits ?? [];
  const apart = fitAdditive(columns, rowsOf(labels, groups), options).shapes[0]?.logits ?? [];

  expect(Math.abs((together[1] ?? 0) - (together[0] ?? 0))).toBeGreaterThan(1);
  expect(Math.abs((apart[1] ?? 0) - (apart[0] ?? 0))).toBeLessThan(0.3);
});

test('fitting twice gives the same numbers', () => {
  const values = Array.from({ length: 200 }, (_, at) => (at * 37) % 53);
  const fitted = () =>
    fitAdditive([{ values, direction: 1 }], rowsOf(values.map((value) => Number(value > 30))), options);

  expect(fitted()).toEqual(fitted());
});
