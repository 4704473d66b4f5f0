import { expect, test } from 'vitest';
import type { ObservedGateOutcome } from '../host/observation.ts';
import { reportOutcomes } from './report-outcomes.ts';
import { emptySummary, noFindings } from './report-summary.ts';

interface Given {
  readonly part?: string;
  readonly conclusion?: ObservedGateOutcome['conclusion'];
  readonly attempt?: number | null;
  readonly at?: number;
  readonly found?: number | null;
  readonly by?: string;
}

function report({ part, conclusion = 'success', attempt = 1, at = 0, found = 0, by = 'key' }: Given) {
  const newBySeverity = found === null ? null : { ...noFindings(), high: found, none: 7 };
  return {
    name: 'codeql',
    headSha: 'a'.repeat(40),
    source: { app: 'reentry-report', appId: by },
    conclusion,
    completedAt: new Date(at).toISOString(),
    attempt,
    report: {
      part: part ?? null,
      summary: {
        ...emptySummary('sarif', '2.1.0'),
        findings: {
          bySeverity: noFindings(),
          newBySeverity,
          suppressed: 0,
          absent: 0,
          listed: [],
          leftOut: 0,
        },
      },
    },
  };
}

function outcomeOf(...given: readonly Given[]) {
  const [outcome, ...more] = reportOutcomes(given.map(report));
  expect(more).toEqual([]);
  return { conclusion: outcome?.conclusion, high: outcome?.newFindings?.high, at: outcome?.completedAt };
}

test('parts of a report are added up, the worst of them concludes', () => {
  expect(
    outcomeOf({ part: 'js', found: 2, at: 5 }, { part: 'py', found: 1, conclusion: 'failure', at: 1 }),
  ).toEqual({
    conclusion: 'failure',
    high: 3,
    at: new Date(5).toISOString(),
  });
  expect(outcomeOf({ part: 'a', conclusion: 'neutral' }, { part: 'b' }).conclusion).toBe('neutral');
});

test('a later attempt takes the place of an earlier one, part by part', () => {
  expect(
    outcomeOf(
      { part: 'a', conclusion: 'failure', attempt: 1, at: 9 },
      { part: 'b', found: 1, attempt: 1 },
      { part: 'a', attempt: 2, at: 1 },
    ),
  ).toMatchObject({ conclusion: 'success', high: 1 });
});

test('shards that send the same part in one attempt all count', () => {
  expect(outcomeOf({ conclusion: 'failure', at: 1 }, { at: 2 }).conclusion).toBe('failure');
});

test('without attempts what came last counts', () => {
  expect(
    outcomeOf({ conclusion: 'failure', attempt: null, at: 1 }, { attempt: null, at: 2 }).conclusion,
  ).toBe('success');
});

test('one part that does not tell what is new leaves the whole unknown', () => {
  expect(outcomeOf({ part: 'a', found: null }, { part: 'b' }).high).toBeUndefined();
});

test('what somebody else reports under the name is an outcome of its own', () => {
  const outcomes = reportOutcomes([report({ conclusion: 'failure' }), report({ by: 'another' })]);

  expect(outcomes.map(({ source, conclusion }) => [source?.appId, conclusion])).toEqual([
    ['key', 'failure'],
    ['another', 'success'],
  ]);
});

test('what a tool only mentions is no new finding', () => {
  expect(reportOutcomes([report({})])[0]?.newFindings).toEqual({
    critical: 0,
    high: 0,
    medium: 0,
    low: 0,
    unrated: 0,
  });
});
