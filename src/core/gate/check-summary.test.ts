import { expect, test } from 'vitest';
import type { Attribution } from '../attribution/attribution.ts';
import type { RiskAssessment } from '../risk/risk-assessment.ts';
import { checkSummary } from './check-summary.ts';
import type { Verdict } from './verdict.ts';

const attribution: Attribution = {
  class: 'ai',
  aiShare: 1,
  aiShareBasis: 'lines',
  claims: [],
  otherSignals: [],
  contradictions: [],
  files: [],
  version: 'attribution@1',
};
const risk = {
  score: 71.6,
  band: 'high',
  factors: [
    { signal: 'a', value: 1, contribution: 10, because: 'Adds 900 source lines, which raises the score.' },
    { signal: 'b', value: 1, contribution: -900, because: 'Is small, which lowers the score.' },
    { signal: 'c', value: 1, contribution: 500, because: 'Touches [evil](http://x) <img src=x> @everyone.' },
    { signal: 'd', value: 1, contribution: 0, because: 'Makes no difference.' },
  ],
} as unknown as RiskAssessment;

function verdict(results: Verdict['results'], outcome: Verdict['outcome'] = 'violated'): Verdict {
  return { outcome, pending: false, policyDigest: 'ab'.repeat(32), matched: ['any-change'], results };
}

const missing = {
  rule: 'any-change',
  requirement: 'humanApprovals',
  outcome: 'violated',
  pending: false,
  because: ['0 of 1 approvals by independent people.'],
  todo: ['Get an approval.'],
} as const;

function summaryOf(given: Verdict) {
  return checkSummary({
    headSha: 'a'.repeat(40),
    attribution,
    risk,
    verdict: given,
    reviews: [],
    evidenceSeq: 7,
  });
}

test('says the score, the three reasons that weigh most, what is missing and what to do', () => {
  const { title, summary } = summaryOf(verdict([missing]));

  expect(title).toBe('Blocked: 0 of 1 approvals by independent people.');
  expect(summary).toContain('**Risk 72 of 100, high**');
  expect(summary).toContain('humanApprovals**: 0 of 1 approvals');
  expect(summary).toContain('- [ ] Get an approval.');
  expect(summary).toContain('entry 7 of the evidence log');
  expect(summary).not.toContain('Makes no difference');
  expect(summary.indexOf('Is small')).toBeLessThan(summary.indexOf('Adds 900'));
});

test('a requirement that is satisfied is not among what is missing', () => {
  const { title, summary } = summaryOf(verdict([{ ...missing, outcome: 'satisfied' }], 'satisfied'));

  expect(title).toBe('Everything that the policy asks is there.');
  expect(summary).toContain('Nothing is missing.');
});

test('text from outside makes no link, image, mention or markup', () => {
  const { summary } = summaryOf(
    verdict([{ ...missing, because: ['By <b>x</b> `y` [z](http://w)\u202e @org/team'] }]),
  );

  expect(summary).not.toMatch(/<b>|<img|\]\(http|@everyone|@org|\u202e/);
});
