import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PublishedCheck } from '../src/app/host-ports.ts';
import {
  type ConnectedWorld,
  collect,
  ofSchema,
  openConnectedWorld,
  refusal,
} from './support/connected-world.ts';

let world: ConnectedWorld;

beforeEach(async () => {
  world = await openConnectedWorld();
});

afterEach(() => world.close());

const check: Omit<PublishedCheck, 'headSha'> = {
  conclusion: 'pending',
  title: 'Waiting',
  summary: 'For a review',
  detailsUrl: 'https://reentry.test/1',
  checkId: null,
};

test('a pull request is read with its reviews, their permissions, commits, last push and gates', async () => {
  const { host, ada, ben, acme, app, shop: repository } = world;
  const team = host.createTeam(acme, 'Core', ada);
  host.addToTeam(team, ada, ada);
  host.grantTeam({ repository, team, permission: 'maintain', by: ada });
  const pull = await world.openPull('feature');
  host.review({ repository, pull, by: ada, state: 'APPROVED' });
  const cyd = host.createAccount({ login: 'cyd' });
  host.grant({ repository, account: cyd, permission: 'triage', by: ada });
  const dismissed = host.review({ repository, pull, by: cyd, state: 'CHANGES_REQUESTED' });
  host.dismissReview({ repository, pull, by: ada, review: dismissed });
  for (const conclusion of ['failure', 'success'] as const)
    await host.reportCheck({ repository, app, sha: pull.headSha, report: { name: 'unit', conclusion } });
  await host.reportStatus({ repository, sha: pull.headSha, state: 'success', context: 'lint', by: ben });

  const all = await world.asApp().readPullRequest(world.told, 1);

  expect(ofSchema(all, 'reentry.pull-request/1')).toMatchObject([
    { action: 'read', number: 1, state: 'open', author: { login: 'ben' }, head: { sha: pull.headSha } },
  ]);
  expect(ofSchema(all, 'reentry.commit-accounts/1')).toMatchObject([
    { complete: true, commits: [{ sha: pull.headSha, author: { login: 'ben', kind: 'user' } }] },
  ]);
  expect(ofSchema(all, 'reentry.review/1')).toMatchObject([
    { state: 'approved', reviewer: { login: 'ada' }, permission: 'admin', commitSha: pull.headSha },
    { state: 'dismissed', reviewer: { login: 'cyd' }, permission: 'triage' },
  ]);
  expect(ofSchema(all, 'reentry.access/1')).toMatchObject([
    { account: { login: 'ada' }, permission: 'admin', teams: ['core'] },
    { account: { login: 'cyd' }, permission: 'triage', teams: [] },
  ]);
  expect(ofSchema(all, 'reentry.push/1')).toMatchObject([
    { actor: { login: 'ben' }, after: pull.headSha, ref: 'refs/heads/feature' },
  ]);
  expect(ofSchema(all, 'reentry.gate-outcome/1')).toMatchObject([
    { name: 'unit', conclusion: 'failure', source: { appId: String(app.id) } },
    { name: 'unit', conclusion: 'success' },
    { name: 'lint', kind: 'status', conclusion: 'success', source: null, headSha: pull.headSha },
  ]);
  for (const { origin, repository: told } of all) {
    expect(origin).toMatchObject({
      via: 'api',
      deliveryId: null,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(told?.hostId).toBe(world.told.hostId);
  }
});

test('what is read again unchanged has the same digests and costs no request of the limit', async () => {
  const pull = await world.openPull('feature');
  world.host.review({ repository: world.shop, pull, by: world.ada, state: 'APPROVED' });
  const connection = world.asToken();

  const first = await connection.readPullRequest(world.told, 1);
  const { remaining } = await connection.health();
  const second = await connection.readPullRequest(world.told, 1);

  expect(second.map(({ origin }) => origin.digest)).toEqual(first.map(({ origin }) => origin.digest));
  expect((await connection.health()).remaining).toBe(remaining);
  expect(world.host.requests.some(({ status }) => status === 304)).toBe(true);
});

test('a renamed repository is still read, under its new name', async () => {
  await world.openPull('feature');
  world.host.renameRepository(world.shop, 'store', world.ada);

  const [pull] = await world.asApp().readPullRequest(world.told, 1);

  expect(pull?.repository).toMatchObject({ hostId: world.told.hostId, ref: { id: '127.0.0.1/acme/store' } });
});

test('an installation token that ended is renewed', async () => {
  await world.openPull('feature');
  const connection = world.asApp();
  await connection.readPullRequest(world.told, 1);
  world.host.expireTokens(world.installation);

  const again = await connection.readPullRequest(world.told, 1);

  expect(again[0]).toMatchObject({ number: 1 });
  expect(world.host.requests.some(({ status }) => status === 401)).toBe(true);
});

test('a check run is made once and then brought up to date; what is too long is cut', async () => {
  const { headSha } = await world.openPull('feature');
  const connection = world.asApp();

  const checkId = await connection.publish(world.told, { ...check, headSha });
  const same = await connection.publish(world.told, {
    ...check,
    headSha,
    checkId,
    conclusion: 'action-required',
    summary: '😀'.repeat(40_000),
  });

  const runs = [...world.shop.checkRuns.values()].filter(({ name }) => name === 'reentry');
  expect(same).toBe(checkId);
  expect(runs).toMatchObject([{ status: 'completed', conclusion: 'action_required', appId: world.app.id }]);
  const summary = runs[0]?.output.summary ?? '';
  expect([summary.length <= 65_535, summary.isWellFormed()]).toEqual([true, true]);
});

test('a check run that is gone is made anew', async () => {
  const { headSha } = await world.openPull('feature');

  const made = await world
    .asApp()
    .publish(world.told, { ...check, headSha, checkId: '1', conclusion: 'success' });

  expect(world.shop.checkRuns.get(Number(made))).toMatchObject({ name: 'reentry', conclusion: 'success' });
});

test('under a token the verdict is a status, and none but success passes', async () => {
  const { headSha } = await world.openPull('feature');
  const title = 'x'.repeat(300);

  await world.asToken().publish(world.told, { ...check, headSha, conclusion: 'action-required', title });

  expect(world.shop.statuses.at(-1)).toMatchObject({ context: 'reentry', state: 'failure', sha: headSha });
  expect(world.shop.statuses.at(-1)?.description).toHaveLength(140);
});

test('who pushed and what may be done is left out where it may not be read', async () => {
  const pull = await world.openPull('feature');
  world.host.review({ repository: world.shop, pull, by: world.ada, state: 'APPROVED' });
  const of = '/repos/{owner}/{repo}';
  for (const path of ['/activity', '/collaborators/{username}/permission'])
    world.host.faults.add({ route: `${of}${path}`, kind: 'answer', status: 403 });

  const all = await world.asToken().readPullRequest(world.told, 1);

  expect(ofSchema(all, 'reentry.push/1')).toEqual([]);
  expect(ofSchema(all, 'reentry.access/1')).toEqual([]);
  expect(ofSchema(all, 'reentry.review/1')).toMatchObject([{ state: 'approved', permission: null }]);
});

test('the protection of a branch is the union of its rulesets and its own', async () => {
  const { host, shop: repository, acme, ada } = world;
  const parameters = {
    required_approving_review_count: 2,
    dismiss_stale_reviews_on_push: true,
    require_code_owner_review: false,
    require_last_push_approval: false,
  };
  const bypassActors = [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }] as const;
  const rules = [{ type: 'pull_request', parameters }];
  const ruleset = host.createRuleset(repository, { name: 'main', rules, bypassActors }, ada);
  host.createRuleset(acme, { name: 'all', rules: [{ type: 'deletion' }] }, ada);
  host.protectBranch({
    repository,
    branch: 'main',
    by: ada,
    requiredChecks: [{ context: 'reentry', appId: world.app.id }],
    reviews: { approvals: 1, dismissesStale: false, codeOwners: true, lastPushApproval: false },
    appliesToAdmins: true,
  });

  const told = await world.asApp().readProtection(world.told, 'main');

  expect(told).toMatchObject({
    branch: 'main',
    enforcement: 'active',
    rules: {
      requiresPullRequest: true,
      approvals: 2,
      dismissesStale: true,
      codeOwners: true,
      lastPushApproval: false,
      requiredGates: [{ name: 'reentry', appId: String(world.app.id) }],
      blocksForcePush: true,
      blocksDeletion: true,
      appliesToAdmins: false,
    },
    bypass: [{ kind: 'RepositoryRole', id: '5', mode: 'always' }],
  });
  expect(told).toMatchObject({ sources: expect.arrayContaining([String(ruleset.id), 'branch-protection']) });
});

test('protection that may not be read is not known, and a branch without any asks for nothing', async () => {
  const { host, shop: repository, ada, ben } = world;
  const open = await world.asToken(host.createToken(ben)).readProtection(world.told, 'main');
  host.protectBranch({ repository, branch: 'main', by: ada });

  const closed = await world.asToken(host.createToken(ben)).readProtection(world.told, 'main');

  expect(open).toMatchObject({
    rules: { approvals: 0, requiresPullRequest: false },
    sources: [],
    enforcement: null,
  });
  expect(closed).toMatchObject({
    rules: { approvals: null, requiresPullRequest: null, blocksForcePush: null },
    bypass: null,
    sources: ['branch-protection'],
  });
});

test('the repositories of all installations are told, and the way to fetch them holds no token in its address', async () => {
  const all = await collect(world.asApp().repositories());
  const ofToken = await collect(world.asToken().repositories());
  const { url, header } = await world.asApp().gitAccess(world.told);

  expect(all).toMatchObject([{ hostId: world.told.hostId, owner: { login: 'acme' }, isArchived: false }]);
  expect(ofToken).toMatchObject([{ hostId: world.told.hostId }]);
  expect(url).toBe(`${world.host.url}/acme/shop.git`);
  const [name, token] = Buffer.from(header.split(' ')[2] ?? '', 'base64')
    .toString()
    .split(':');
  expect([name, world.host.kernel.credentials.has(token ?? '')]).toEqual(['x-access-token', true]);
});

test('a health report names each permission that is wanted, with what is given', async () => {
  const app = await world.asApp().health();
  const token = await world.asToken().health();

  expect(app).toMatchObject({ kind: 'app', actingAs: 'Evidence', name: '127.0.0.1' });
  expect(app.permissions).toContainEqual(
    expect.objectContaining({ name: 'checks', wanted: 'write', given: 'write', because: expect.any(String) }),
  );
  expect(app.permissions).toContainEqual(expect.objectContaining({ name: 'merge_queues', given: 'none' }));
  expect(token).toMatchObject({ kind: 'token', actingAs: 'ada' });
  expect(new Set(token.permissions.map(({ given }) => given))).toEqual(new Set(['unknown']));
});

test('deliveries that did not arrive are found and sent again', async () => {
  const { host, sink } = world;
  const since = new Date(host.kernel.nowMs() - 1_000);
  sink.status = 500;
  await world.openPull('feature');
  await host.webhooks.settled();
  sink.status = 202;
  const connection = world.asApp();

  const missed = await collect(connection.missedDeliveries(since));
  for (const { id } of missed) await connection.redeliver(id);
  await host.webhooks.settled();

  expect(missed.length).toBeGreaterThan(0);
  expect(missed.map(({ headers }) => headers['x-github-event'])).toContain('pull_request');
  expect(await collect(connection.missedDeliveries(since))).toEqual([]);
});

test('a commit names the pull requests that brought it', async () => {
  const { headSha } = await world.openPull('feature');

  expect(await world.asApp().pullRequestsOf(world.told, headSha)).toEqual([1]);
});

test('an app that was removed and installed again goes on', async () => {
  const { host, app, acme, ada, installation } = world;
  await world.openPull('feature');
  const connection = world.asApp();
  await connection.readPullRequest(world.told, 1);
  host.uninstallApp(installation, ada);
  await refusal(connection.readPullRequest(world.told, 1));
  host.installApp({ app, account: acme, by: ada });
  // Twice at most: the first one finds that the old installation is gone.
  await connection.readPullRequest(world.told, 1).catch(() => undefined);

  expect((await connection.readPullRequest(world.told, 1))[0]).toMatchObject({ number: 1 });
});
