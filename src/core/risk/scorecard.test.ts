import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import prior from './models/prior-1.json' with { type: 'json' };
import { priorModel } from './prior-model.ts';
import { assess, parseScorecard } from './scorecard.ts';

const anyNumber = fc.oneof(fc.double({ min: 0, max: 5_000 }), fc.nat(2_000), fc.double());
const featuresArbitrary = fc
  .tuple(...priorModel.factors.map(({ signal }) => fc.tuple(fc.constant(signal), fc.option(anyNumber))))
  .map((pairs) => Object.fromEntries(pairs.filter((pair): pair is [string, number] => pair[1] !== null)));

test('base and contributions add up to the log-odds exactly, whatever the features', () => {
  fc.assert(
    fc.property(featuresArbitrary, (features) => {
      const { base, factors, logOdds } = assess(features, priorModel);

      expect(factors.reduce((sum, { contribution }) => sum + contribution, base)).toBe(logOdds);
      expect(Number.isSafeInteger(logOdds)).toBe(true);
    }),
  );
});

test('the same features give the same bytes, in whatever order they are named', () => {
  fc.assert(
    fc.property(featuresArbitrary, (features) => {
      const reversed = Object.fromEntries(Object.entries(features).toReversed());

      expect(JSON.stringify(assess(reversed, priorModel))).toBe(JSON.stringify(assess(features, priorModel)));
    }),
  );
});

test('the shipped model keeps the direction of every factor', () => {
  const directed = priorModel.factors.filter(({ direction }) => direction !== 'free');
  const pair = fc.tuple(fc.constantFrom(...directed), anyNumber, anyNumber, featuresArbitrary);

  fc.assert(
    fc.property(pair, ([{ signal, direction }, a, b, features]) => {
      fc.pre(Number.isFinite(a) && Number.isFinite(b));
      const [less, more] = [Math.min(a, b), Math.max(a, b)].map((value) =>
        assess({ ...features, [signal]: value }, priorModel),
      );

      const rise = (more?.logOdds ?? 0) - (less?.logOdds ?? 0);
      expect(direction === 'rising' ? rise : -rise).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a higher log-odds never has a lower score, probability or band', () => {
  const bands = ['low', 'medium', 'high', 'critical'];

  fc.assert(
    fc.property(featuresArbitrary, featuresArbitrary, (a, b) => {
      const [low, high] = [assess(a, priorModel), assess(b, priorModel)].sort(
        (x, y) => x.logOdds - y.logOdds,
      );

      expect(low?.score).toBeLessThanOrEqual(high?.score ?? -1);
      expect(low?.probability).toBeLessThanOrEqual(high?.probability ?? -1);
      expect(bands.indexOf(low?.band ?? '')).toBeLessThanOrEqual(bands.indexOf(high?.band ?? ''));
    }),
  );
});

test('a missing feature counts as the usual one and says so; so does NaN and infinity', () => {
  const reference = Object.fromEntries(
    priorModel.factors.map(({ signal, reference: value }) => [signal, value]),
  );

  const usual = assess(reference, priorModel);
  const missing = assess({}, priorModel);
  const broken = assess({ src_la: Number.NaN, fix_365: Number.POSITIVE_INFINITY }, priorModel);

  expect(usual.logOdds).toBe(priorModel.base);
  expect(missing.logOdds).toBe(priorModel.base);
  expect(broken).toEqual(missing);
  for (const factor of missing.factors) {
    expect(factor).toMatchObject({ contribution: 0, value: reference[factor.signal] });
    expect(factor.because).toMatch(/^Not known: /);
  }
});

test('only a change’s own features count, nothing from a prototype', () => {
  const features: Record<string, number> = Object.create({ src_la: 5_000 });

  expect(assess(features, priorModel)).toEqual(assess({}, priorModel));
});

test('factors come by weight, then by name', () => {
  const { factors } = assess({ src_la: 500, fix: 1, branch_add: 0 }, priorModel);

  const keys = factors.map(({ contribution, signal }) => [-Math.abs(contribution), signal] as const);
  expect(keys).toEqual([...keys].sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)));
});

test('the score is the share of the reference population below, and its bands begin at 50, 80 and 95', () => {
  const ranks = Array.from({ length: 100 }, (_, at) => at + 1);
  const factors = [
    {
      signal: 'src_la',
      direction: 'rising',
      reference: 0,
      thresholds: ranks.slice(0, 47),
      points: [...Array(48).keys()],
    },
  ];
  const at = (logOdds: number) => assess({}, parseScorecard({ ...prior, base: logOdds, factors, ranks }));

  expect([0, 49, 50, 79, 80, 94, 95, 100].map((logOdds) => [at(logOdds).score, at(logOdds).band])).toEqual([
    [0, 'low'],
    [49, 'low'],
    [50, 'medium'],
    [79, 'medium'],
    [80, 'high'],
    [94, 'high'],
    [95, 'critical'],
    [100, 'critical'],
  ]);
});

test('the model version follows from every byte of the model, its training manifest too, and not from key order', () => {
  const other = { ...prior, training: { ...prior.training, protocol: 'another' } };
  const reordered = Object.fromEntries(Object.entries(prior).toReversed());

  expect(priorModel.version).toMatch(/^prior-1@[0-9a-f]{12}$/);
  expect(parseScorecard(other).version).not.toBe(priorModel.version);
  expect(parseScorecard(reordered).version).toBe(priorModel.version);
});

const [factor] = prior.factors;
test.each([
  ['an unknown key', { ...prior, extra: 1 }],
  ['a fraction of a milli-logit', { ...prior, base: 0.5 }],
  ['a signal without a sentence', { ...prior, factors: [{ ...factor, signal: 'author_name' }] }],
  ['a signal twice', { ...prior, factors: [factor, factor] }],
  [
    'thresholds that do not ascend',
    { ...prior, factors: [{ ...factor, thresholds: factor?.thresholds.toReversed() }] },
  ],
  ['a bin too few', { ...prior, factors: [{ ...factor, points: [0] }] }],
  ['points at the reference', { ...prior, factors: [{ ...factor, thresholds: [], points: [5] }] }],
  [
    'points against the direction',
    { ...prior, factors: [{ ...factor, reference: 0, thresholds: [1], points: [0, -1] }] },
  ],
  ['ranks that fall', { ...prior, ranks: prior.ranks.toReversed() }],
  [
    'a table of probabilities that falls',
    { ...prior, probability: { ...prior.probability, tenThousandths: [5, 4] } },
  ],
])('a model with %s is refused', (_, model) => {
  expect(() => parseScorecard(model)).toThrow(z.ZodError);
});
