import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPublishedShapes } from './testing/published-shapes.ts';
import { appToken, openTestWorld, type TestWorld } from './testing/test-world.ts';

// Held against GitHub's own description of its API and webhooks, after a bit of everything has happened.

const shapes = readPublishedShapes();
let world: TestWorld;
const places: Record<string, string | number> = {};

beforeAll(async () => {
  world = await openTestWorld();
  const { host, acme, shop, ada, ben, app, installation } = world;
  const team = host.createTeam(acme, 'Core Team', ada);
  host.addToTeam(team, ben, ada);
  host.grantTeam({ repository: shop, team, permission: 'maintain', by: ada });
  const ruleset = host.createRuleset(
    shop,
    {
      name: 'main',
      rules: [
        { type: 'deletion' },
        { type: 'non_fast_forward' },
        {
          type: 'required_status_checks',
          parameters: {
            strict_required_status_checks_policy: false,
            required_status_checks: [{ context: 'unit', integration_id: app.id }],
          },
        },
        {
          type: 'pull_request',
          parameters: {
            required_approving_review_count: 0,
            dismiss_stale_reviews_on_push: true,
            require_code_owner_review: false,
            require_last_push_approval: false,
            required_review_thread_resolution: false,
          },
        },
      ],
      bypassActors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
    },
    ada,
  );
  host.editRuleset(ruleset, { enforcement: 'evaluate' }, ada);
  host.editRuleset(ruleset, { enforcement: 'active' }, ada);
  host.createRuleset(acme, { name: 'everywhere', rules: [{ type: 'deletion' }] }, ada);
  host.protectBranch({
    repository: shop,
    branch: 'main',
    by: ada,
    requiredChecks: [{ context: 'unit', appId: app.id }],
    reviews: { approvals: 0, dismissesStale: true, codeOwners: false, lastPushApproval: false },
  });
  const pull = await world.openPull('feature');
  const of = { repository: shop, pull };
  await host.requestReview({ ...of, by: ben, reviewer: ada });
  await host.requestReview({ ...of, by: ben, reviewer: team });
  await host.addLabel({ ...of, by: ben, name: 'feature' });
  host.review({
    ...of,
    by: ada,
    state: 'COMMENTED',
    body: 'Hm.',
    comments: [{ path: 'src/cart.ts', line: 1, body: 'Why?' }],
  });
  const review = host.review({ ...of, by: ada, state: 'APPROVED' });
  const run = await host.reportCheck({
    repository: shop,
    app,
    sha: pull.headSha,
    report: { name: 'unit', conclusion: 'failure' },
  });
  await host.reportStatus({
    repository: shop,
    sha: pull.headSha,
    state: 'success',
    context: 'lint',
    by: ben,
  });
  const workflow = await host.startWorkflowRun({
    repository: shop,
    sha: pull.headSha,
    branch: 'feature',
    name: 'Build',
    by: ben,
    actions: host.actions,
  });
  await host.finishWorkflowRun(shop, workflow, 'success');
  const second = await world.openPull('second', 'renamed.ts');
  await host.merge({ repository: shop, pull: second, by: ada, bypass: true });
  const deployment = host.createDeployment({
    repository: shop,
    sha: second.mergeCommitSha ?? '',
    ref: 'main',
    by: ben,
  });
  host.reportDeployment({ repository: shop, deployment, state: 'success', by: ben });
  host.raiseAlert(shop, {
    rule: { id: 'js/sql-injection', severity: 'error', securitySeverity: 'high' },
    sha: second.mergeCommitSha ?? '',
    path: 'src/cart.ts',
    line: 1,
    by: ben,
  });
  await host.webhooks.settled();
  Object.assign(places, {
    installation_id: installation.id,
    owner: 'acme',
    repo: 'shop',
    org: 'acme',
    team_slug: 'core-team',
    username: 'ben',
    pull_number: pull.number,
    review_id: review.id,
    check_run_id: run.id,
    run_id: workflow.id,
    ref: pull.headSha,
    commit_sha: pull.headSha,
    tree_sha: pull.headSha,
    branch: 'main',
    basehead: 'main...feature',
    path: 'README.md',
    ruleset_id: ruleset.id,
    version_id: ruleset.versions[0]?.versionId ?? 0,
    rule_suite_id: shop.ruleSuites[0]?.id ?? 0,
    deployment_id: deployment.id,
    delivery_id: host.webhooks.deliveries[0]?.id ?? 0,
  });
});

afterAll(() => world.close());

const repository = '/repos/{owner}/{repo}';
const pull = `${repository}/pulls/{pull_number}`;

test.each([
  repository,
  `${repository}/pulls`,
  pull,
  `${pull}/commits`,
  `${pull}/files`,
  `${pull}/reviews`,
  `${pull}/reviews/{review_id}`,
  `${pull}/comments`,
  `${pull}/requested_reviewers`,
  `${repository}/commits`,
  `${repository}/commits/{ref}`,
  `${repository}/commits/{ref}/check-runs`,
  `${repository}/commits/{ref}/check-suites`,
  `${repository}/commits/{ref}/status`,
  `${repository}/commits/{ref}/statuses`,
  `${repository}/commits/{commit_sha}/pulls`,
  `${repository}/check-runs/{check_run_id}`,
  `${repository}/actions/runs`,
  `${repository}/actions/runs/{run_id}`,
  `${repository}/git/commits/{commit_sha}`,
  `${repository}/git/trees/{tree_sha}`,
  `${repository}/contents/{path}`,
  `${repository}/compare/{basehead}`,
  `${repository}/branches`,
  `${repository}/branches/{branch}`,
  `${repository}/branches/{branch}/protection`,
  `${repository}/rulesets`,
  `${repository}/rulesets/{ruleset_id}`,
  `${repository}/rulesets/{ruleset_id}/history`,
  `${repository}/rulesets/{ruleset_id}/history/{version_id}`,
  `${repository}/rulesets/rule-suites`,
  `${repository}/rulesets/rule-suites/{rule_suite_id}`,
  `${repository}/rules/branches/{branch}`,
  `${repository}/collaborators`,
  `${repository}/collaborators/{username}/permission`,
  `${repository}/teams`,
  `${repository}/activity`,
  '/orgs/{org}/teams',
  '/orgs/{org}/teams/{team_slug}/members',
  '/orgs/{org}/members',
  '/orgs/{org}/rulesets',
  `${repository}/deployments`,
  `${repository}/deployments/{deployment_id}/statuses`,
  `${repository}/code-scanning/alerts`,
  '/installation/repositories',
  '/rate_limit',
])('GET %s answers in the published shape', async (route) => {
  expect(await askedFor(route, world.token)).toEqual([]);
});

test.each([
  '/app',
  '/app/installations/{installation_id}',
  '/app/hook/config',
  '/app/hook/deliveries',
  '/app/hook/deliveries/{delivery_id}',
  '/orgs/{org}/installation',
  `${repository}/installation`,
])('GET %s answers an app in the published shape', async (route) => {
  expect(await askedFor(route, appToken(world.app))).toEqual([]);
});

test('each installation in the list is in the published shape', async () => {
  const list = (await (
    await world.get('/app/installations', appToken(world.app))
  ).json()) as readonly unknown[];

  // The description of the list demands an account that is a user and an enterprise at once.
  expect(list.map((one) => shapes.answer('GET', '/app/installations/{installation_id}', 200, one))).toEqual([
    [],
  ]);
});

test('what is made is answered in the published shape', async () => {
  const { installation, app } = world;
  const sha = String(places.ref);
  const tokens = await world.send(
    'POST',
    `/app/installations/${installation.id}/access_tokens`,
    {},
    appToken(app),
  );
  const run = await world.send('POST', '/repos/acme/shop/check-runs', {
    name: 'x',
    head_sha: sha,
    conclusion: 'success',
  });
  const status = await world.send('POST', `/repos/acme/shop/statuses/${sha}`, { state: 'pending' });

  expect(
    shapes.answer(
      'POST',
      '/app/installations/{installation_id}/access_tokens',
      tokens.status,
      await tokens.json(),
    ),
  ).toEqual([]);
  expect(shapes.answer('POST', `${repository}/check-runs`, run.status, await run.json())).toEqual([]);
  expect(shapes.answer('POST', `${repository}/statuses/{sha}`, status.status, await status.json())).toEqual(
    [],
  );
});

test('every payload is in the published shape', () => {
  const wrong = world.sink.received.flatMap(({ event, action, payload }) =>
    shapes.payload(event, action, payload).map((problem) => `${event}.${action}: ${problem}`),
  );

  expect(world.sink.received.length).toBeGreaterThan(30);
  // The names of events in there are older than some events are.
  const outdated =
    /^check_suite\.\w+: \/check_suite\/app\/events\/\d+ must be equal to one of the allowed values/;
  expect([...new Set(wrong)].filter((problem) => !outdated.test(problem))).toEqual([]);
});

async function askedFor(route: string, token: string): Promise<readonly string[]> {
  const path = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(places[name]));
  const answer = await world.get(path, token);
  const body: unknown = await answer.json();
  if (answer.status !== 200) return [`${answer.status} ${JSON.stringify(body)}`];
  if (Array.isArray(body) && body.length === 0) return ['nothing in the list'];
  return shapes.answer('GET', route, 200, body);
}
