import { describe, expect, test } from 'vitest';
import { approvalFrom } from './approvals-from.ts';
import type { GateInput, GateReview } from './gate-input.ts';
import { humanApprovals } from './human-approvals.ts';
import {
  account,
  byAlice,
  earlier,
  earlierTree,
  head,
  input,
  participant,
  review,
} from './testing/gate-inputs.ts';

function judged(reviews: readonly GateReview[] | null, more: Partial<GateInput> = {}, needed = 1) {
  return humanApprovals(input({ reviews, ...more }), needed);
}

describe('an approval counts', () => {
  test('that an independent person with the right to write gave on the head', () => {
    expect(judged([review('bob')])).toEqual({
      outcome: 'satisfied',
      pending: false,
      because: ['1 of 1 approvals by independent people: bob.'],
      todo: [],
    });
  });

  test('once a person', () => {
    const twice = [review('bob', { hostId: '1' }), review('bob', { hostId: '2' })];

    expect(judged(twice, {}, 2).outcome).toBe('violated');
    expect(judged([...twice, review('carol')], {}, 2).outcome).toBe('satisfied');
  });

  test('whatever they said later that is no verdict', () => {
    const later = review('bob', { hostId: '2', state: 'commented', submittedAt: '2026-03-01T11:00:00Z' });

    expect(judged([review('bob'), later]).outcome).toBe('satisfied');
  });

  test('of a merged change where it came before the merge', () => {
    const merged = { mergedAt: '2026-03-01T10:30:00Z' };

    expect(judged([review('bob')], merged).outcome).toBe('satisfied');
    expect(judged([review('bob', { submittedAt: '2026-03-01T10:30:01Z' })], merged)).toMatchObject({
      outcome: 'violated',
      pending: false,
      because: expect.arrayContaining([expect.stringContaining('it came after the merge')]),
    });
  });
});

describe('an approval does not count, and a person more may still come', () => {
  test.each([
    ['of an agent', { actor: 'agent' }, 'only people approve'],
    ['of a bot', { actor: 'bot' }, 'only people approve'],
    ['of what the host calls a bot', { reviewer: account('bob', 'bot') }, 'only people approve'],
    ['that was dismissed', { state: 'dismissed' }, '0 of 1'],
    ['that is a comment', { state: 'commented' }, '0 of 1'],
    ['of somebody who may only read', { permission: 'read' }, 'is `read`, not to write'],
    ['of somebody who may only triage', { permission: 'triage' }, 'is `triage`, not to write'],
    ['on other content', { commitSha: earlier, tree: earlierTree }, 'whose content is not that of the head'],
  ] as const)('%s', (_, more, because) => {
    const { outcome, pending, because: said, todo } = judged([review('bob', more as Partial<GateReview>)]);

    expect({ outcome, pending }).toEqual({ outcome: 'violated', pending: true });
    expect(said.join('\n')).toContain(because);
    expect(todo).toEqual([expect.stringContaining('Get an approval of the present head')]);
  });

  test.each([
    'pull-request-author',
    'commit-author',
    'committer',
    'co-author',
    'session-requester',
    'last-pusher',
  ] as const)('of a %s', (part) => {
    const { outcome, because } = judged([review('bob')], {
      participants: [...byAlice, participant(part, 'bob')],
    });

    expect(outcome).toBe('violated');
    expect(because.join('\n')).toContain('they took part in the change');
  });

  test('and where there is none at all', () => {
    expect(judged([])).toMatchObject({ outcome: 'violated', pending: true });
  });
});

describe('of an approval nobody can tell', () => {
  test.each([
    ['whose permission is not known', { permission: null }, 'what they may do'],
    ['whose account is gone', { reviewer: null }, 'the account is gone'],
    ['whose actor is not known', { actor: 'unknown' }, 'a person or an agent'],
    ['whose commit is not known', { commitSha: null }, 'whether it was given on the content'],
    [
      'on a commit whose tree is gone',
      { commitSha: earlier, tree: null },
      'whether it was given on the content',
    ],
    ['whose time is none', { submittedAt: 'yesterday' }, 'when it was given'],
    ['whose time has no zone', { submittedAt: '2026-03-01T10:00:00' }, 'when it was given'],
  ] as const)('%s', (_, more, because) => {
    const { outcome, because: said } = judged([review('bob', more as Partial<GateReview>)]);

    expect(outcome).toBe('indeterminate');
    expect(said.join('\n')).toContain(because);
    expect(judged([review('bob', more as Partial<GateReview>), review('carol')]).outcome).toBe('satisfied');
  });

  test.each([
    [
      'an e-mail that is nobody’s account',
      [...byAlice, participant('commit-author', 'x@example.org', { account: null })],
      'x@example.org',
    ],
    ['an empty account', [...byAlice, participant('co-author', 'eve', { account: '' })], 'eve'],
    ['no participants at all', [], 'Who opened the pull request is not known'],
    ['no pusher', byAlice.filter(({ part }) => part !== 'last-pusher'), 'Who pushed last is not known'],
    [
      'a committer who calls itself a bot',
      [...byAlice, participant('committer', 'x[bot]', { account: null, actor: 'bot' })],
      'x[bot]',
    ],
    [
      'an agent that nobody asked',
      [...byAlice, participant('co-author', 'claude', { account: null, actor: 'agent' })],
      'Who asked the agent (claude)',
    ],
    [
      'a bot’s pull request that nobody asked for',
      [participant('pull-request-author', 'swe-agent', { actor: 'bot' }), ...byAlice.slice(1)],
      'Who asked the agent (swe-agent)',
    ],
    [
      'a session of which nobody knows who asked',
      [...byAlice, participant('session-requester', '', { account: null })],
      'The account of somebody (who asked the agent)',
    ],
    [
      'a session that an agent started',
      [...byAlice, participant('session-requester', 'devin', { actor: 'agent' })],
      'On whose behalf devin asked',
    ],
  ] as const)('with %s', (_, participants, because) => {
    const {
      outcome,
      pending,
      because: said,
      todo,
    } = judged([review('bob'), review('carol')], { participants });

    expect({ outcome, pending }).toEqual({ outcome: 'indeterminate', pending: false });
    expect(said.join('\n')).toContain(because);
    expect(todo.join('\n')).toContain('Tie the names');
  });

  test('where the change is an agent’s and no session is known', () => {
    expect(judged([review('bob')], { class: 'ai' }).outcome).toBe('indeterminate');
    expect(judged([review('bob')], { class: 'mixed' }).outcome).toBe('indeterminate');
    const asked = [...byAlice, participant('session-requester', 'alice')];
    expect(judged([review('bob')], { class: 'ai', participants: asked }).outcome).toBe('satisfied');
  });

  test('where no source tells of reviews', () => {
    expect(judged(null)).toMatchObject({ outcome: 'indeterminate', pending: false });
  });

  test('where the time of the merge is none', () => {
    expect(judged([review('bob')], { mergedAt: '2026-03-01' }).outcome).toBe('indeterminate');
  });
});

describe('GitHub’s own committer is no participant', () => {
  const committed = (name: string, account: string | null) => [
    ...byAlice.filter(({ part }) => part !== 'committer'),
    participant('committer', name, { account }),
  ];

  test.each([
    ['by its account', 'web-flow', 'github.com#19864447', 'satisfied'],
    ['by its address where no account is known', 'noreply@github.com', null, 'satisfied'],
    ['but not by its name', 'web-flow', null, 'indeterminate'],
    ['and not by its address under another account', 'noreply@github.com', 'github.com#bob', 'violated'],
  ])('%s', (_, name, account, outcome) => {
    expect(judged([review('bob')], { participants: committed(name, account) }).outcome).toBe(outcome);
  });

  test('as committer only', () => {
    const participants = [...byAlice, participant('commit-author', 'noreply@github.com', { account: null })];

    expect(judged([review('bob')], { participants }).outcome).toBe('indeterminate');
  });
});

describe('requested changes', () => {
  const request = (login: string, more: Partial<GateReview> = {}) =>
    review(login, { hostId: `request of ${login}`, state: 'changes-requested', ...more });

  test('block, whoever else approves', () => {
    expect(judged([review('bob'), review('carol'), request('dave')])).toMatchObject({
      outcome: 'violated',
      pending: false,
      because: expect.arrayContaining([expect.stringContaining('dave requests changes')]),
    });
  });

  test('block from an earlier commit too', () => {
    expect(judged([review('bob'), request('dave', { commitSha: earlier, tree: earlierTree })]).outcome).toBe(
      'violated',
    );
  });

  test('end with a later approval by the same person, not with an earlier one', () => {
    expect(judged([request('bob', { submittedAt: '2026-03-01T09:00:00Z' }), review('bob')]).outcome).toBe(
      'satisfied',
    );
    expect(judged([request('bob', { submittedAt: '2026-03-01T10:00:00Z' }), review('bob')]).outcome).toBe(
      'violated',
    );
    expect(judged([request('bob', { submittedAt: '2026-03-01T11:00:00Z' }), review('bob')]).outcome).toBe(
      'violated',
    );
  });

  test('end when they are dismissed', () => {
    const dismissed = request('dave', { state: 'dismissed' });

    expect(judged([review('bob'), dismissed]).outcome).toBe('satisfied');
    expect(judged([review('bob'), request('dave'), dismissed]).outcome).toBe('satisfied');
  });

  test('of somebody who may not write block nothing, of somebody unknown nobody can tell', () => {
    expect(judged([review('bob'), request('dave', { permission: 'read' })]).outcome).toBe('satisfied');
    expect(judged([review('bob'), request('dave', { permission: null })])).toMatchObject({
      outcome: 'indeterminate',
      pending: false,
    });
  });
});

describe('an approval from a team', () => {
  const judgedFor = (teams: readonly string[] | null, more: Partial<GateReview> = {}) =>
    approvalFrom(input({ reviews: [review('bob', { teams, ...more })] }), 'platform-team');

  test('needs somebody of that team, who is independent as everybody else', () => {
    expect(judgedFor(['platform-team']).outcome).toBe('satisfied');
    expect(judgedFor(['platform']).outcome).toBe('violated');
    expect(judgedFor([]).outcome).toBe('violated');
    expect(judgedFor(['platform-team'], { permission: 'read' }).outcome).toBe('violated');
    expect(judgedFor(['platform-team'], { reviewer: account('alice') }).outcome).toBe('violated');
  });

  test('is open where nobody knows the teams', () => {
    expect(judgedFor(null)).toMatchObject({
      outcome: 'indeterminate',
      pending: true,
      because: expect.arrayContaining(['The teams of bob, who approved, are not known.']),
    });
  });

  test('is kept back by requested changes of anybody', () => {
    const reviews = [
      review('bob', { teams: ['platform-team'] }),
      review('dave', { state: 'changes-requested' }),
    ];

    expect(approvalFrom(input({ reviews }), 'platform-team').outcome).toBe('violated');
  });
});

test('sentences stay few however many reviews there are', () => {
  const reviews = Array.from({ length: 500 }, (_, at) => review(`bot-${at}`, { actor: 'bot' }));

  const { because } = judged(reviews);

  expect(because).toHaveLength(26);
  expect(because.at(-1)).toBe('And 476 more.');
});

test('a commit of the same tree is the same content', () => {
  expect(judged([review('bob', { commitSha: earlier })]).outcome).toBe('satisfied');
  expect(judged([review('bob', { commitSha: earlier, tree: '' })], { headTree: '' }).outcome).toBe(
    'indeterminate',
  );
  expect(judged([review('bob', { commitSha: '', tree: null })], { headSha: '' }).outcome).toBe(
    'indeterminate',
  );
  expect(judged([review('bob', { commitSha: head, tree: null })], { headTree: null }).outcome).toBe(
    'satisfied',
  );
});
