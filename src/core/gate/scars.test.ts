import { describe, expect, test } from 'vitest';
import { evaluatePolicy } from './evaluate-policy.ts';
import type { GateInput, GateReview } from './gate-input.ts';
import {
  byAlice,
  earlier,
  earlierTree,
  head,
  headTree,
  input,
  participant,
  requiring,
  review,
  run,
} from './testing/gate-inputs.ts';

// Each of these passes one of the tools that came before (neighbours.md, "Test list taken from others' scars").

const policy = requiring('humanApprovals: 1, gates: [tests]');

function outcome(more: Partial<GateInput>) {
  return evaluatePolicy(input({ reviews: [review('bob')], outcomes: [run()], ...more }), policy).outcome;
}

test('without a scar it passes', () => {
  expect(outcome({})).toBe('satisfied');
});

describe('a name that looks like a machine’s exempts nobody', () => {
  test.each(['dependabot[bot]', 'svc_deploy', 'noreply@github.com', 'github-actions[bot]', 'x[bot] <x@y.z>'])(
    'commits of %s',
    (name) => {
      const forged = participant('commit-author', name, { account: null, actor: 'bot' });

      expect(outcome({ participants: [...byAlice, forged] })).toBe('indeterminate');
      expect(outcome({ participants: [...byAlice, forged], reviews: [] })).toBe('violated');
    },
  );

  test('a pull request of a bot without review', () => {
    const participants = [
      participant('pull-request-author', 'dependabot[bot]', { actor: 'bot' }),
      participant('commit-author', 'dependabot[bot]', { actor: 'bot' }),
      participant('committer', 'web-flow', { account: 'github.com#19864447', actor: 'bot' }),
      participant('last-pusher', 'dependabot[bot]', { actor: 'bot' }),
    ];

    expect(outcome({ participants, reviews: [] })).toBe('violated');
    expect(outcome({ participants })).toBe('indeterminate');
  });

  test('an app that was renamed keeps its account, and its approvals count for nothing', () => {
    const renamed: GateReview = review('friendly-person', { actor: 'agent' });

    expect(outcome({ reviews: [renamed] })).toBe('violated');
  });
});

describe('an agent under a person’s token', () => {
  test('approves nothing where signals say that it was the agent', () => {
    expect(outcome({ reviews: [review('bob', { actor: 'agent' })] })).toBe('violated');
    expect(outcome({ reviews: [review('bob', { actor: 'unknown' })] })).toBe('indeterminate');
  });

  test('makes whoever prompted it a participant: they approve nothing', () => {
    const participants = [...byAlice, participant('session-requester', 'bob')];

    expect(outcome({ class: 'ai', participants })).toBe('violated');
  });

  test('whom nobody can name leaves every approval open', () => {
    expect(outcome({ class: 'ai' })).toBe('indeterminate');
  });
});

describe('approved, then pushed', () => {
  const approvedBefore = review('bob', { commitSha: earlier, tree: earlierTree });

  test('a back-dated commit: times of commits are not looked at', () => {
    expect(outcome({ reviews: [approvedBefore], mergedAt: '2026-03-01T12:00:00Z' })).toBe('violated');
  });

  test('update-branch with the same content keeps the approval', () => {
    expect(outcome({ reviews: [review('bob', { commitSha: earlier, tree: headTree })] })).toBe('satisfied');
  });

  test('update-branch with other content, as after a conflict, does not', () => {
    expect(outcome({ reviews: [approvedBefore] })).toBe('violated');
  });

  test('by the approver: the last pusher approves nothing', () => {
    expect(outcome({ participants: [...byAlice, participant('last-pusher', 'bob')] })).toBe('violated');
  });

  test('and approved again on the head', () => {
    const again = review('bob', { hostId: 'again', submittedAt: '2026-03-01T11:00:00Z' });

    expect(outcome({ reviews: [approvedBefore, again] })).toBe('satisfied');
  });
});

describe('dismissed', () => {
  const dismissed = review('bob', { state: 'dismissed' });

  test('an approval counts no more, also where its first state is still listed', () => {
    expect(outcome({ reviews: [dismissed] })).toBe('violated');
    expect(outcome({ reviews: [review('bob'), dismissed] })).toBe('violated');
    expect(outcome({ reviews: [review('bob'), { ...dismissed, reviewer: null }] })).toBe('violated');
  });

  test('and approved again it counts', () => {
    const again = review('bob', { hostId: 'again', submittedAt: '2026-03-01T10:00:01Z' });

    expect(outcome({ reviews: [dismissed, again] })).toBe('satisfied');
    expect(outcome({ reviews: [dismissed, { ...again, submittedAt: dismissed.submittedAt }] })).toBe(
      'violated',
    );
  });

  test('the last verdict of a person does not bring an earlier one back', () => {
    const first = review('bob', { hostId: 'first', submittedAt: '2026-03-01T08:00:00Z' });

    expect(outcome({ reviews: [first, dismissed] })).toBe('violated');
  });
});

test('a reviewer without the right to push approves nothing', () => {
  expect(outcome({ reviews: [review('bob', { permission: 'read' })] })).toBe('violated');
  expect(outcome({ reviews: [review('bob', { permission: 'none' })] })).toBe('violated');
  expect(outcome({ reviews: [review('bob', { permission: null })] })).toBe('indeterminate');
});

test('a forged status from another source passes no gate and fails none', () => {
  const forged = run({ source: null, kind: 'status' });

  expect(outcome({ outcomes: [forged] })).toBe('violated');
  expect(outcome({ outcomes: [run({ source: { app: 'evil-ci', appId: '1' } })] })).toBe('violated');
  expect(outcome({ outcomes: [run(), { ...forged, conclusion: 'failure' }] })).toBe('satisfied');
});

test('of nobody everything would be true: empty lists satisfy nothing', () => {
  expect(outcome({ reviews: [] })).toBe('violated');
  expect(outcome({ outcomes: [] })).toBe('violated');
  expect(outcome({ participants: [] })).toBe('indeterminate');
  expect(outcome({ reviews: null })).toBe('indeterminate');
  expect(outcome({ outcomes: null })).toBe('indeterminate');
});

test('null commits and trees are equal to nothing', () => {
  const nowhere = review('bob', { commitSha: null, tree: null });

  expect(outcome({ reviews: [nowhere], headTree: null })).toBe('indeterminate');
  expect(outcome({ reviews: [review('bob', { commitSha: earlier, tree: null })], headTree: null })).toBe(
    'indeterminate',
  );
  expect(outcome({ reviews: [review('bob', { commitSha: head, tree: null })], headTree: null })).toBe(
    'satisfied',
  );
});

test('an author whose e-mail is nobody’s account leaves every approval open', () => {
  const somebody = participant('commit-author', 'bob@home.example', { account: null });

  expect(outcome({ participants: [...byAlice, somebody] })).toBe('indeterminate');
});

describe('an AI as the last reviewer', () => {
  const last = { hostId: 'last', actor: 'agent', submittedAt: '2026-03-01T11:59:00Z' } as const;

  test('does not stand in for a person', () => {
    expect(outcome({ reviews: [review('copilot', last)] })).toBe('violated');
  });

  test('does not take a person’s approval away, and does not end requested changes', () => {
    expect(outcome({ reviews: [review('bob'), review('copilot', last)] })).toBe('satisfied');
    const requested = review('bob', { state: 'changes-requested' });
    expect(outcome({ reviews: [requested, review('carol'), review('copilot', last)] })).toBe('violated');
  });

  test('is told in the reasons', () => {
    const { results } = evaluatePolicy(input({ reviews: [review('copilot', last)] }), policy);

    expect(results[0]?.because).toContain(
      'The approval by copilot does not count: it comes from an agent, and only people approve.',
    );
  });
});
