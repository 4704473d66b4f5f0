import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signed, waterfall } from './risk-waterfall.ts';

const thousandths = fc.integer({ min: -5_000, max: 5_000 });

test('bars join end to start inside of the plot and add up exactly', () => {
  fc.assert(
    fc.property(thousandths, fc.array(fc.record({ contribution: thousandths })), (base, factors) => {
      const { steps, sum, base: start, end } = waterfall(base, factors);

      expect(sum).toBe(factors.reduce((total, { contribution }) => total + contribution, base));
      let at = start;
      for (const { factor, from, to } of steps) {
        expect(from).toBeCloseTo(at);
        expect(Math.sign(to - from)).toBe(Math.sign(factor.contribution));
        expect(Math.min(from, to)).toBeGreaterThanOrEqual(0);
        expect(Math.max(from, to)).toBeLessThanOrEqual(1);
        at = to;
      }
      expect(end).toBeCloseTo(at);
    }),
  );
});

test('thousandths are written whole, with their sign', () => {
  expect([412, -1031, 0, 1_234_567].map(signed)).toEqual(['+412', '−1,031', '0', '+1,234,567']);
});
