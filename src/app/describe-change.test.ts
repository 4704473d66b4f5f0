import { expect, test } from 'vitest';
import type { PullRequestItem } from '../contract/pull-requests.ts';
import { type ChangeSources, describeChange } from './describe-change.ts';

const pull: PullRequestItem = {
  repoId: 'github.com/acme/shop',
  changeId: 'pr/7',
  number: 7,
  title: 'Add a discount',
  authorLogin: 'ada',
  state: 'open',
  draft: true,
  targetBranch: 'main',
  headSha: 'a'.repeat(40),
  class: 'ai',
  attributionLevel: 1,
  riskScore: 40,
  riskBand: 'medium',
  verdict: 'violated',
  pending: false,
  because: 'Blocked: no approval.',
  approvals: 0,
  assessedAt: '2026-01-02T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  mergedAt: null,
  evidenceSeq: 3,
};

/** Whose records were all erased. */
const sources: ChangeSources = {
  changes: {
    find: async () => undefined,
    findPullRequest: async (_, changeId) => (changeId === pull.changeId ? pull : undefined),
    records: async () => [
      { evidenceSeq: 3, factSeq: 5, reason: 'new-head', statementDigest: new Uint8Array(32) },
      { evidenceSeq: 1, factSeq: 2, reason: 'first-assessed', statementDigest: new Uint8Array(32) },
    ],
    neighbours: async () => ({ older: null, newer: null }),
  },
  entries: { sealed: async () => undefined, firstCovering: async () => undefined },
};

test('an open pull request whose record is erased is shown with what its row tells, and with nothing made up', async () => {
  const { item, statement, sealed, records } = await describeChange(sources, pull.repoId, 'pr/7');

  expect(item).toMatchObject({
    state: 'open',
    draft: true,
    mergedAt: null,
    mergeSha: null,
    authorName: 'ada',
  });
  expect(item).toMatchObject({ files: null, additions: null, gaps: null, capture: null, aiShare: null });
  expect(statement).toBeNull();
  expect(sealed).toMatchObject({ index: 3, checkpointSize: null });
  expect(records.map(({ evidenceSeq }) => evidenceSeq)).toEqual([3, 1]);
});

test('what neither a branch nor a code host has is not found', async () => {
  await expect(describeChange(sources, pull.repoId, 'pr/8')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
