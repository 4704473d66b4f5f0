import { expect, test } from 'vitest';
import type { Verification } from '../contract/evidence.ts';
import { assessReadiness } from './assess-readiness.ts';
import type { OverviewFacts } from './overview-facts.ts';

test('a count is grouped, and one of many is singular', () => {
  expect(answer('attributability', factsOf({ unknown: 1_766, total: 2_398 }))).toBe(
    '1,766 of 2,398 changes have no signal of who or what made them.',
  );
  expect(answer('attributability', factsOf({ unknown: 1, total: 2_398 }))).toMatch(
    /^1 of 2,398 changes has /,
  );
});

test('the time of a verification is said to the minute, in UTC', () => {
  const at = { startedAt: '2026-11-24T13:10:00.000Z', finishedAt: '2026-11-24T13:12:15.939Z' };

  expect(answer('continuous-logging', factsOf({ verification: { ...at, state: 'passed' } }))).toMatch(
    /^The logs were intact at 2026-11-24 13:12 UTC; /,
  );
  expect(answer('continuous-logging', factsOf({ verification: { ...at, state: 'failed' } }))).toBe(
    'The verification of 2026-11-24 13:12 UTC found something wrong.',
  );
});

function answer(id: string, facts: OverviewFacts): string | undefined {
  return assessReadiness(facts).checks.find((check) => check.id === id)?.because;
}

function factsOf({
  unknown = 0,
  total = 1,
  verification,
}: {
  readonly unknown?: number;
  readonly total?: number;
  readonly verification?: Pick<Verification, 'state' | 'startedAt' | 'finishedAt'>;
}): OverviewFacts {
  return {
    changes: {
      total,
      oldest: null,
      newest: null,
      byClass: { human: 0, ai: total - unknown, mixed: 0, unknown },
      byBand: { low: total, medium: 0, high: 0, critical: 0 },
      byLevel: [],
      withSession: 0,
      withModel: 0,
      withGaps: 0,
      withContradictions: 0,
    },
    pullRequests: { total: 0, open: 0, mergedViolated: 0, mergedUndecided: 0 },
    logs: {
      logs: [],
      lastVerification: verification
        ? { id: '1', requestedBy: 'ann', logs: [], findings: [], ...verification }
        : null,
    },
    repositories: [],
  };
}
