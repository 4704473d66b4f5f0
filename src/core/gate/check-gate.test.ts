import { describe, expect, test } from 'vitest';
import { checkGate } from './check-gate.ts';
import type { GateInput, GateOutcome } from './gate-input.ts';
import { earlier, input, run } from './testing/gate-inputs.ts';

const gate = { check: 'ci/test', app: 'github-actions' };

function judged(outcomes: readonly GateOutcome[] | null, more: Partial<GateInput> = {}) {
  return checkGate(input({ outcomes, ...more }), gate);
}

test('success on the head by the bound app satisfies', () => {
  expect(judged([run()])).toMatchObject({
    outcome: 'satisfied',
    because: [expect.stringContaining('github-actions')],
  });
  expect(checkGate(input({ outcomes: [run()] }), { check: 'ci/test', app: '15368' }).outcome).toBe(
    'satisfied',
  );
});

test.each(['failure', 'neutral', 'cancelled', 'skipped', 'timed-out', 'action-required', 'stale'] as const)(
  '%s is no success',
  (conclusion) => {
    expect(judged([run({ conclusion })])).toMatchObject({
      outcome: 'violated',
      pending: false,
      because: [expect.stringContaining(`\`${conclusion}\``)],
    });
  },
);

test('a run that has not ended is waited for, until the merge', () => {
  const pending = run({ conclusion: 'pending', completedAt: null });

  expect(judged([pending])).toMatchObject({ outcome: 'indeterminate', pending: true });
  expect(judged([pending], { mergedAt: '2026-03-01T12:00:00Z' })).toMatchObject({
    outcome: 'violated',
    pending: false,
  });
});

test('no run at all is waited for, until the merge', () => {
  expect(judged([])).toMatchObject({ outcome: 'violated', pending: true });
  expect(judged([run({ name: 'ci/lint' })])).toMatchObject({ outcome: 'violated', pending: true });
  expect(judged([], { mergedAt: '2026-03-01T12:00:00Z' })).toMatchObject({
    outcome: 'violated',
    pending: false,
  });
});

test('a report of the check’s name is no run of it', () => {
  expect(judged([run({ kind: 'report', newFindings: {} })]).outcome).toBe('violated');
});

test('a run on another commit is none', () => {
  expect(judged([run({ headSha: earlier })])).toMatchObject({
    outcome: 'violated',
    because: expect.arrayContaining([expect.stringContaining('not on the head')]),
  });
  expect(judged([run({ headSha: '' })], { headSha: '' }).outcome).toBe('violated');
});

describe('a result of another source', () => {
  test.each([
    ['of another app', { app: 'evil-ci', appId: '666' }, 'evil-ci (app 666)'],
    ['of no app, as statuses are', null, 'a source that names no app'],
  ])('%s is named as spoofed and counts neither way', (_, source, who) => {
    const forged = run({ source });

    expect(judged([forged])).toMatchObject({
      outcome: 'violated',
      because: expect.arrayContaining([expect.stringMatching(`^Spoofed: .*${RegExp.escape(who)}`)]),
    });
    expect(judged([run(), { ...forged, conclusion: 'failure' }])).toMatchObject({
      outcome: 'satisfied',
      because: expect.arrayContaining([expect.stringContaining('Spoofed')]),
    });
  });

  test('does not pass by an app’s name where the policy names its number', () => {
    const impostor = run({ source: { app: '15368', appId: '666' } });

    expect(checkGate(input({ outcomes: [impostor] }), { check: 'ci/test', app: '15368' }).outcome).toBe(
      'violated',
    );
  });
});

describe('of several runs', () => {
  const early = { completedAt: '2026-03-01T09:00:00Z' };

  test('the last one decides', () => {
    expect(judged([run(), run({ ...early, conclusion: 'failure' })]).outcome).toBe('satisfied');
    expect(judged([run({ conclusion: 'failure' }), run(early)]).outcome).toBe('violated');
  });

  test('one that runs is the last one', () => {
    for (const conclusion of ['success', 'failure'] as const)
      expect(judged([run({ conclusion }), run({ conclusion: 'pending', completedAt: null })])).toMatchObject({
        outcome: 'indeterminate',
        pending: true,
      });
  });

  test('at the same moment all of them have to succeed', () => {
    expect(judged([run(), run({ conclusion: 'failure' })]).outcome).toBe('violated');
  });

  test('one whose time nobody knows decides too', () => {
    expect(judged([run(), run({ conclusion: 'failure', completedAt: null })]).outcome).toBe('violated');
  });
});

test('of a merged change a run counts that ended before the merge', () => {
  const merged = { mergedAt: '2026-03-01T11:30:00Z' };

  expect(judged([run()], merged).outcome).toBe('satisfied');
  expect(judged([run({ completedAt: '2026-03-01T11:30:01Z' })], merged)).toMatchObject({
    outcome: 'violated',
    because: expect.arrayContaining(['The check ci/test ended after the merge.']),
  });
  expect(judged([run({ completedAt: null })], merged).outcome).toBe('indeterminate');
});

test('where no source tells of results, nobody can tell', () => {
  expect(judged(null)).toMatchObject({ outcome: 'indeterminate', pending: false });
});
