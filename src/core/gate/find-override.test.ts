import { describe, expect, test } from 'vitest';
import { evaluatePolicy } from './evaluate-policy.ts';
import type { GateInput, Override } from './gate-input.ts';
import { input, override, requiring } from './testing/gate-inputs.ts';

const policy = requiring('humanApprovals: 1, gates: [tests]');

function judged(overrides: readonly Override[], more: Partial<GateInput> = {}) {
  return evaluatePolicy(input({ overrides, ...more }), policy);
}

test('a valid override lifts the whole rule, and what was wrong stays to be seen', () => {
  const { outcome, results } = judged([override()]);

  expect(outcome).toBe('satisfied');
  expect(results).toMatchObject([
    { requirement: 'humanApprovals', outcome: 'violated', override: 'override-1' },
    { requirement: 'gates', outcome: 'violated', override: 'override-1' },
  ]);
});

describe('an override lifts nothing', () => {
  test.each([
    ['of another rule', { rule: 'another-rule' }],
    ['without a reason', { reason: ' \n' }],
    ['approved by whoever asked', { approvedBy: 'carol' }],
    ['approved by whoever asked, written otherwise', { approvedBy: ' Ｃarol ' }],
    ['approved by nobody', { approvedBy: '' }],
    ['asked for by nobody', { requestedBy: ' ' }],
    ['approved by somebody who took part', { approvedBy: 'alice' }],
    ['approved by the account of somebody who took part', { approvedBy: 'github.com#alice' }],
    ['that is over', { expiresAt: '2026-03-01T12:00:00Z' }],
    ['that never ends', { expiresAt: '' }],
    ['that is approved later', { approvedAt: '2026-03-01T12:00:01Z' }],
    ['whose times have no zone', { expiresAt: '2026-03-09T12:00:00' }],
  ])('%s', (_, more) => {
    const { outcome, results } = judged([override(more)]);

    expect(outcome).toBe('violated');
    expect(results.every((result) => result.override === undefined)).toBe(true);
  });

  test('and says why', () => {
    expect(judged([override({ approvedBy: 'carol' })]).results[0]?.because.at(-1)).toBe(
      'The override override-1 lifts nothing: whoever asked for it approved it.',
    );
  });
});

test('what was lifted at the merge stays lifted after the end, and what was not cannot be lifted later', () => {
  const merged = { mergedAt: '2026-03-01T11:45:00Z', at: '2027-01-01T00:00:00Z' };

  expect(judged([override()], merged).outcome).toBe('satisfied');
  expect(judged([override({ approvedAt: '2026-03-01T11:45:01Z' })], merged).outcome).toBe('violated');
});

test('one valid override is enough beside others that are not', () => {
  expect(judged([override({ id: 'old', expiresAt: '2026-03-01T11:00:00Z' }), override()]).outcome).toBe(
    'satisfied',
  );
});
