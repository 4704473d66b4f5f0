import { expect, test } from 'vitest';
import type { GateOutcome } from './gate-input.ts';
import { reportGate } from './report-gate.ts';
import { earlier, input, run } from './testing/gate-inputs.ts';

const gate = { sarif: 'codeql', maxNew: { critical: 0, high: 2 } };

function report(newFindings: Record<string, number>, more: Partial<GateOutcome> = {}): GateOutcome {
  return run({ name: 'codeql', kind: 'report', source: null, newFindings, ...more });
}

function judged(outcomes: readonly GateOutcome[], more: Partial<typeof gate> & { app?: string } = {}) {
  return reportGate(input({ outcomes }), { ...gate, ...more });
}

test.each([
  ['nothing new', {}, 'satisfied'],
  ['as many as are allowed', { high: 2, low: 900 }, 'satisfied'],
  ['one more than is allowed', { high: 3 }, 'violated'],
  ['one where none is allowed', { critical: 1 }, 'violated'],
  ['one without severity', { unrated: 1 }, 'indeterminate'],
  ['one of a severity that nobody knows', { catastrophic: 1 }, 'indeterminate'],
  ['a count that is none', { high: Number.NaN }, 'indeterminate'],
  ['a negative count', { high: -1 }, 'indeterminate'],
])('a report with %s', (_, found, outcome) => {
  expect(judged([report(found)]).outcome).toBe(outcome);
});

test('a limit for findings without severity holds as the others do', () => {
  const maxNew = { ...gate.maxNew, unrated: 1 };

  expect(judged([report({ catastrophic: 1 })], { maxNew }).outcome).toBe('satisfied');
  expect(judged([report({ catastrophic: 1, unrated: 1 })], { maxNew }).outcome).toBe('violated');
});

test('a report that does not tell what is new decides nothing', () => {
  const { newFindings: _, ...without } = report({});

  expect(judged([without]).outcome).toBe('indeterminate');
});

test('a tool that broke off found nothing that counts', () => {
  expect(judged([report({}, { conclusion: 'failure' })]).outcome).toBe('violated');
  expect(judged([report({}, { conclusion: 'skipped' })]).outcome).toBe('violated');
});

test('a report that is on its way is waited for, and so is none', () => {
  expect(judged([report({}, { conclusion: 'pending', completedAt: null })])).toMatchObject({
    outcome: 'indeterminate',
    pending: true,
  });
  expect(judged([])).toMatchObject({ outcome: 'violated', pending: true });
});

test('a check of the tool’s name, or a report on another commit, is no report', () => {
  expect(judged([report({}, { kind: 'check-run' })]).outcome).toBe('violated');
  expect(judged([report({}, { headSha: earlier })]).outcome).toBe('violated');
});

test('the last report decides, and of several at once the worst', () => {
  const early = { completedAt: '2026-03-01T09:00:00Z' };

  expect(judged([report({ critical: 1 }, early), report({})]).outcome).toBe('satisfied');
  expect(judged([report({ critical: 1 }), report({})]).outcome).toBe('violated');
});

test('where the policy names an app, a report of another one is spoofed', () => {
  expect(judged([report({})], { app: 'github-actions' })).toMatchObject({
    outcome: 'violated',
    because: expect.arrayContaining([expect.stringContaining('Spoofed')]),
  });
});
