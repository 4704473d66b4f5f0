import { expect, test } from 'vitest';
import { evaluatePolicy } from './evaluate-policy.ts';
import { policyRemarks } from './policy-remarks.ts';
import { input, policyOf, requiring, review } from './testing/gate-inputs.ts';
import { VerdictCounter } from './verdict-counts.ts';

test('verdicts are counted by class and band, and by what each rule asks', () => {
  const policy = requiring('humanApprovals: 1, ticket: true');
  const counter = new VerdictCounter(['any-change']);

  for (const [more, band] of [
    [{ reviews: [review('bob')] }, 'low'],
    [{ reviews: [] }, 'high'],
    [{ reviews: null }, 'high'],
  ] as const)
    counter.add(evaluatePolicy(input(more), policy), { class: 'human', band });
  counter.add(evaluatePolicy(input(), { ...policy, rules: [] }), { class: 'ai', band: 'low' });

  expect(counter.counts).toEqual({
    changes: 4,
    outcomes: { satisfied: 2, violated: 1, indeterminate: 1 },
    unmatched: 1,
    groups: [
      { class: 'ai', band: 'low', changes: 1, satisfied: 1, violated: 0, indeterminate: 0 },
      { class: 'human', band: 'high', changes: 2, satisfied: 0, violated: 1, indeterminate: 1 },
      { class: 'human', band: 'low', changes: 1, satisfied: 1, violated: 0, indeterminate: 0 },
    ],
    requirements: [
      {
        rule: 'any-change',
        requirement: 'humanApprovals',
        subject: null,
        changes: 3,
        satisfied: 1,
        violated: 1,
        indeterminate: 1,
      },
      {
        rule: 'any-change',
        requirement: 'ticket',
        subject: null,
        changes: 3,
        satisfied: 3,
        violated: 0,
        indeterminate: 0,
      },
    ],
  });
});

test('a policy that may say less than its writer meant is remarked upon', () => {
  const policy = policyOf(`version: 1
repositories: { tier0: [shop] }
rules:
  - id: people
    when: { class: [human] }
    require: { ticket: true }
gates:
  tests: { check: ci/test, app: github-actions }
emergency: { label: hotfix, approvers: [on-call], reviewWithinHours: 48 }
`);

  expect(policyRemarks(policy)).toEqual([
    expect.stringContaining('Every rule has a `when`'),
    expect.stringContaining('The rule `people` fits only'),
    expect.stringContaining('the gate `tests`'),
    expect.stringContaining('the tier `tier0`'),
    expect.stringContaining('lifts nothing by itself'),
  ]);
  expect(policyRemarks(requiring('gates: [tests, sast]'))).toEqual([]);
});
