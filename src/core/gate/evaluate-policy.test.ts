import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluatePolicy, verdictWithoutPolicy } from './evaluate-policy.ts';
import type { GateInput, GateReview, Participant } from './gate-input.ts';
import type { Policy } from './policy.ts';
import {
  account,
  byAlice,
  earlier,
  earlierTree,
  head,
  headTree,
  input,
  override,
  participant,
  policyOf,
  review,
  run,
} from './testing/gate-inputs.ts';
import type { Verdict } from './verdict.ts';

const policy = policyOf(`version: 1
rules:
  - id: any-change
    require: { humanApprovals: 1, gates: [tests] }
  - id: agent-made
    when: { class: [ai, mixed] }
    require: { humanApprovals: 2, attributionLevel: 3, gates: [tests, sast] }
  - id: workflows
    when: { paths: [.github/workflows/**] }
    require: { approvalsFrom: [platform-team, security-team], ticket: true }
gates:
  tests: { check: ci/test, app: github-actions }
  sast: { sarif: codeql, maxNew: { critical: 0 } }
emergency: { label: hotfix, approvers: [on-call], reviewWithinHours: 48 }
`);

const good: Partial<GateInput> = { reviews: [review('bob')], outcomes: [run()] };

describe('a verdict', () => {
  test('is satisfied where every rule that fits is', () => {
    expect(evaluatePolicy(input(good), policy)).toMatchObject({
      outcome: 'satisfied',
      pending: false,
      policyDigest: policy.digest,
      matched: ['any-change'],
      results: [
        { rule: 'any-change', requirement: 'humanApprovals', outcome: 'satisfied' },
        { rule: 'any-change', requirement: 'gates', subject: 'tests', outcome: 'satisfied' },
      ],
    });
  });

  test('holds what every rule asks, each on its own', () => {
    const asked = [...byAlice, participant('session-requester', 'alice')];
    const verdict = evaluatePolicy(
      input({ ...good, class: 'ai', participants: asked, paths: ['.github/workflows/ci.yml'] }),
      policy,
    );

    expect(verdict.outcome).toBe('violated');
    expect(
      verdict.results.map((result) => [result.rule, result.requirement, result.subject, result.outcome]),
    ).toEqual([
      ['any-change', 'humanApprovals', undefined, 'satisfied'],
      ['any-change', 'gates', 'tests', 'satisfied'],
      ['agent-made', 'humanApprovals', undefined, 'violated'],
      ['agent-made', 'gates', 'tests', 'satisfied'],
      ['agent-made', 'gates', 'sast', 'violated'],
      ['agent-made', 'attributionLevel', undefined, 'satisfied'],
      ['workflows', 'approvalsFrom', 'platform-team', 'violated'],
      ['workflows', 'approvalsFrom', 'security-team', 'violated'],
      ['workflows', 'ticket', undefined, 'satisfied'],
    ]);
  });

  test('says that a rule applies because something is not known', () => {
    const { matched, results } = evaluatePolicy(input({ ...good, class: 'unknown' }), policy);

    expect(matched).toEqual(['any-change', 'agent-made']);
    expect(results.filter(({ rule }) => rule === 'agent-made').map(({ because }) => because.at(-1))).toEqual(
      Array(4).fill('The rule applies because nobody knows whether an agent made the change.'),
    );
  });

  test('is indeterminate where nothing is violated and something is not known, and does not wait for what never comes', () => {
    const { outcome, pending } = evaluatePolicy(input({ reviews: null, outcomes: null }), policy);

    expect({ outcome, pending }).toEqual({ outcome: 'indeterminate', pending: false });
  });

  test('waits only while nothing else stands in the way', () => {
    const running = run({ conclusion: 'pending', completedAt: null });

    expect(evaluatePolicy(input({ ...good, outcomes: [running] }), policy)).toMatchObject({
      outcome: 'indeterminate',
      pending: true,
    });
    const failed = [run({ conclusion: 'failure' })];
    expect(evaluatePolicy(input({ reviews: [], outcomes: failed }), policy)).toMatchObject({
      outcome: 'violated',
      pending: false,
    });
  });

  test('is satisfied where no rule fits: nothing is asked', () => {
    const narrow = policyOf(
      'version: 1\nrules:\n  - id: one\n    when: { band: [critical] }\n    require: { ticket: true }\n',
    );

    expect(evaluatePolicy(input(), narrow)).toMatchObject({ outcome: 'satisfied', matched: [], results: [] });
  });

  test('is indeterminate where there is no policy', () => {
    expect(verdictWithoutPolicy('There is no policy.', 'Write one.')).toMatchObject({
      outcome: 'indeterminate',
      policyDigest: null,
    });
  });

  test('is not lifted by the label of an emergency, which names who can', () => {
    const { outcome, results } = evaluatePolicy(input({ labels: ['hotfix'] }), policy);

    expect(outcome).toBe('violated');
    expect(results[0]?.todo.at(-1)).toContain('Emergency: on-call can lift the rule');
  });
});

const logins = ['alice', 'bob', 'carol', 'dave'] as const;
const oneReview: fc.Arbitrary<GateReview> = fc.record({
  hostId: fc.constantFrom('1', '2', '3', '4', '5'),
  reviewer: fc.option(
    fc.constantFrom(...logins).map((login) => account(login)),
    { freq: 8 },
  ),
  actor: fc.constantFrom('human', 'human', 'human', 'agent', 'bot', 'unknown'),
  state: fc.constantFrom('approved', 'approved', 'changes-requested', 'commented', 'dismissed'),
  commitSha: fc.constantFrom(head, head, earlier, null),
  tree: fc.constantFrom(headTree, earlierTree, null),
  submittedAt: fc.constantFrom(
    '2026-03-01T09:00:00Z',
    '2026-03-01T10:00:00Z',
    '2026-03-01T12:30:00Z',
    'soon',
  ),
  permission: fc.constantFrom('write', 'write', 'admin', 'read', null),
  teams: fc.constantFrom(['platform-team', 'security-team'], ['platform-team'], [], null),
});
const oneParticipant: fc.Arbitrary<Participant> = fc.record({
  part: fc.constantFrom('commit-author', 'co-author', 'session-requester', 'last-pusher', 'committer'),
  name: fc.constantFrom(...logins, 'noreply@github.com'),
  account: fc.constantFrom('github.com#alice', 'github.com#bob', null),
  actor: fc.constantFrom('human', 'agent', 'bot', 'unknown'),
});
const anyInput: fc.Arbitrary<GateInput> = fc
  .record({
    number: fc.constantFrom(7, null),
    class: fc.constantFrom('human', 'ai', 'mixed', 'unknown'),
    attributionLevel: fc.constantFrom(null, 1, 3),
    band: fc.constantFrom(null, 'low', 'critical'),
    paths: fc.constantFrom([], ['src/a.ts'], ['.github/workflows/ci.yml']),
    pathsComplete: fc.boolean(),
    labels: fc.constantFrom(null, [], ['hotfix']),
    participants: fc.array(oneParticipant, { maxLength: 3 }).map((more) => [...byAlice, ...more]),
    reviews: fc.option(fc.array(oneReview, { maxLength: 6 }), { freq: 8 }),
    outcomes: fc.option(
      fc.array(
        fc
          .record({
            name: fc.constantFrom('ci/test', 'codeql'),
            kind: fc.constantFrom('check-run', 'report'),
            conclusion: fc.constantFrom('success', 'failure', 'pending'),
            source: fc.constantFrom(null, { app: 'github-actions', appId: '15368' }),
          })
          .map((more) => run({ ...more, newFindings: {} })),
        { maxLength: 3 },
      ),
    ),
    tickets: fc.constantFrom(null, [], ['SHOP-1']),
    mergedAt: fc.constantFrom(null, '2026-03-01T12:00:00Z'),
    overrides: fc.constantFrom([], [override()], [override({ rule: 'workflows' })]),
  })
  .map((more) => input(more as Partial<GateInput>));

/** The rules that these bits choose, in order. */
function some(bits: number): Policy {
  return { ...policy, rules: policy.rules.filter((_, index) => (bits & (1 << index)) !== 0) };
}

const worth: Readonly<Record<Verdict['outcome'], number>> = { violated: 0, indeterminate: 1, satisfied: 2 };

describe('for every change', () => {
  test('a rule more never makes a verdict better', () => {
    fc.assert(
      fc.property(anyInput, fc.nat(7), fc.nat(7), (change, fewer, more) => {
        const without = evaluatePolicy(change, some(fewer));
        const together = evaluatePolicy(change, some(fewer | more));

        expect(worth[together.outcome]).toBeLessThanOrEqual(worth[without.outcome]);
      }),
      { numRuns: 500 },
    );
  });

  test('an approval less never makes a verdict better', () => {
    fc.assert(
      fc.property(anyInput, fc.nat(5), (change, index) => {
        const approvals = change.reviews?.filter(({ state }) => state === 'approved') ?? [];
        const gone = approvals[index % Math.max(1, approvals.length)];
        const reviews = change.reviews?.filter((one) => one !== gone) ?? null;

        const before = evaluatePolicy(change, policy);
        const after = evaluatePolicy({ ...change, reviews }, policy);

        expect(worth[after.outcome]).toBeLessThanOrEqual(worth[before.outcome]);
        for (const [at, result] of after.results.entries())
          expect(worthOf(result.outcome)).toBeLessThanOrEqual(worthOf(before.results[at]?.outcome));
      }),
      { numRuns: 2_000 },
    );
  });

  test('somebody more who took part never makes an approval independent', () => {
    fc.assert(
      fc.property(anyInput, oneParticipant, (change, somebody) => {
        fc.pre(somebody.part !== 'session-requester');
        const before = evaluatePolicy({ ...change, overrides: [] }, policy);
        const participants = [...change.participants, somebody];
        const after = evaluatePolicy({ ...change, overrides: [], participants }, policy);

        expect(worth[after.outcome]).toBeLessThanOrEqual(worth[before.outcome]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('the order in which reviews arrive decides nothing', () => {
    fc.assert(
      fc.property(anyInput, (change) => {
        const reviews = change.reviews?.toReversed() ?? null;
        const outcomes = change.outcomes?.toReversed() ?? null;

        const [one, other] = [change, { ...change, reviews, outcomes }].map((each) =>
          evaluatePolicy(each, policy),
        );

        expect(other?.results.map(({ outcome }) => outcome)).toEqual(
          one?.results.map(({ outcome }) => outcome),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('what does not pass says why, and satisfied requirements leave nothing to do', () => {
    fc.assert(
      fc.property(anyInput, (change) => {
        for (const { outcome, because, todo } of evaluatePolicy(change, policy).results) {
          expect(because.length).toBeGreaterThan(0);
          if (outcome === 'satisfied') expect(todo).toEqual([]);
        }
      }),
    );
  });
});

function worthOf(outcome: string | undefined): number {
  return worth[outcome as Verdict['outcome']] ?? -1;
}
