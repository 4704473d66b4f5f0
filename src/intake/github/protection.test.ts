import { expect, test } from 'vitest';
import { example, type Json, observationsOf, parse } from './testing/deliveries.ts';

const repository = (example('push', undefined).repository ?? {}) as Json;
const sender = example('push', undefined).sender;

/** As in GitHub's OpenAPI description, `webhook-repository-ruleset-edited`. */
function ruleset(changed: Json = {}, around: Json = { repository }): Json {
  return {
    action: 'edited',
    sender,
    ...around,
    repository_ruleset: {
      id: 42,
      name: 'main',
      target: 'branch',
      source_type: 'Repository',
      source: 'Codertocat/Hello-World',
      enforcement: 'active',
      bypass_actors: [],
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH', 'refs/heads/release/*'], exclude: [] } },
      rules: [
        { type: 'deletion' },
        { type: 'non_fast_forward' },
        {
          type: 'pull_request',
          parameters: {
            required_approving_review_count: 2,
            dismiss_stale_reviews_on_push: true,
            require_code_owner_review: true,
            require_last_push_approval: false,
            required_review_thread_resolution: false,
          },
        },
        {
          type: 'required_status_checks',
          parameters: {
            strict_required_status_checks_policy: true,
            required_status_checks: [{ context: 'ci/test', integration_id: 15368 }, { context: 'lint' }],
          },
        },
      ],
      created_at: '2026-01-01T00:00:00.000+01:00',
      updated_at: '2026-02-01T00:00:00.000+01:00',
      ...changed,
    },
  };
}

test('a ruleset is observed as one source by itself, with the app that alone may report a check', () => {
  expect(observationsOf('repository_ruleset', ruleset())).toMatchObject([
    {
      schema: 'reentry.protection/1',
      action: 'repository_ruleset.edited',
      branch: null,
      source: {
        id: '42',
        name: 'main',
        level: 'repository',
        include: ['~DEFAULT_BRANCH', 'refs/heads/release/*'],
        exclude: [],
      },
      rules: {
        requiresPullRequest: true,
        approvals: 2,
        dismissesStale: true,
        lastPushApproval: false,
        codeOwners: true,
        requiredGates: [
          { name: 'ci/test', appId: '15368' },
          { name: 'lint', appId: null },
        ],
        blocksForcePush: true,
        blocksDeletion: true,
        appliesToAdmins: true,
      },
      enforcement: 'active',
      bypass: [],
      sources: ['42'],
      occurredAt: '2026-01-31T23:00:00Z',
    },
  ]);
});

test('who may pass a ruleset by is told; where GitHub does not tell it, nobody is said to be bound', () => {
  const bypassed = [{ actor_id: null, actor_type: 'OrganizationAdmin', bypass_mode: 'exempt' }];

  expect(observationsOf('repository_ruleset', ruleset({ bypass_actors: bypassed }))).toMatchObject([
    { bypass: [{ kind: 'OrganizationAdmin', id: null, mode: 'exempt' }], rules: { appliesToAdmins: false } },
  ]);
  expect(observationsOf('repository_ruleset', ruleset({ bypass_actors: undefined }))).toMatchObject([
    { bypass: null, rules: { appliesToAdmins: null } },
  ]);
});

test('rules that cannot be read are not known, which is not the same as not there', () => {
  const unread = { requiresPullRequest: null, approvals: null, requiredGates: null, blocksForcePush: null };

  expect(observationsOf('repository_ruleset', ruleset({ rules: undefined }))).toMatchObject([
    { rules: unread },
  ]);
  expect(parse('repository_ruleset', ruleset({ rules: [{ type: 'deletion' }, 'what?'] }))).toMatchObject({
    observations: [{ rules: unread }],
    remarks: ['repository_ruleset.rules: 1 items cannot be read'],
  });
  expect(
    observationsOf(
      'repository_ruleset',
      ruleset({ rules: [{ type: 'pull_request', parameters: {} }, { type: 'required_status_checks' }] }),
    ),
  ).toMatchObject([
    { rules: { requiresPullRequest: true, approvals: null, requiredGates: null, blocksForcePush: false } },
  ]);
  expect(observationsOf('repository_ruleset', ruleset({ rules: [] }))).toMatchObject([
    { rules: { requiresPullRequest: false, approvals: 0, requiredGates: [], blocksForcePush: false } },
  ]);
});

test('a ruleset that is only tried out says so, and one that is deleted enforces nothing', () => {
  const deleted = { ...ruleset(), action: 'deleted' };

  expect(observationsOf('repository_ruleset', ruleset({ enforcement: 'evaluate' }))).toMatchObject([
    { enforcement: 'evaluate' },
  ]);
  expect(observationsOf('repository_ruleset', deleted)).toMatchObject([
    { enforcement: null, rules: { approvals: 0, requiredGates: [] }, occurredAtFrom: 'receipt' },
  ]);
});

test('a ruleset of an organisation has no repository, and is the organisation’s', () => {
  const organization = { login: 'Octocoders', id: 38302899, url: 'https://api.github.com/orgs/Octocoders' };

  const [observed] = observationsOf(
    'repository_ruleset',
    ruleset({ source_type: 'Organization' }, { organization, sender: null }),
  );

  expect(observed).toMatchObject({
    repository: null,
    owner: { id: 'github.com#38302899', login: 'Octocoders', kind: 'organization' },
    source: { level: 'organization' },
  });
});

test('a ruleset for tags holds no branch: that it changed is told', () => {
  expect(observationsOf('repository_ruleset', ruleset({ target: 'tag' }))).toMatchObject([
    {
      schema: 'reentry.access-change/1',
      action: 'repository_ruleset.edited',
      detail: { ruleset: '42', target: 'tag', enforcement: 'active' },
    },
  ]);
});

test('a branch protection whose levels are off requires nothing, whatever the values beside them say', () => {
  const rule = {
    pull_request_reviews_enforcement_level: 'off',
    required_approving_review_count: 3,
    required_status_checks_enforcement_level: 'off',
    required_status_checks: ['ci/test'],
    allow_force_pushes_enforcement_level: 'everyone',
  };

  expect(
    observationsOf('branch_protection_rule', example('branch_protection_rule', 'created', { rule })),
  ).toMatchObject([
    {
      schema: 'reentry.protection/1',
      source: { name: 'main', include: ['main'], level: 'repository' },
      rules: { requiresPullRequest: false, approvals: 0, requiredGates: [], blocksForcePush: false },
      bypass: null,
      sources: ['branch-protection'],
    },
  ]);
});

test('a branch protection that is on requires what it says, and of nobody who administers unless it says so', () => {
  const rule = { pull_request_reviews_enforcement_level: 'everyone', required_approving_review_count: 2 };

  expect(
    observationsOf('branch_protection_rule', example('branch_protection_rule', 'created', { rule })),
  ).toMatchObject([
    {
      rules: {
        requiresPullRequest: true,
        approvals: 2,
        requiredGates: [{ name: 'test', appId: null }],
        blocksForcePush: true,
        blocksDeletion: true,
        appliesToAdmins: false,
      },
      enforcement: 'active',
    },
  ]);
});

test('branch protection that is switched off altogether is a change of access', () => {
  expect(
    observationsOf('branch_protection_configuration', { action: 'disabled', repository, sender }),
  ).toMatchObject([{ action: 'branch_protection_configuration.disabled', subject: 'github.com#186853002' }]);
});
