import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { example, examples, type Json, observationsOf, parse } from './testing/deliveries.ts';

const used = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_review_thread',
  'push',
  'merge_group',
  'check_run',
  'check_suite',
  'status',
  'workflow_run',
  'workflow_job',
  'deployment',
  'deployment_status',
  'installation',
  'installation_repositories',
  'repository',
  'branch_protection_rule',
  'member',
  'membership',
  'team',
  'team_add',
  'organization',
  'code_scanning_alert',
  'secret_scanning_alert',
  'dependabot_alert',
]);

test('every payload that GitHub is known to have sent is understood, or of an event that is not used', () => {
  const results = examples.map(({ from, event, payload }) => ({ from, event, ...parse(event, payload) }));

  expect(results.length).toBeGreaterThan(600);
  expect(results.filter(({ result }) => result === 'not-understood')).toEqual([]);
  for (const { event, result, remarks } of results)
    expect({ event, result, remarks }).toEqual({
      event,
      result: used.has(event) ? 'observed' : 'ignored',
      remarks: [],
    });
});

test('observations are made of what a fact can hold: the same after JSON, times in UTC, no text of anybody', () => {
  for (const { event, payload } of examples.filter((one) => used.has(one.event))) {
    for (const observed of observationsOf(event, payload)) {
      expect(JSON.parse(JSON.stringify(observed))).toEqual(observed);
      expect(observed.occurredAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
      expect(observed.origin).toMatchObject({ via: 'webhook', deliveryId: 'd1' });
      expect(JSON.stringify(observed)).not.toContain('This is a pretty simple change');
    }
  }
});

test('an observation names the bytes that it comes from', () => {
  const text = JSON.stringify(example('status', undefined));

  const [observed] = observationsOf('status', JSON.parse(text));

  expect(observed?.origin).toEqual({
    via: 'webhook',
    event: 'status',
    deliveryId: 'd1',
    digest: hash('sha256', text),
    bytes: Buffer.byteLength(text),
  });
});

const shop = {
  hostId: 'github.com#186853002',
  ref: {
    id: 'github.com/codertocat/hello-world',
    name: 'Hello-World',
    url: 'https://github.com/Codertocat/Hello-World',
  },
  defaultBranch: 'master',
};
const codertocat = { id: 'github.com#21031067', login: 'Codertocat', kind: 'user' };
const head = 'ec26c3e57ca3a959ca5aad62de7213c562f8c821';

const table: readonly (readonly [what: string, event: string, payload: Json, expected: object])[] = [
  [
    'a pull request that is opened',
    'pull_request',
    example('pull_request', 'opened'),
    {
      schema: 'reentry.pull-request/1',
      host: 'github',
      repository: shop,
      owner: codertocat,
      actor: codertocat,
      occurredAt: '2019-05-15T15:20:33Z',
      occurredAtFrom: 'host',
      action: 'opened',
      hostId: '279147437',
      number: 2,
      title: 'Update the README with new information.',
      descriptionLength: 64,
      state: 'open',
      draft: false,
      author: codertocat,
      base: { branch: 'master', sha: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e' },
      head: { branch: 'changes', sha: head, repositoryHostId: 'github.com#186853002' },
      createdAt: '2019-05-15T15:20:33Z',
      closedAt: null,
      mergedAt: null,
      mergeSha: null,
      mergedBy: null,
    },
  ],
  [
    'a pull request that is merged',
    'pull_request',
    example('pull_request', 'closed', {
      pull_request: {
        merged: true,
        merged_at: '2019-05-15T15:21:00Z',
        merge_commit_sha: 'c4295bd74fb0f4fda03689c3df3f2803b658fd85',
        merged_by: { login: 'hacktocat', id: 39652351, type: 'User' },
      },
    }),
    {
      state: 'merged',
      mergedAt: '2019-05-15T15:21:00Z',
      mergeSha: 'c4295bd74fb0f4fda03689c3df3f2803b658fd85',
      mergedBy: { id: 'github.com#39652351', login: 'hacktocat', kind: 'user' },
    },
  ],
  [
    'the trial merge of an open pull request, which is no merge',
    'pull_request',
    example('pull_request', 'opened', {
      pull_request: { merge_commit_sha: 'c4295bd74fb0f4fda03689c3df3f2803b658fd85' },
    }),
    { state: 'open', mergeSha: null },
  ],
  [
    'a pull request from a fork that was deleted, by an account that was deleted',
    'pull_request',
    example('pull_request', 'opened', {
      sender: null,
      pull_request: { user: null, head: { user: null, repo: null } },
    }),
    { actor: null, author: null, head: { branch: 'changes', sha: head, repositoryHostId: null } },
  ],
  [
    'tickets, reviewers and teams of a pull request',
    'pull_request',
    example('pull_request', 'opened', {
      pull_request: {
        title: 'PAY-12: round half up',
        body: 'Closes #7',
        requested_reviewers: [{ login: 'copilot[bot]', id: 7, type: 'Bot' }, null, { name: 'no account' }],
        requested_teams: [{ slug: 'payments', name: 'Payments' }],
      },
    }),
    {
      tickets: ['PAY-12', '#7'],
      descriptionLength: 9,
      requestedReviewers: [{ id: 'github.com#7', login: 'copilot[bot]', kind: 'bot' }],
      requestedTeams: ['payments'],
    },
  ],
  [
    'an approval',
    'pull_request_review',
    example('pull_request_review', 'submitted', { review: { state: 'approved', body: 'Good 👍' } }),
    {
      schema: 'reentry.review/1',
      action: 'submitted',
      hostId: '237895671',
      pullRequest: 2,
      reviewer: codertocat,
      state: 'approved',
      commitSha: head,
      submittedAt: '2019-05-15T15:20:38Z',
      occurredAt: '2019-05-15T15:20:38Z',
      permission: null,
      bodyLength: 6,
    },
  ],
  [
    'a dismissal, which is later than the review',
    'pull_request_review',
    example('pull_request_review', 'dismissed', {
      pull_request: { updated_at: '2019-05-16T00:00:00Z' },
    }),
    {
      hostId: '237895671',
      state: 'dismissed',
      submittedAt: '2019-05-15T15:20:38Z',
      occurredAt: '2019-05-16T00:00:00Z',
    },
  ],
  [
    'a comment of an approval, which leaves the approval alone',
    'pull_request_review_comment',
    example('pull_request_review_comment', 'created'),
    {
      schema: 'reentry.review-comment/1',
      hostId: '284312630',
      reviewHostId: '237895671',
      pullRequest: 2,
      author: codertocat,
      commitSha: head,
      bodyLength: 45,
    },
  ],
  [
    'a conversation that is resolved',
    'pull_request_review_thread',
    example('pull_request_review_thread', 'resolved'),
    { schema: 'reentry.review-thread/1', pullRequest: 118, isResolved: true, comments: 1 },
  ],
  [
    'a push, at the time when it came to the host and not when its commits were made',
    'push',
    example('push', undefined, {
      ref: 'refs/heads/main',
      forced: true,
      commits: [{ id: head, timestamp: '2001-01-01T00:00:00Z' }],
    }),
    {
      schema: 'reentry.push/1',
      ref: 'refs/heads/main',
      branch: 'main',
      before: '0'.repeat(40),
      after: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
      forced: true,
      commits: [head],
      occurredAt: '2019-05-15T15:20:57Z',
    },
  ],
  ['a tag', 'push', example('push', undefined), { ref: 'refs/tags/simple-tag', branch: null, commits: [] }],
  [
    'a merge queue that wants checks',
    'merge_group',
    example('merge_group', 'checks_requested'),
    {
      schema: 'reentry.merge-group/1',
      action: 'checks_requested',
      baseBranch: 'main',
      headBranch: 'gh-readonly-queue/main/pr-104-929f8209d40f77f4abc622a499c93a83babdbe64',
      pullRequest: 104,
      reason: null,
    },
  ],
  [
    'a group that a merge queue gave up',
    'merge_group',
    example('merge_group', 'checks_requested', { action: 'destroyed', reason: 'invalidated' }),
    { action: 'destroyed', reason: 'invalidated', occurredAtFrom: 'receipt' },
  ],
  [
    'a check that has failed, with the app that reports it',
    'check_run',
    example('check_run', 'completed'),
    {
      schema: 'reentry.gate-outcome/1',
      kind: 'check-run',
      name: 'Octocoders-linter',
      headSha: head,
      conclusion: 'failure',
      source: { app: 'github-actions', appId: '29310' },
      pullRequests: [2],
    },
  ],
  [
    'a check that runs again and still carries the result before, which is no result',
    'check_run',
    example('check_run', 'created', { check_run: { status: 'in_progress', conclusion: 'success' } }),
    { conclusion: 'pending' },
  ],
  [
    'a check that has ended without a result, which passes nothing',
    'check_run',
    example('check_run', 'created', { check_run: { status: 'completed', conclusion: null } }),
    { conclusion: 'pending' },
  ],
  [
    'a workflow whose file is broken',
    'check_suite',
    example('check_suite', 'completed', { check_suite: { conclusion: 'startup_failure' } }),
    { kind: 'check-suite', name: 'octocoders-linter', conclusion: 'failure' },
  ],
  [
    'a status, which names no app',
    'status',
    example('status', undefined, { state: 'error' }),
    { kind: 'status', name: 'default', conclusion: 'failure', source: null },
  ],
  [
    'a run that was started again',
    'workflow_run',
    example('workflow_run', 'completed', {
      workflow_run: { run_attempt: 3, status: 'completed', conclusion: 'success' },
    }),
    { kind: 'workflow-run', hostId: '1589141559', attempt: 3, conclusion: 'success' },
  ],
  [
    'a job',
    'workflow_job',
    example('workflow_job', 'completed'),
    { kind: 'workflow-job', name: 'linters', attempt: 1, conclusion: 'failure' },
  ],
  [
    'a deployment',
    'deployment_status',
    example('deployment_status', 'created'),
    {
      schema: 'reentry.deployment/1',
      hostId: '145988746',
      sha: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
      environment: 'production',
      state: 'success',
      creator: codertocat,
    },
  ],
  [
    'a finding of a scanner',
    'code_scanning_alert',
    example('code_scanning_alert', 'created'),
    {
      schema: 'reentry.alert/1',
      kind: 'code-scanning',
      number: 10,
      state: 'open',
      severity: 'error',
      rule: 'java/sql-injection',
      tool: 'CodeQL',
    },
  ],
  [
    'a vulnerable dependency',
    'dependabot_alert',
    example('dependabot_alert', 'fixed'),
    { kind: 'dependency', number: 1, state: 'fixed', severity: 'medium', rule: 'GHSA-8f4m-hccc-8qph' },
  ],
  [
    'a payload of an Enterprise Server, whose accounts and repositories are its own',
    'push',
    examples.find(({ from, event }) => from === 'ghes-35' && event === 'push')?.payload ?? {},
    {
      repository: { ref: { id: 'octocoders.github.io/codertocat/hello-world' } },
      actor: { id: 'octocoders.github.io#4' },
    },
  ],
];

test.each(table)('%s is observed', (_, event, payload, expected) => {
  const observations = observationsOf(event, payload);

  expect(observations).toHaveLength(1);
  expect(observations[0]).toMatchObject(expected);
});

test('the secret of a secret-scanning alert is not even read', () => {
  const secret = 'AKIAIOSFODNN7EXAMPLE';
  const payload = example('secret_scanning_alert', 'reopened', {
    alert: { secret, resolution_comment: secret, resolution: 'revoked', resolved_at: '2024-01-01T00:00:00Z' },
  });

  const [observed] = observationsOf('secret_scanning_alert', payload);

  expect(observed).toMatchObject({
    kind: 'secret-scanning',
    number: 191,
    state: 'resolved',
    rule: 'adafruit_io_key',
    occurredAt: '2024-01-01T00:00:00Z',
  });
  expect(JSON.stringify(observed)).not.toContain(secret);
});
